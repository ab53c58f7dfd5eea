-- The platform's catalogue: every product is in a category, every category in an industry. And what tenants took of it.

create table industries (
    id uuid primary key,
    name varchar(255) not null,
    description text,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index industries_name_key on industries (lower(name)) where deleted_at is null;
select global_table('industries', 'select, insert, update');

create table categories (
    id uuid primary key,
    industry_id uuid not null constraint categories_industry_id_fkey references industries (id),
    name varchar(255) not null,
    description text,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index categories_name_key on categories (industry_id, lower(name)) where deleted_at is null;
select global_table('categories', 'select, insert, update');

create table catalog_products (
    id uuid primary key,
    category_id uuid not null constraint catalog_products_category_id_fkey references categories (id),
    name varchar(255) not null,
    description text,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index catalog_products_name_key on catalog_products (category_id, lower(name)) where deleted_at is null;
select global_table('catalog_products', 'select, insert, update');
-- Whether any tenant has taken a product is asked across tenants.
select system_table('catalog_products', 'select, update');

create table tenant_products (
    tenant_id uuid not null constraint tenant_products_tenant_id_fkey references tenants (id),
    catalog_product_id uuid not null
        constraint tenant_products_catalog_product_id_fkey references catalog_products (id),
    enabled boolean not null default true,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, catalog_product_id)
);
create index tenant_products_catalog_product_id_idx on tenant_products (catalog_product_id);
select tenant_table('tenant_products', 'select, insert, update, delete');
select system_table('tenant_products', 'select');

-- As they are listed: with their place in the catalogue. Read with the rights of whoever reads.
create view attached_products with (security_invoker = true) as
    select t.catalog_product_id as id, t.catalog_product_id, p.name, p.category_id, c.name as category, c.industry_id,
        i.name as industry, t.enabled, t.version, t.created_by, t.created_at, t.updated_at
    from tenant_products t
    join catalog_products p on p.id = t.catalog_product_id
    join categories c on c.id = p.category_id
    join industries i on i.id = c.industry_id;
select global_table('attached_products', 'select');
