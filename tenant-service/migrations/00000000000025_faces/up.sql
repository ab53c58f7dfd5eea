-- How a tenant shows itself: its logo, and its hosts as its admins keep them.

create table logos (
    tenant_id uuid primary key constraint logos_tenant_id_fkey references tenants (id),
    media_type text not null,
    bytes bytea not null,
    updated_at timestamptz not null default now()
);
select tenant_table('logos', 'select, insert, update, delete');

alter table domains add column version integer not null default 1;
