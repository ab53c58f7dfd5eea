-- What every service's database has beside its own tables: the rules of isolation, events and their outbox and inbox,
-- stored answers of idempotent requests, and what is known of each tenant.
--
-- Roles are named after the owner that runs this: `lead_owner` makes tables for `lead_app` and `lead_system`.

create function app_role() returns text language sql stable as
    $$ select regexp_replace(current_user, '_owner$', '') || '_app' $$;

create function system_role() returns text language sql stable as
    $$ select regexp_replace(current_user, '_owner$', '') || '_system' $$;

do $$ begin
    execute format('grant usage on schema %I to %I, %I', current_schema(), app_role(), system_role());
end $$;

-- Puts a tenant-owned table behind Row-Level Security and lets the application role do `rights` to its tenant's rows.
create function tenant_table(target regclass, rights text) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format(
        'create policy tenant_isolation on %s for all to %I '
        'using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid) '
        'with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)',
        target, app_role());
    execute format('grant %s on %s to %I', rights, target, app_role());
end $$;

-- Lets the system role (relays and workers, across tenants) do `rights` to the table.
create function system_table(target regclass, rights text) returns void language plpgsql as $$
begin
    if (select relrowsecurity from pg_class where oid = target) then
        execute format('create policy system_access on %s for all to %I using (true) with check (true)',
            target, system_role());
    end if;
    execute format('grant %s on %s to %I', rights, target, system_role());
end $$;

-- Lets the application role do `rights` to a table that belongs to no tenant.
create function global_table(target regclass, rights text) returns void language plpgsql as $$
begin
    execute format('grant %s on %s to %I', rights, target, app_role());
end $$;

-- Every change, for good: what timelines, webhooks and automation read.
create table events (
    id uuid primary key,
    tenant_id uuid not null,
    event_type text not null,
    entity_type text not null,
    entity_id uuid not null,
    action text not null constraint events_action_check check (action in ('CREATE', 'UPDATE', 'DELETE')),
    previous_state jsonb,
    current_state jsonb,
    changed_fields text[] not null default '{}',
    actor jsonb not null,
    request_id text,
    traceparent text,
    created_at timestamptz not null default now()
);
create index events_tenant_id_entity_idx on events (tenant_id, entity_type, entity_id, id);
select tenant_table('events', 'select, insert');
select system_table('events', 'select');

-- Which events are not yet known to have reached every subscriber. A row is narrow, updated without touching an
-- index and soon deleted, so the wide rows of `events` are written once.
create table outbox (
    position bigint generated always as identity,
    tenant_id uuid not null,
    event_id uuid not null,
    sent_ms bigint,
    sent_seq bigint
);
create index outbox_unsent_idx on outbox (position) where sent_ms is null;
select tenant_table('outbox', 'insert');
select system_table('outbox', 'select, update, delete');

-- Events of other services: handled once, tried again when that failed.
create table inbox (
    tenant_id uuid not null,
    event_id uuid not null,
    event_type text not null,
    entity_type text not null,
    entity_id uuid not null,
    status text not null constraint inbox_status_check
        check (status in ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED')),
    attempts integer not null default 0,
    next_attempt_at timestamptz,
    last_error text,
    envelope jsonb,
    occurred_at timestamptz not null,
    created_at timestamptz not null default now(),
    handled_at timestamptz,
    primary key (tenant_id, event_id)
);
create index inbox_due_idx on inbox (next_attempt_at) where status in ('PENDING', 'PROCESSING');
create index inbox_handled_idx on inbox (handled_at) where status = 'COMPLETED';
select tenant_table('inbox', 'select, insert, update');
select system_table('inbox', 'select, update, delete');

-- Entries of a stream that cannot be read as events.
create table dead_letters (
    id uuid primary key,
    stream text not null,
    entry_id text not null,
    payload text not null,
    reason text not null,
    created_at timestamptz not null default now(),
    constraint dead_letters_stream_entry_id_key unique (stream, entry_id)
);
select system_table('dead_letters', 'select, insert, delete');

-- First answers of requests that carried an Idempotency-Key.
create table idempotency_keys (
    tenant_id uuid not null,
    route text not null,
    key text not null,
    body_digest bytea not null,
    status integer not null,
    headers jsonb not null,
    content_type text,
    body bytea not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, route, key)
);
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
select tenant_table('idempotency_keys', 'select, insert, update');
select system_table('idempotency_keys', 'select, delete');

-- What tenant-service told this service of each tenant. A tenant that is not active is served nothing.
create table tenant_states (
    tenant_id uuid primary key,
    client_id text not null,
    status text not null constraint tenant_states_status_check
        check (status in ('provisioning', 'active', 'inactive', 'suspended')),
    revision bigint not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
select tenant_table('tenant_states', 'select, insert, update');
select system_table('tenant_states', 'select');
