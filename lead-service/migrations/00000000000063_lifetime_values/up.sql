-- What a customer has ordered in each currency: [{"currency", "amount"}], by code, amounts as text with the decimals of their
-- currency. `lifetime_value` is the amount in the tenant's own currency, where the customer has ordered in no other one.
alter table customers alter column lifetime_value type numeric, alter column lifetime_value drop not null,
    alter column lifetime_value set default 0.00,
    add column lifetime_values jsonb not null default '[]';

-- Which currency the tenant has chosen, as of which event of tenant-service. None for a tenant that has chosen none.
create table tenant_currencies (
    tenant_id uuid primary key,
    currency text not null,
    event_id uuid not null
);
select tenant_table('tenant_currencies', 'select, insert, update');

-- Policies speak to the application's role only, so the owner steps around them.
alter table customers no force row level security;
alter table orders no force row level security;
update customers c set
    lifetime_values = sums.amounts,
    lifetime_value = case when jsonb_array_length(sums.amounts) = 1 and sums.amounts -> 0 ->> 'currency' = 'USD'
        then (sums.amounts -> 0 ->> 'amount')::numeric end
    from (select customer_id, jsonb_agg(jsonb_build_object('currency', currency, 'amount', amount::text)
            order by currency) as amounts
        from (select customer_id, currency, sum(total_amount) as amount from orders
            where deleted_at is null and status not in ('cancelled', 'refunded') group by 1, 2) as o
        group by 1) as sums
    where sums.customer_id = c.id;
alter table customers force row level security;
alter table orders force row level security;
