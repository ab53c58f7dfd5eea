-- Wrong passwords lately: of an account from an address, of an account, and from an address. A subject is a hash: neither
-- addresses nor accounts that do not exist are kept.
create table sign_in_failures (
    subject bytea primary key constraint sign_in_failures_subject_check check (octet_length(subject) = 32),
    failures integer not null,
    last_at timestamptz not null
);
create index sign_in_failures_last_at_idx on sign_in_failures (last_at);
select global_table('sign_in_failures', 'select, insert, update, delete');
select system_table('sign_in_failures', 'select, delete');

-- Whether somebody signed in from an address before.
create index refresh_tokens_user_id_ip_idx on refresh_tokens (user_id, ip);
