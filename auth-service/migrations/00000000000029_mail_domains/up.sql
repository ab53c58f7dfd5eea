-- Addresses are stored with their domain in punycode, as mail servers write it, so that both writings are one person.

-- The name of a mail server as it is looked up: letters beyond ASCII in punycode (RFC 3492).
create function punycode(label text) returns text language plpgsql immutable strict as $$
declare
    digits constant text := 'abcdefghijklmnopqrstuvwxyz0123456789';
    points integer[] := (select array_agg(ascii(letter) order by place)
        from regexp_split_to_table(label, '') with ordinality as letters(letter, place));
    encoded text := coalesce((select string_agg(chr(point), '' order by place)
        from unnest(points) with ordinality as known(point, place) where point < 128), '');
    basic integer := length(encoded);
    done integer := basic;
    lowest integer := 128;
    bias integer := 72;
    delta bigint := 0;
    found integer;
    point integer;
    rest bigint;
    weight integer;
    threshold integer;
begin
    if basic = length(label) then
        return label;
    end if;
    if basic > 0 then
        encoded := encoded || '-';
    end if;
    while done < length(label) loop
        select min(known) into found from unnest(points) as known where known >= lowest;
        delta := delta + (found - lowest)::bigint * (done + 1);
        lowest := found;
        foreach point in array points loop
            if point < lowest then
                delta := delta + 1;
            elsif point = lowest then
                rest := delta;
                weight := 36;
                loop
                    threshold := least(greatest(weight - bias, 1), 26);
                    exit when rest < threshold;
                    encoded := encoded
                        || substr(digits, (threshold + (rest - threshold) % (36 - threshold))::integer + 1, 1);
                    rest := (rest - threshold) / (36 - threshold);
                    weight := weight + 36;
                end loop;
                encoded := encoded || substr(digits, rest::integer + 1, 1);
                delta := case when done = basic then delta / 700 else delta / 2 end;
                delta := delta + delta / (done + 1);
                bias := 0;
                while delta > 455 loop
                    delta := delta / 35;
                    bias := bias + 36;
                end loop;
                bias := bias + (36 * delta / (delta + 38))::integer;
                delta := 0;
                done := done + 1;
            end if;
        end loop;
        delta := delta + 1;
        lowest := lowest + 1;
    end loop;
    return 'xn--' || encoded;
end $$;
create function ascii_address(address text) returns text language sql immutable strict as $$
    select normalize(substring(address from '^(.*@)'), NFC)
        || (select string_agg(punycode(normalize(label, NFC)), '.' order by place)
            from regexp_split_to_table(split_part(substring(address from '@([^@]*)$'), ' ', 1), '[.]')
            with ordinality as labels(label, place))
        || coalesce(substring(substring(address from '@([^@]*)$') from '( .*)$'), '')
$$;
-- Where both writings have a user, each stays as it is.
update users u set email = ascii_address(email)
    where octet_length(email) > length(email) and ascii_address(email) = lower(ascii_address(email))
    and not exists (select from users other where other.email = ascii_address(u.email) and other.deleted_at is null
        and other.id <> u.id);
drop function ascii_address(text);
drop function punycode(text);
