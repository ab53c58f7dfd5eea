-- Lists order texts for people, in the collation of the root locale; the index must say the same.
drop index customers_name_idx;
create index customers_name_idx on customers (tenant_id, name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
-- For the filter by a whole name, which compares bytes.
create index customers_exact_name_idx on customers (tenant_id, name) where deleted_at is null;
