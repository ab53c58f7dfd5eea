-- Where a tenant wants to hear of its events. Secrets are sealed for their row; the one before the current keeps
-- signing until it expires.
create table webhook_endpoints (
    id uuid primary key,
    tenant_id uuid not null,
    url text not null,
    description text,
    events text[] not null,
    secret bytea not null,
    previous_secret bytea,
    previous_secret_expires_at timestamptz,
    status text not null default 'enabled' constraint webhook_endpoints_status_check
        check (status in ('enabled', 'disabled')),
    disabled_reason text,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint webhook_endpoints_events_check check (cardinality(events) > 0),
    constraint webhook_endpoints_previous_secret_check
        check ((previous_secret is null) = (previous_secret_expires_at is null))
);
create unique index webhook_endpoints_id_tenant_id_key on webhook_endpoints (id, tenant_id);
create index webhook_endpoints_created_at_idx on webhook_endpoints (tenant_id, created_at desc nulls last, id desc)
    where deleted_at is null;
-- Read for every event.
create index webhook_endpoints_enabled_idx on webhook_endpoints (tenant_id)
    where deleted_at is null and status = 'enabled';
select tenant_table('webhook_endpoints', 'select, insert, update');
select system_table('webhook_endpoints', 'select');

-- One event on its way to one endpoint.
create table deliveries (
    id uuid primary key,
    tenant_id uuid not null,
    endpoint_id uuid not null,
    event_id uuid not null,
    event_type text not null,
    kind text not null constraint deliveries_kind_check check (kind in ('webhook')),
    payload jsonb not null,
    status text not null default 'pending' constraint deliveries_status_check
        check (status in ('pending', 'in_progress', 'succeeded', 'failed', 'cancelled')),
    attempts integer not null default 0,
    next_attempt_at timestamptz,
    leased_until timestamptz,
    last_status_code integer,
    last_response text,
    last_error text,
    delivered_at timestamptz,
    request_id text,
    traceparent text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- A try is due at a time, a started one holds a lease, and what has ended has neither: the worker finds its work
    -- by these times alone.
    constraint deliveries_next_attempt_at_check check ((next_attempt_at is not null) = (status = 'pending')),
    constraint deliveries_leased_until_check check ((leased_until is not null) = (status = 'in_progress')),
    -- An event that is seen twice is delivered once.
    constraint deliveries_event_id_key unique (tenant_id, endpoint_id, event_id),
    -- The pair, so that a reference can never reach into another tenant.
    constraint deliveries_endpoint_id_fkey
        foreign key (endpoint_id, tenant_id) references webhook_endpoints (id, tenant_id)
);
create index deliveries_created_at_idx on deliveries (tenant_id, created_at desc nulls last, id desc);
create index deliveries_endpoint_id_idx on deliveries (tenant_id, endpoint_id, created_at desc nulls last, id desc);
create index deliveries_status_idx on deliveries (tenant_id, status, created_at desc nulls last, id desc);
create index deliveries_event_type_idx on deliveries (tenant_id, event_type, created_at desc nulls last, id desc);
create index deliveries_event_id_idx on deliveries (tenant_id, event_id);
-- What the worker looks for, across tenants.
create index deliveries_due_idx on deliveries (endpoint_id, (coalesce(leased_until, next_attempt_at)))
    where status in ('pending', 'in_progress');
create index deliveries_in_progress_idx on deliveries (endpoint_id) where status = 'in_progress';
select tenant_table('deliveries', 'select, insert, update');
select system_table('deliveries', 'select, update');

-- What people are told.
create table notifications (
    id uuid primary key,
    tenant_id uuid not null,
    user_id uuid not null,
    title text not null,
    message text not null,
    type text not null constraint notifications_type_check check (type in ('info', 'success', 'warning', 'error')),
    read boolean not null generated always as (read_at is not null) stored,
    read_at timestamptz,
    entity_type text not null,
    entity_id uuid not null,
    event_id uuid,
    created_at timestamptz not null default now(),
    -- An event that is seen twice tells a person once.
    constraint notifications_event_id_key unique (tenant_id, user_id, event_id)
);
create index notifications_created_at_idx on notifications (tenant_id, user_id, created_at desc nulls last, id desc);
create index notifications_unread_idx on notifications (tenant_id, user_id, created_at desc nulls last, id desc)
    where read_at is null;
create index notifications_entity_id_idx on notifications (tenant_id, user_id, entity_id);
select tenant_table('notifications', 'select, insert, update');

-- The inbox is listed like any other resource: rows have an id, and the indexes serve the list's orderings.
alter table inbox add column id uuid generated always as (event_id) stored;
create index inbox_occurred_at_idx on inbox (tenant_id, occurred_at desc nulls last, id desc);
create index inbox_event_type_idx on inbox (tenant_id, event_type, occurred_at desc nulls last, id desc);
create index inbox_entity_id_idx on inbox (tenant_id, entity_id, occurred_at desc nulls last, id desc);
create index inbox_unfinished_idx on inbox (tenant_id, status, occurred_at desc nulls last, id desc)
    where status <> 'COMPLETED';
