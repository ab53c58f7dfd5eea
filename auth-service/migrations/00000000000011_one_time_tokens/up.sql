-- Tokens that went out by mail. Of the text only the hash is kept; each is spent once, in the transaction of its effect.
create table one_time_tokens (
    id uuid primary key,
    user_id uuid not null constraint one_time_tokens_user_id_fkey references users (id) on delete cascade,
    purpose text not null
        constraint one_time_tokens_purpose_check check (purpose in ('verify_email', 'reset_password')),
    sha256 bytea not null constraint one_time_tokens_sha256_check check (octet_length(sha256) = 32),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint one_time_tokens_sha256_key unique (sha256)
);
create index one_time_tokens_user_id_idx on one_time_tokens (user_id, purpose, created_at);
create index one_time_tokens_expires_at_idx on one_time_tokens (expires_at);
select global_table('one_time_tokens', 'select, insert, update');
select system_table('one_time_tokens', 'select, delete');
