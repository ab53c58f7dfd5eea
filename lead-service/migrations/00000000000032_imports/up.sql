create table imports (
    id uuid primary key,
    tenant_id uuid not null,
    status text not null default 'pending' constraint imports_status_check check (status in
        ('pending', 'validating', 'running', 'completed', 'completed_with_errors', 'failed', 'undone')),
    mode text not null constraint imports_mode_check check (mode in ('commit', 'validate')),
    update_by text constraint imports_update_by_check check (update_by in ('email', 'external_id')),
    mapping jsonb not null,
    file_name varchar(255),
    total integer not null default 0,
    created integer not null default 0,
    updated integer not null default 0,
    duplicates integer not null default 0,
    errors integer not null default 0,
    -- What validation expects, before anything is written.
    expected jsonb,
    -- Rows that have their outcome.
    done integer not null default 0,
    is_undoing boolean not null default false,
    failure text,
    -- Whose leads may be updated: those of these people, or everybody's.
    sees uuid[],
    -- A worker holds an import until its lease runs out.
    worker text,
    leased_until timestamptz,
    created_by uuid not null,
    request_id text,
    traceparent text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    finished_at timestamptz
);
create index imports_created_at_idx on imports (tenant_id, created_at desc nulls last, id desc);
create index imports_due_idx on imports (created_at)
    where status in ('pending', 'validating', 'running') or is_undoing;
select tenant_table('imports', 'select, insert, update');
-- Workers look for what is to be done in all tenants; they do it in the transactions of each.
select system_table('imports', 'select, update');

-- The uploaded file, as it came.
create table import_chunks (
    tenant_id uuid not null,
    import_id uuid not null,
    place integer not null,
    bytes bytea not null,
    created_at timestamptz not null default now(),
    primary key (import_id, place)
);
create index import_chunks_created_at_idx on import_chunks (created_at);
select tenant_table('import_chunks', 'select, insert, delete');
select system_table('import_chunks', 'select, delete');

-- Exactly one outcome for each row of the file.
create table import_rows (
    tenant_id uuid not null,
    import_id uuid not null,
    line integer not null,
    outcome text not null constraint import_rows_outcome_check
        check (outcome in ('created', 'updated', 'duplicate', 'error')),
    lead_id uuid,
    -- The fields of an updated lead as they were and as they became.
    before jsonb,
    after jsonb,
    cells text[],
    errors jsonb,
    undone boolean not null default false,
    primary key (import_id, line)
);
create index import_rows_errors_idx on import_rows (import_id, line) where outcome = 'error';
select tenant_table('import_rows', 'select, insert, update');
