-- A tenant's offices: every branch is in a region, and members may belong to a branch.

create table regions (
    id uuid primary key,
    tenant_id uuid not null constraint regions_tenant_id_fkey references tenants (id),
    name varchar(255) not null,
    description text,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint regions_tenant_id_id_key unique (tenant_id, id)
);
create unique index regions_name_key on regions (tenant_id, lower(name)) where deleted_at is null;
select tenant_table('regions', 'select, insert, update');

create table branches (
    id uuid primary key,
    tenant_id uuid not null constraint branches_tenant_id_fkey references tenants (id),
    region_id uuid not null,
    name varchar(255) not null,
    address text,
    city varchar(100),
    country varchar(100),
    phone varchar(32),
    email varchar(254),
    timezone varchar(100),
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint branches_tenant_id_id_key unique (tenant_id, id),
    constraint branches_region_id_fkey foreign key (tenant_id, region_id) references regions (tenant_id, id)
);
create unique index branches_name_key on branches (tenant_id, region_id, lower(name)) where deleted_at is null;
select tenant_table('branches', 'select, insert, update');

-- The pair, so that nobody belongs to another tenant's branch.
alter table memberships add constraint memberships_branch_id_fkey
    foreign key (tenant_id, branch_id) references branches (tenant_id, id);
create index memberships_branch_id_idx on memberships (tenant_id, branch_id) where deleted_at is null;
