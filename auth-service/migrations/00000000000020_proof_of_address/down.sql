drop table proof_notices;
do $$ begin execute format('revoke delete on identities from %I', app_role()); end $$;
alter table users drop constraint users_platform_role_proven_check;
