-- Lists order texts for people, in the collation of the root locale, and `desc nulls last` or the very contrary: one index
-- serves both if it says the same.
create index regions_list_idx on regions (tenant_id, name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index branches_list_idx on branches (tenant_id, name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index industries_list_idx on industries (name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index categories_list_idx on categories (name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index catalog_products_list_idx on catalog_products (name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index permissions_list_idx on permissions
    (code collate "und-x-icu" desc nulls last, path collate "und-x-icu" desc nulls last, method desc nulls last, id desc);
-- By name, as the platform's staff looks through the tenants; the index on the bytes stays for the filter by a whole name.
create index tenants_list_idx on tenants (name collate "und-x-icu" desc nulls last, id desc) where deleted_at is null;
