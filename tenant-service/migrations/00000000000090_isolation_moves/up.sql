-- Tenants on their way between the pool and schemas of their own.
create table isolation_moves (
    id uuid primary key,
    tenant_id uuid not null constraint isolation_moves_tenant_id_fkey references tenants (id),
    -- The how-manieth move of the tenant: later orders to the services make earlier ones void.
    ordinal bigint not null,
    origin text not null constraint isolation_moves_origin_check check (origin in ('pool', 'schema')),
    target text not null constraint isolation_moves_target_check check (target in ('pool', 'schema')),
    status text not null default 'running' constraint isolation_moves_status_check
        check (status in ('running', 'succeeded', 'rolling_back', 'rolled_back')),
    step text not null default 'copy' constraint isolation_moves_step_check check (step in ('copy', 'switch', 'clear')),
    -- The services that have taken this step.
    services_done text[] not null default '{}',
    -- Why it was rolled back.
    reason text,
    -- When the services are asked next; null when it has ended. While they are asked, the end of the lease.
    next_attempt_at timestamptz,
    attempts integer not null default 0,
    last_error text,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    finished_at timestamptz,
    constraint isolation_moves_ordinal_key unique (tenant_id, ordinal),
    constraint isolation_moves_target_origin_check check (target <> origin),
    constraint isolation_moves_finished_at_check
        check ((finished_at is not null) = (status in ('succeeded', 'rolled_back')) and (finished_at is null) = (next_attempt_at is not null))
);
create unique index isolation_moves_tenant_id_key on isolation_moves (tenant_id) where finished_at is null;
create index isolation_moves_next_attempt_at_idx on isolation_moves (next_attempt_at) where next_attempt_at is not null;
select tenant_table('isolation_moves', 'select, insert, update');
select system_table('isolation_moves', 'select, update');
