-- Values that can be written in several ways are stored in one: addresses with a domain in punycode, and amounts with the
-- decimals of their currency, which numeric without a limit carries along.

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

-- Policies speak to the application's role only, so the owner steps around them.
alter table leads no force row level security;
alter table contacts no force row level security;
alter table customers no force row level security;
alter table accounts no force row level security;
alter table deals no force row level security;
alter table orders no force row level security;
alter table order_items no force row level security;
alter table identity_keys no force row level security;

-- Text has letters beyond ASCII where it has more bytes than characters.
update leads set email = ascii_address(email) where octet_length(email) > length(email);
update contacts set email = ascii_address(email), email_key = ascii_address(email_key)
    where octet_length(email) > length(email);
update customers set email = ascii_address(email), email_key = ascii_address(email_key)
    where octet_length(email) > length(email);
update accounts set contact_email = ascii_address(contact_email)
    where octet_length(contact_email) > length(contact_email);
update deals set contact_email = ascii_address(contact_email) where octet_length(contact_email) > length(contact_email);
-- Of several writings of one address one stays, the one in punycode if there is one.
delete from identity_keys k using (
        select tenant_id, value, row_number() over (
            partition by tenant_id, ascii_address(value) order by octet_length(value) > length(value), value) as place
        from identity_keys where kind = 'email' and (octet_length(value) > length(value) or value like '%xn--%')) as ranked
    where k.kind = 'email' and k.tenant_id = ranked.tenant_id and k.value = ranked.value and ranked.place > 1;
update identity_keys set value = ascii_address(value)
    where kind = 'email' and octet_length(value) > length(value);
drop function ascii_address(text);
drop function punycode(text);

alter table leads alter column estimated_value type numeric,
    add constraint leads_estimated_value_check
        check (abs(estimated_value) < 10000000000 and scale(estimated_value) <= 4);
alter table deals alter column value type numeric,
    add constraint deals_value_digits_check check (value < 10000000000 and scale(value) <= 4);
alter table orders alter column total_amount type numeric,
    add constraint orders_total_amount_check check (abs(total_amount) < 10000000000 and scale(total_amount) <= 4);
alter table order_items alter column unit_price type numeric, alter column discount type numeric,
    alter column tax type numeric, alter column total_price type numeric,
    add constraint order_items_digits_check check (
        abs(unit_price) < 10000000000 and abs(discount) < 10000000000 and abs(tax) < 10000000000
        and abs(total_price) < 10000000000
        and greatest(scale(unit_price), scale(discount), scale(tax), scale(total_price)) <= 4);

-- Currencies with another number of decimals than two (ISO 4217). An amount that says more than its currency has stays as it
-- is, until it is written the next time.
create function in_minor_units(amount numeric, currency text) returns numeric language sql immutable as $$
    select case when round(amount, decimals) = amount then round(amount, decimals) else amount end
    from (select case
        when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV',
            'XAF', 'XOF', 'XPF') then 0
        when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
        when currency in ('CLF', 'UYW') then 4
        else 2 end as decimals) as known
$$;
update leads set estimated_value = in_minor_units(estimated_value, currency)
    where scale(in_minor_units(estimated_value, currency)) <> scale(estimated_value);
update deals set value = in_minor_units(value, currency) where scale(in_minor_units(value, currency)) <> scale(value);
update order_items i set unit_price = in_minor_units(i.unit_price, o.currency),
        discount = in_minor_units(i.discount, o.currency), tax = in_minor_units(i.tax, o.currency),
        total_price = in_minor_units(i.total_price, o.currency)
    from orders o where o.id = i.order_id and scale(in_minor_units(i.unit_price, o.currency)) <> scale(i.unit_price);
update orders set total_amount = in_minor_units(total_amount, currency)
    where scale(in_minor_units(total_amount, currency)) <> scale(total_amount);
drop function in_minor_units(numeric, text);

alter table leads force row level security;
alter table contacts force row level security;
alter table customers force row level security;
alter table accounts force row level security;
alter table deals force row level security;
alter table orders force row level security;
alter table order_items force row level security;
alter table identity_keys force row level security;
