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
-- Several accounts may have one address, each in another writing. The address is given to the one that is proven, else to the one
-- that was used last, else to the oldest. The others keep their sessions and their links to other issuers, and a writing that no
-- request is read as any more. They are named in the log, and to the platform's staff among their security events.
do $$
declare
    shared record;
    keeper uuid;
    written text;
    other uuid;
begin
    for shared in
        select address, array_agg(id order by email_verified_at is null, last_login_at desc nulls last, created_at, id)
            as accounts
        from (
            select id, ascii_address(email) as address, substring(email from '@([^@]*)$') as domain, email_verified_at,
                last_login_at, created_at
            from users where deleted_at is null and (octet_length(email) > length(email) or email like '%xn--%')
        ) as known
        -- Of all texts that mean one name, such as with letters of full width, only one is read as an address.
        where address = lower(address) and normalize(domain, NFKC) = normalize(domain, NFC)
        group by address
    loop
        keeper := (shared.accounts)[1];
        select email into written from users where id = keeper;
        if written <> shared.address then
            -- No two accounts may have one text, so the account that has this one steps aside first.
            update users set email = shared.address || ' ' || id::text
                where email = shared.address and deleted_at is null;
            update users set email = shared.address, version = version + 1, updated_at = now() where id = keeper;
            update users set email = written, version = version + 1, updated_at = now()
                where email = shared.address || ' ' || id::text and deleted_at is null;
        end if;
        foreach other in array (shared.accounts)[2:] loop
            insert into security_events (id, user_id, action, entity_type, entity_id, actor_kind, details)
                values (gen_random_uuid(), other, 'User.email.CONFLICT', 'User', keeper, 'service',
                    '{"reason": "same_address"}');
            raise warning 'user % has the address of user % in another writing: no one signs in by it', other, keeper;
        end loop;
    end loop;
end $$;
drop function ascii_address(text);
drop function punycode(text);
