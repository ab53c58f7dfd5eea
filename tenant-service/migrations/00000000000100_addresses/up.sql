-- Addresses are stored with their domain in punycode, as auth-service stores those of its users, so that an invitation and the
-- account of its address are compared by one writing.

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
create function ascii_domain(address text) returns text language sql immutable strict as $$
    select string_agg(punycode(normalize(label, NFC)), '.' order by place)
    from regexp_split_to_table(substring(address from '@([^@]*)$'), '[.]') with ordinality as labels(label, place)
$$;
-- The address as it is compared; a text that is read as none, such as with letters of full width, stays as it is.
create function ascii_address(address text) returns text language sql immutable strict as $$
    select case when normalize(substring(address from '@([^@]*)$'), NFKC)
            is distinct from normalize(substring(address from '@([^@]*)$'), NFC) then address
        else coalesce(normalize(substring(address from '^(.*@)'), NFC) || ascii_domain(address), address) end
$$;

-- Policies speak to one tenant at a time, so the owner steps around them.
alter table invitations no force row level security;
alter table branches no force row level security;
alter table mails no force row level security;

-- An address has one open invitation in a tenant: of several writings the one that is good for longest stays.
with waiting as (
    select id, row_number() over (partition by tenant_id, ascii_address(email) order by expires_at desc, id desc) as place
    from invitations
    where status = 'pending' and (octet_length(email) > length(email) or email like '%xn--%')
)
update invitations i set status = 'revoked', version = version + 1, updated_at = now()
    from waiting where waiting.id = i.id and waiting.place > 1;
delete from mails m using invitations i
    where i.tenant_id = m.tenant_id and i.id = m.subject_id and i.status = 'revoked';
update invitations set email = ascii_address(email)
    where octet_length(email) > length(email) and ascii_address(email) = lower(ascii_address(email));
update branches set email = ascii_address(email)
    where octet_length(email) > length(email) and length(ascii_address(email)) <= 254;

alter table invitations force row level security;
alter table branches force row level security;
alter table mails force row level security;
drop function ascii_address(text);
drop function ascii_domain(text);
drop function punycode(text);
