-- What happened to people's access, until tenant-service has it in the audit of their tenants. Written in the transaction
-- of what happened. Those of nobody are attempts at accounts that do not exist: written, so that they take as long, and
-- told to nobody.
create table occurrences (
    id uuid primary key,
    user_id uuid,
    occurrence jsonb not null,
    attempts integer not null default 0,
    -- Null: it was refused too often, and is left here to be looked at.
    next_attempt_at timestamptz default now(),
    last_error text,
    created_at timestamptz not null default now()
);
create index occurrences_next_attempt_at_idx on occurrences (next_attempt_at) where next_attempt_at is not null;
create index occurrences_created_at_idx on occurrences (created_at) where next_attempt_at is null;
select global_table('occurrences', 'insert');
select system_table('occurrences', 'select, update, delete');
