-- What a tenant and its people set for themselves, and what the platform configures for them.

create table settings (
    id uuid primary key,
    tenant_id uuid not null constraint settings_tenant_id_fkey references tenants (id),
    -- Whose it is; null for the whole tenant's.
    user_id uuid,
    scope text not null generated always as (case when user_id is null then 'tenant' else 'user' end) stored,
    -- Who sees it: the person, or everybody in the tenant.
    owner_id uuid not null generated always as (coalesce(user_id, tenant_id)) stored,
    key varchar(255) not null,
    value jsonb not null,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index settings_key_key on settings (tenant_id, user_id, key) nulls not distinct where deleted_at is null;
create index settings_owner_id_idx on settings (tenant_id, owner_id, key) where deleted_at is null;
select tenant_table('settings', 'select, insert, update');

create table configs (
    id uuid primary key,
    key varchar(255) not null,
    value jsonb not null,
    scope text not null,
    description text,
    tenant_id uuid constraint configs_tenant_id_fkey references tenants (id),
    user_id uuid,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    -- A person's may be for one tenant or for all they belong to.
    constraint configs_scope_check check (
        scope = 'global' and tenant_id is null and user_id is null
        or scope = 'tenant' and tenant_id is not null and user_id is null
        or scope = 'user' and user_id is not null)
);
create unique index configs_key_key on configs (scope, tenant_id, user_id, key) nulls not distinct
    where deleted_at is null;
create index configs_created_at_idx on configs (created_at desc nulls last, id desc) where deleted_at is null;
create index configs_tenant_id_idx on configs (tenant_id, key) where deleted_at is null;
-- The platform's staff writes them by the system role; a tenant reads its own and those of nobody in particular.
select tenant_table('configs', 'select');
select system_table('configs', 'select, insert, update');
do $$ begin
    execute format('create policy shared_configs on configs for select to %I using (tenant_id is null)', app_role());
end $$;
