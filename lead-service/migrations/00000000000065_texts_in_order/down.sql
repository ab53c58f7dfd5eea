drop index customers_exact_name_idx, customers_name_idx;
create index customers_name_idx on customers (tenant_id, name desc nulls last, id desc) where deleted_at is null;
