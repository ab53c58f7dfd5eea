-- Staff of the platform has a proven address. Who was staff without one is not any more: `create-admin` makes an admin again.
update users set platform_role = 'none', version = version + 1, updated_at = now()
    where platform_role <> 'none' and email_verified_at is null;
alter table users add constraint users_platform_role_proven_check
    check (platform_role = 'none' or email_verified_at is not null);

-- Handing an account over removes what it was linked to at other issuers.
select global_table('identities', 'delete');

-- People whose proof of address tenant-service is still to be told of, one row each. At first it knows of none.
create table proof_notices (
    user_id uuid primary key constraint proof_notices_user_id_fkey references users (id) on delete cascade,
    attempts integer not null default 0,
    next_attempt_at timestamptz not null default now(),
    last_error text,
    created_at timestamptz not null default now()
);
create index proof_notices_next_attempt_at_idx on proof_notices (next_attempt_at);
select global_table('proof_notices', 'select, insert, update, delete');
select system_table('proof_notices', 'select, update, delete');
insert into proof_notices (user_id) select id from users where email_verified_at is not null and deleted_at is null;
