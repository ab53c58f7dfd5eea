-- A queue: letters that wait to be sent.
create table letters (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    address text not null,
    attempts integer not null default 0,
    next_attempt_at timestamptz default now(),
    last_error text
);
create index letters_due_idx on letters (tenant_id, next_attempt_at) where next_attempt_at is not null;
select tenant_table('letters', 'select, insert, update, delete');
select system_table('letters', 'select, update, delete');
