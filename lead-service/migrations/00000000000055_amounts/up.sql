-- What is worth most comes first, and what is worth so much is found, as it is of customers: of things that are few beside
-- leads. Leads have no such index: it would be written with every lead that comes in.
create index deals_value_idx on deals (tenant_id, value desc nulls last, id desc) where deleted_at is null;
create index orders_total_amount_idx on orders (tenant_id, total_amount desc nulls last, id desc) where deleted_at is null;
