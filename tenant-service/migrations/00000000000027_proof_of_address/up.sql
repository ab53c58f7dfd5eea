-- People whose e-mail address is proven, as auth-service says. Nobody becomes a member without that but who founds a tenant.
create table proven_people (
    user_id uuid primary key,
    proven_at timestamptz not null default now()
);
select global_table('proven_people', 'select, insert');
select system_table('proven_people', 'select');

-- Whether no active admin is among them. Such a tenant sends nothing out; the services are told like of a change of state.
alter table tenants add column is_unproven boolean not null default false;

-- The token in the mail of an invitation is another than the one in the answer to who invites, which proves nothing.
-- Invitations of before have only that one.
alter table invitations add column mailed_token_hash bytea constraint invitations_mailed_token_hash_key unique;
-- Whether platform staff gave it, whose right to does not come from a membership.
alter table invitations add column by_staff boolean not null default false;
update invitations i set by_staff = true where i.invited_by is not null and not exists (
    select from memberships m where m.tenant_id = i.tenant_id and m.user_id = i.invited_by);
-- A process of an earlier release may still write it; a later migration drops it.
comment on column invitations.is_for_member is 'not read any more: a member is not invited';
create index invitations_invited_by_idx on invitations (tenant_id, invited_by) where status = 'pending';

-- The audit as a tenant reads it. What auth-service handed in before it kept it to itself was about people wherever they
-- signed in, and is shown to no tenant any more.
create view tenant_audit with (security_invoker = true) as
    select id, action, entity_type, entity_id, actor_kind, actor_id, actor_service, source, previous, current,
        request_id, client_address, occurred_at
    from audit_entries where source <> 'auth';
select global_table('tenant_audit', 'select');
