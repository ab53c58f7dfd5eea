-- Accounts of outside workers. A client id and secret are exchanged for a short token that is good for one audience. Of
-- the secret only the hash is kept.
create table service_accounts (
    id uuid primary key,
    name text not null,
    client_id text not null,
    secret_sha256 bytea not null constraint service_accounts_secret_sha256_check check (octet_length(secret_sha256) = 32),
    audiences text[] not null constraint service_accounts_audiences_check check (cardinality(audiences) > 0),
    status text not null default 'active'
        constraint service_accounts_status_check check (status in ('active', 'inactive')),
    last_used_at timestamptz,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint service_accounts_client_id_key unique (client_id)
);
create unique index service_accounts_name_key on service_accounts (name) where deleted_at is null;
create index service_accounts_created_at_idx on service_accounts (created_at desc nulls last, id desc)
    where deleted_at is null;
select global_table('service_accounts', 'select, insert, update');
