-- A text as searches compare it: without case, accents, marks and punctuation, letters of other alphabets kept. Tables that
-- grow keep it in a generated column, so a change here takes a migration that writes those columns again.
create function folded(written text) returns text language sql immutable parallel safe as $$
    select regexp_replace(
        translate(
            replace(replace(replace(replace(
                lower(normalize(written, nfkd) collate "und-x-icu"), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
            'øđðħłŧıςŋ', 'oddhltiσn'),
        '[^[:alnum:][:space:]]+', '', 'g')
$$;
