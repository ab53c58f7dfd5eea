-- Tenants, who belongs to them, and what they may do there.

-- A tenant is not owned by one: the application role sees all of them, and handlers name the one they mean.
create table tenants (
    id uuid primary key,
    -- Never given again, not even after a deletion: it names a schema and hosts outside of this table.
    client_id text not null constraint tenants_client_id_key unique
        constraint tenants_client_id_check check (client_id ~ '^[a-z0-9][a-z0-9_-]{1,62}$'),
    name varchar(255) not null,
    website varchar(255) not null,
    -- Host and path of the website: what makes it the same website.
    website_key varchar(255) not null,
    status text not null constraint tenants_status_check
        check (status in ('provisioning', 'active', 'inactive', 'suspended')),
    settings jsonb not null default '{}',
    logo_url varchar(512),
    industry varchar(100),
    description text,
    phone varchar(32),
    employee_count integer constraint tenants_employee_count_check check (employee_count >= 0),
    address text,
    city varchar(100),
    country varchar(100),
    timezone varchar(100),
    isolation text not null default 'pool' constraint tenants_isolation_check check (isolation in ('pool', 'schema')),
    schema_name text,
    subscription_status text not null default 'TRIAL' constraint tenants_subscription_status_check
        check (subscription_status in ('TRIAL', 'ACTIVE', 'PAST_DUE', 'CANCELLED')),
    max_users integer not null default 50 constraint tenants_max_users_check check (max_users > 0),
    -- Who shall become its first admin and has no account yet as far as we know.
    founding_admin jsonb,
    -- Grows with each change of state that the services must hear of.
    revision bigint not null default 1,
    -- The services that have heard of this revision.
    provisioned_services text[] not null default '{}',
    -- When the services are told next; null when all of them know. While they are being told, the end of the lease.
    next_attempt_at timestamptz,
    attempts integer not null default 0,
    last_error text,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index tenants_website_key on tenants (website_key) where deleted_at is null;
create index tenants_settings_idx on tenants using gin (settings);
create index tenants_created_at_idx on tenants (created_at desc nulls last, id desc) where deleted_at is null;
create index tenants_name_idx on tenants (name) where deleted_at is null;
create index tenants_next_attempt_at_idx on tenants (next_attempt_at) where next_attempt_at is not null;
select global_table('tenants', 'select, insert, update');
select system_table('tenants', 'select, update');

create table domains (
    id uuid primary key,
    tenant_id uuid not null constraint domains_tenant_id_fkey references tenants (id),
    host text not null constraint domains_host_key unique
        constraint domains_host_check check (host = lower(host)),
    is_primary boolean not null default false,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create unique index domains_is_primary_key on domains (tenant_id) where is_primary;
create index domains_tenant_id_idx on domains (tenant_id);
select tenant_table('domains', 'select, insert, update, delete');
select system_table('domains', 'select');

-- The platform's own roles (no tenant) and those that tenants make.
create table roles (
    id uuid primary key,
    tenant_id uuid constraint roles_tenant_id_fkey references tenants (id),
    name varchar(100) not null,
    level integer not null default 0,
    description text,
    data_scope text not null constraint roles_data_scope_check check (data_scope in ('own', 'team', 'all')),
    is_system boolean not null generated always as (tenant_id is null) stored,
    -- For platform staff: no tenant sees it or gives it to anybody.
    is_platform boolean not null default false,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint roles_is_platform_check check (tenant_id is null or not is_platform),
    constraint roles_id_tenant_id_key unique (id, tenant_id)
);
create unique index roles_name_key on roles (tenant_id, lower(name)) nulls not distinct where deleted_at is null;
select tenant_table('roles', 'select, insert, update');
select system_table('roles', 'select, insert, update');

create table role_permissions (
    role_id uuid not null constraint role_permissions_role_id_fkey references roles (id) on delete cascade,
    -- The role's tenant.
    tenant_id uuid,
    permission text not null,
    primary key (role_id, permission),
    -- The pair, so that a tenant can add nothing to another's role or to the platform's.
    constraint role_permissions_role_id_tenant_id_fkey foreign key (role_id, tenant_id) references roles (id, tenant_id)
);
select tenant_table('role_permissions', 'select, insert, delete');
select system_table('role_permissions', 'select, insert, delete');

-- Beside its own, a tenant sees the platform's roles, and can change none of them.
do $$ begin
    execute format('create policy shared_roles on roles for select to %I using (tenant_id is null and not is_platform)',
        app_role());
    execute format('create policy shared_roles on role_permissions for select to %I using (tenant_id is null)',
        app_role());
end $$;

-- Which route of which service demands which permission, as the services say themselves.
create table permissions (
    id uuid primary key,
    code text not null,
    method text not null,
    path text not null,
    service text not null,
    description text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint permissions_service_method_path_key unique (service, method, path)
);
create index permissions_code_idx on permissions (code);
select global_table('permissions', 'select, insert, update, delete');

create table memberships (
    id uuid primary key,
    tenant_id uuid not null constraint memberships_tenant_id_fkey references tenants (id),
    user_id uuid not null,
    role_id uuid not null constraint memberships_role_id_fkey references roles (id),
    department varchar(100),
    branch_id uuid,
    reports_to uuid,
    status text not null default 'active' constraint memberships_status_check check (status in ('active', 'inactive')),
    joined_at timestamptz not null default now(),
    invited_by uuid,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint memberships_tenant_id_id_key unique (tenant_id, id),
    -- The pair, so that nobody reports into another tenant.
    constraint memberships_reports_to_fkey foreign key (tenant_id, reports_to) references memberships (tenant_id, id),
    constraint memberships_reports_to_check check (reports_to <> id)
);
create unique index memberships_user_id_key on memberships (tenant_id, user_id) where deleted_at is null;
create index memberships_user_id_idx on memberships (user_id) where deleted_at is null;
create index memberships_role_id_idx on memberships (tenant_id, role_id) where deleted_at is null;
create index memberships_reports_to_idx on memberships (tenant_id, reports_to) where deleted_at is null;
create index memberships_joined_at_idx on memberships (tenant_id, joined_at desc nulls last, id desc)
    where deleted_at is null;
select tenant_table('memberships', 'select, insert, update');
select system_table('memberships', 'select');

-- Who is above whom, at which distance; everybody is at distance 0 of themselves.
create table membership_closure (
    tenant_id uuid not null,
    ancestor uuid not null,
    descendant uuid not null,
    depth integer not null constraint membership_closure_depth_check check (depth >= 0),
    primary key (tenant_id, ancestor, descendant),
    constraint membership_closure_ancestor_fkey
        foreign key (tenant_id, ancestor) references memberships (tenant_id, id),
    constraint membership_closure_descendant_fkey
        foreign key (tenant_id, descendant) references memberships (tenant_id, id)
);
create index membership_closure_descendant_idx on membership_closure (tenant_id, descendant);
select tenant_table('membership_closure', 'select, insert, update, delete');
select system_table('membership_closure', 'select');

-- Memberships with the names of their roles, as they are listed. Read with the rights of whoever reads.
create view tenant_users with (security_invoker = true) as
    select m.id, m.user_id, m.role_id, r.name as role, r.data_scope, m.department, m.branch_id, m.reports_to, m.status,
        m.joined_at, m.invited_by, m.version, m.created_at, m.updated_at
    from memberships m join roles r on r.id = m.role_id
    where m.deleted_at is null;
select global_table('tenant_users', 'select');
