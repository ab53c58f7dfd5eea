-- Authenticator apps: the shared secret, sealed for its person, and the last time step whose code was taken, so that no
-- code is taken twice. It counts once it was confirmed.
create table second_factors (
    user_id uuid primary key constraint second_factors_user_id_fkey references users (id) on delete cascade,
    secret bytea not null,
    confirmed_at timestamptz,
    last_step bigint not null default 0,
    created_at timestamptz not null default now()
);
select global_table('second_factors', 'select, insert, update, delete');

-- Codes for whoever lost the app. Each is good once.
create table recovery_codes (
    user_id uuid not null constraint recovery_codes_user_id_fkey references users (id) on delete cascade,
    sha256 bytea not null constraint recovery_codes_sha256_check check (octet_length(sha256) = 32),
    used_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (user_id, sha256)
);
select global_table('recovery_codes', 'select, insert, update, delete');

-- Sign-ins whose password was right and whose code is still to come.
create table sign_in_challenges (
    sha256 bytea primary key constraint sign_in_challenges_sha256_check check (octet_length(sha256) = 32),
    user_id uuid not null constraint sign_in_challenges_user_id_fkey references users (id) on delete cascade,
    tries integer not null default 0,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);
create index sign_in_challenges_user_id_idx on sign_in_challenges (user_id);
create index sign_in_challenges_expires_at_idx on sign_in_challenges (expires_at);
select global_table('sign_in_challenges', 'select, insert, update');
select system_table('sign_in_challenges', 'select, delete');
