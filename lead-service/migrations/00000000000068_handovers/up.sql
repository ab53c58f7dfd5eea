-- What a person who left the tenant holds is handed over to others: at once when they were removed, after some days when they
-- were set inactive. One for each departure.
create table handovers (
    id uuid primary key,
    tenant_id uuid not null,
    -- Who left, how, and when.
    user_id uuid not null,
    cause text not null constraint handovers_cause_check check (cause in ('inactive', 'removed')),
    left_at timestamptz not null,
    status text not null default 'pending'
        constraint handovers_status_check check (status in ('pending', 'done', 'cancelled', 'undone')),
    -- When it is due, once tenant-service has said so.
    due_at timestamptz,
    -- Who gets what the rules give to no one.
    manager_id uuid,
    -- How many records went.
    leads integer not null default 0,
    deals integer not null default 0,
    tasks integer not null default 0,
    contacts integer not null default 0,
    customers integer not null default 0,
    -- How many came back when it was undone.
    returned integer not null default 0,
    attempts integer not null default 0,
    next_attempt_at timestamptz not null default now(),
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    done_at timestamptz
);
create unique index handovers_left_at_key on handovers (tenant_id, user_id, cause, left_at);
create index handovers_created_at_idx on handovers (tenant_id, created_at desc nulls last, id desc);
create index handovers_manager_id_idx on handovers (tenant_id, manager_id) where manager_id is not null;
create index handovers_next_attempt_at_idx on handovers (next_attempt_at) where status = 'pending';
select tenant_table('handovers', 'select, insert, update');
-- A worker looks for what is due in all tenants; the records change hands in the transactions of each.
select system_table('handovers', 'select, update');

-- The records that went, with their new owners.
create table handover_records (
    tenant_id uuid not null,
    handover_id uuid not null,
    entity_type text not null constraint handover_records_entity_type_check
        check (entity_type in ('lead', 'deal', 'task', 'contact', 'customer')),
    entity_id uuid not null,
    -- No one where no rule finds a person and no manager is left.
    new_owner uuid,
    primary key (handover_id, entity_type, entity_id)
);
select tenant_table('handover_records', 'select, insert');
