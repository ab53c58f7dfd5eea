create table assignment_rules (
    id uuid primary key,
    tenant_id uuid not null,
    name varchar(255) not null,
    position integer not null,
    enabled boolean not null default true,
    conditions jsonb not null default '{}',
    action jsonb not null,
    fall_through boolean not null default true,
    catch_all boolean not null default false,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index assignment_rules_name_key on assignment_rules (tenant_id, name) where deleted_at is null;
create index assignment_rules_position_idx on assignment_rules (tenant_id, position desc nulls last, id desc)
    where deleted_at is null;
select tenant_table('assignment_rules', 'select, insert, update');

-- Why a lead went to whom it went.
create table assignment_traces (
    id uuid primary key,
    tenant_id uuid not null,
    lead_id uuid not null,
    cause text not null constraint assignment_traces_cause_check check (cause in ('created', 'departure')),
    assigned_to uuid,
    rule_id uuid,
    rules jsonb not null,
    created_at timestamptz not null default now()
);
create index assignment_traces_lead_id_idx on assignment_traces (tenant_id, lead_id, created_at);
select tenant_table('assignment_traces', 'select, insert');

-- Who left the tenant: rules pass them over until they are back.
create table former_members (
    tenant_id uuid not null,
    user_id uuid not null,
    left_at timestamptz not null,
    returned_at timestamptz,
    primary key (tenant_id, user_id)
);
select tenant_table('former_members', 'select, insert, update');

create trigger assignment_rules_playbook after insert or update on assignment_rules
    for each row execute function playbook_changed();
create trigger former_members_playbook after insert or update on former_members
    for each row execute function playbook_changed();

-- How much somebody has in hand is counted whenever a rule asks for it.
create index leads_open_idx on leads (tenant_id, assigned_to)
    where deleted_at is null and assigned_to is not null and status in ('new', 'contacted', 'qualified');
