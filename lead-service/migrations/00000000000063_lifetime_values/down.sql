drop table tenant_currencies;
alter table customers no force row level security;
update customers c set lifetime_value = (select coalesce(sum((v ->> 'amount')::numeric), 0)
    from jsonb_array_elements(c.lifetime_values) as v) where lifetime_value is null;
alter table customers force row level security;
alter table customers drop column lifetime_values;
alter table customers alter column lifetime_value type numeric(12, 2), alter column lifetime_value set not null,
    alter column lifetime_value set default 0;
