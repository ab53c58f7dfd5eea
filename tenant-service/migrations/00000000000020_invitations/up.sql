-- Invitations into a tenant, and mails that wait to be handed over.

create table invitations (
    id uuid primary key,
    tenant_id uuid not null constraint invitations_tenant_id_fkey references tenants (id),
    email text not null constraint invitations_email_check check (email = lower(email)),
    role_id uuid not null constraint invitations_role_id_fkey references roles (id),
    department varchar(100),
    reports_to uuid,
    -- Names for a new account, where the inviter gave them.
    first_name varchar(100),
    last_name varchar(100),
    -- Whether whoever accepts is a member already and lacks only something to sign in with.
    is_for_member boolean not null default false,
    -- SHA-256. Those that a later one replaced are kept, to be told from what never was a token.
    token_hash bytea not null constraint invitations_token_hash_key unique,
    replaced_token_hashes bytea[] not null default '{}',
    status text not null default 'pending' constraint invitations_status_check
        check (status in ('pending', 'accepted', 'expired', 'revoked')),
    expires_at timestamptz not null,
    invited_by uuid,
    accepted_by uuid,
    accepted_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- The pair, so that nobody is invited to report into another tenant.
    constraint invitations_reports_to_fkey foreign key (tenant_id, reports_to) references memberships (tenant_id, id)
);
create unique index invitations_email_key on invitations (tenant_id, email) where status = 'pending';
create index invitations_created_at_idx on invitations (tenant_id, created_at desc nulls last, id desc);
create index invitations_role_id_idx on invitations (tenant_id, role_id) where status = 'pending';
select tenant_table('invitations', 'select, insert, update');

-- As they are listed: with the role's name, and expired when their time is over. Read with the rights of whoever reads.
create view tenant_invitations with (security_invoker = true) as
    select i.id, i.email, r.name as role, i.department, i.reports_to,
        case when i.status = 'pending' and i.expires_at <= now() then 'expired' else i.status end as status,
        i.expires_at, i.invited_by, i.accepted_by, i.accepted_at, i.version, i.created_at, i.updated_at
    from invitations i join roles r on r.id = i.role_id;
select global_table('tenant_invitations', 'select');

-- Committed with what causes them, handed over afterwards, then deleted.
create table mails (
    id uuid primary key,
    tenant_id uuid not null constraint mails_tenant_id_fkey references tenants (id),
    -- What the mail is about; when that is withdrawn, so is the mail.
    subject_id uuid not null,
    -- The call that hands it over, sealed: it may hold a link that lets somebody in.
    sealed bytea not null,
    attempts integer not null default 0,
    -- Null when it was given up.
    next_attempt_at timestamptz default now(),
    last_error text,
    created_at timestamptz not null default now()
);
create index mails_next_attempt_at_idx on mails (next_attempt_at) where next_attempt_at is not null;
create index mails_subject_id_idx on mails (tenant_id, subject_id);
select tenant_table('mails', 'select, insert, delete');
select system_table('mails', 'select, update, delete');
