-- Mails, queued in the transaction of what causes them and sent by a worker. What a mail says may hold a token, so it is
-- sealed for its row, and gone once the mail is sent or given up.
create table mails (
    id uuid primary key,
    user_id uuid constraint mails_user_id_fkey references users (id) on delete cascade,
    recipient text not null,
    template text not null,
    content bytea,
    status text not null default 'queued'
        constraint mails_status_check check (status in ('queued', 'sent', 'failed', 'expired')),
    attempts integer not null default 0,
    next_attempt_at timestamptz not null default now(),
    expires_at timestamptz,
    last_error text,
    created_at timestamptz not null default now(),
    finished_at timestamptz
);
create index mails_next_attempt_at_idx on mails (next_attempt_at) where status = 'queued';
create index mails_user_id_idx on mails (user_id);
create index mails_created_at_idx on mails (created_at);
select global_table('mails', 'insert');
select system_table('mails', 'select, update, delete');
