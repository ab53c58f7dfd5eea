-- Who there is, which sessions they have, with which key access tokens are signed and which of them are void.
-- None of it belongs to a tenant.

-- The one user. Without a password_hash only another issuer's token signs them in.
create table users (
    id uuid primary key,
    email text not null constraint users_email_check check (email = lower(email)),
    password_hash text,
    first_name text,
    last_name text,
    phone text,
    account_type text not null constraint users_account_type_check check (account_type in ('company', 'customer')),
    status text not null default 'active'
        constraint users_status_check check (status in ('active', 'inactive', 'suspended')),
    platform_role text not null default 'none'
        constraint users_platform_role_check check (platform_role in ('none', 'internal_cs', 'internal_admin')),
    email_verified_at timestamptz,
    last_login_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index users_email_key on users (email) where deleted_at is null;
create index users_created_at_idx on users (created_at desc nulls last, id desc) where deleted_at is null;
create index users_platform_role_idx on users (platform_role) where deleted_at is null and platform_role <> 'none';
-- Deleted for good is only a person whose tenant was refused while they registered.
select global_table('users', 'select, insert, update, delete');

-- Every refresh token that was issued. A family is a session: its one token that is neither spent, revoked nor expired
-- continues it. Of the text only the hash is kept.
create table refresh_tokens (
    jti uuid primary key,
    user_id uuid not null constraint refresh_tokens_user_id_fkey references users (id),
    family uuid not null,
    sha256 bytea not null constraint refresh_tokens_sha256_check check (octet_length(sha256) = 32),
    session_created_at timestamptz not null,
    user_agent text,
    ip text,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz,
    constraint refresh_tokens_sha256_key unique (sha256)
);
create index refresh_tokens_family_idx on refresh_tokens (family) where revoked_at is null;
create index refresh_tokens_user_id_idx on refresh_tokens (user_id) where revoked_at is null;
create index refresh_tokens_expires_at_idx on refresh_tokens (expires_at);
select global_table('refresh_tokens', 'select, insert, update');
select system_table('refresh_tokens', 'select, delete');

create view sessions as
    select family as id, user_id, session_created_at as created_at, created_at as last_used_at, user_agent, ip
    from refresh_tokens
    where used_at is null and revoked_at is null and expires_at > now();
select global_table('sessions', 'select');

-- Ed25519 keys: one signs, those retiring still verify. The private half is sealed for its row.
create table signing_keys (
    kid text primary key,
    private_key bytea not null,
    public_jwk jsonb not null,
    status text not null constraint signing_keys_status_check check (status in ('active', 'retiring')),
    created_at timestamptz not null default now()
);
create unique index signing_keys_status_key on signing_keys (status) where status = 'active';
select global_table('signing_keys', 'select, insert');

-- Access tokens that are void before they expire: of a session, or of a person when issued before a time. Numbers are
-- given under a lock, so that whoever has seen one has seen all before it.
create table revocations (
    seq bigint generated always as identity primary key,
    subject uuid not null,
    issued_before timestamptz,
    expires_at timestamptz not null,
    created_at timestamptz not null default now()
);
create index revocations_subject_idx on revocations (subject) where issued_before is not null;
create index revocations_expires_at_idx on revocations (expires_at);
select global_table('revocations', 'select, insert');
select system_table('revocations', 'select, delete');

-- Registrations whose tenant is still to be made. While there is one, its person cannot sign in.
create table tenant_foundings (
    user_id uuid primary key constraint tenant_foundings_user_id_fkey references users (id),
    new_tenant_id uuid not null,
    client_id text not null,
    name text not null,
    website text not null,
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    created_at timestamptz not null default now()
);
create index tenant_foundings_next_attempt_at_idx on tenant_foundings (next_attempt_at);
select global_table('tenant_foundings', 'select, insert, delete');
select system_table('tenant_foundings', 'select, update');
