create table contacts (
    id uuid primary key,
    tenant_id uuid not null,
    account_id uuid,
    lead_id uuid,
    first_name varchar(100),
    last_name varchar(100),
    email varchar(254),
    phone varchar(50),
    role_title varchar(255),
    linkedin_url varchar(512),
    notes text,
    custom_fields jsonb,
    assigned_to uuid,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint contacts_account_id_fkey foreign key (account_id, tenant_id) references accounts (id, tenant_id)
);
create unique index contacts_id_tenant_id_key on contacts (id, tenant_id);
create unique index leads_id_tenant_id_key on leads (id, tenant_id);
alter table contacts add constraint contacts_lead_id_fkey
    foreign key (lead_id, tenant_id) references leads (id, tenant_id);
create index contacts_created_at_idx on contacts (tenant_id, created_at desc nulls last, id desc)
    where deleted_at is null;
create index contacts_email_idx on contacts (tenant_id, email) where deleted_at is null and email is not null;
create index contacts_account_id_idx on contacts (tenant_id, account_id) where account_id is not null;
create index contacts_lead_id_idx on contacts (tenant_id, lead_id) where lead_id is not null;
create index contacts_assigned_to_idx on contacts (tenant_id, assigned_to, created_at desc nulls last, id desc)
    where deleted_at is null and assigned_to is not null;
create index contacts_created_by_idx on contacts (tenant_id, created_by, created_at desc nulls last, id desc)
    where deleted_at is null;
select tenant_table('contacts', 'select, insert, update');

-- Contacts go and come back with their account, as leads do.
create or replace function cascade_account_deletion() returns trigger language plpgsql as $$
begin
    if new.deleted_at is not null and old.deleted_at is null then
        update leads set deleted_at = new.deleted_at, updated_at = new.updated_at, version = version + 1
            where account_id = new.id and deleted_at is null;
        update contacts set deleted_at = new.deleted_at, updated_at = new.updated_at, version = version + 1
            where account_id = new.id and deleted_at is null;
    elsif new.deleted_at is null and old.deleted_at is not null then
        update leads set deleted_at = null, updated_at = new.updated_at, version = version + 1
            where account_id = new.id and deleted_at = old.deleted_at;
        update contacts set deleted_at = null, updated_at = new.updated_at, version = version + 1
            where account_id = new.id and deleted_at = old.deleted_at;
    end if;
    return null;
end $$;

create table pipelines (
    id uuid primary key,
    tenant_id uuid not null,
    name varchar(255) not null,
    description text,
    is_default boolean not null default false,
    is_active boolean not null default true,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index pipelines_id_tenant_id_key on pipelines (id, tenant_id);
create unique index pipelines_name_key on pipelines (tenant_id, name) where deleted_at is null;
create unique index pipelines_is_default_key on pipelines (tenant_id) where is_default and deleted_at is null;
create index pipelines_created_at_idx on pipelines (tenant_id, created_at, id) where deleted_at is null;
select tenant_table('pipelines', 'select, insert, update');
-- Which tenants lack what every tenant starts with is asked across tenants.
select system_table('pipelines', 'select');

create table deal_stages (
    id uuid primary key,
    tenant_id uuid not null,
    pipeline_id uuid not null,
    name varchar(120) not null,
    "order" integer not null,
    probability integer not null constraint deal_stages_probability_check check (probability between 0 and 100),
    kind text not null constraint deal_stages_kind_check check (kind in ('open', 'won', 'lost')),
    is_active boolean not null default true,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint deal_stages_pipeline_id_fkey foreign key (pipeline_id, tenant_id) references pipelines (id, tenant_id)
);
create unique index deal_stages_id_tenant_id_key on deal_stages (id, tenant_id);
create unique index deal_stages_id_pipeline_id_key on deal_stages (id, pipeline_id, tenant_id);
create unique index deal_stages_name_key on deal_stages (tenant_id, pipeline_id, name) where deleted_at is null;
create unique index deal_stages_order_key on deal_stages (tenant_id, pipeline_id, "order") where deleted_at is null;
select tenant_table('deal_stages', 'select, insert, update');

create table deals (
    id uuid primary key,
    tenant_id uuid not null,
    pipeline_id uuid not null,
    stage_id uuid not null,
    account_id uuid,
    contact_id uuid,
    lead_id uuid,
    title varchar(255) not null,
    description text,
    value numeric(12, 2) not null default 0 constraint deals_value_check check (value >= 0),
    currency varchar(3) not null default 'USD',
    expected_close_date date,
    actual_close_date date,
    contact_name varchar(255),
    contact_email varchar(254),
    contact_phone varchar(50),
    company_name varchar(255),
    status text not null default 'open' constraint deals_status_check check (status in ('open', 'won', 'lost')),
    lost_reason text,
    priority text not null default 'medium' constraint deals_priority_check check (priority in ('low', 'medium', 'high')),
    probability integer not null constraint deals_probability_check check (probability between 0 and 100),
    won_at timestamptz,
    lost_at timestamptz,
    custom_fields jsonb,
    assigned_to uuid,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint deals_pipeline_id_fkey foreign key (pipeline_id, tenant_id) references pipelines (id, tenant_id),
    constraint deals_stage_id_fkey foreign key (stage_id, pipeline_id, tenant_id)
        references deal_stages (id, pipeline_id, tenant_id),
    constraint deals_account_id_fkey foreign key (account_id, tenant_id) references accounts (id, tenant_id),
    constraint deals_contact_id_fkey foreign key (contact_id, tenant_id) references contacts (id, tenant_id),
    constraint deals_lead_id_fkey foreign key (lead_id, tenant_id) references leads (id, tenant_id),
    constraint deals_won_check check ((status = 'won') = (won_at is not null)),
    constraint deals_lost_check check ((status = 'lost') = (lost_at is not null))
);
create unique index deals_id_tenant_id_key on deals (id, tenant_id);
create index deals_created_at_idx on deals (tenant_id, created_at desc nulls last, id desc) where deleted_at is null;
create index deals_status_idx on deals (tenant_id, status, created_at desc nulls last, id desc) where deleted_at is null;
create index deals_stage_idx on deals (tenant_id, pipeline_id, stage_id, created_at desc nulls last, id desc)
    where deleted_at is null;
create index deals_expected_close_date_idx on deals (tenant_id, expected_close_date desc nulls last, id desc)
    where deleted_at is null;
create index deals_assigned_to_idx on deals (tenant_id, assigned_to, created_at desc nulls last, id desc)
    where deleted_at is null and assigned_to is not null;
create index deals_created_by_idx on deals (tenant_id, created_by, created_at desc nulls last, id desc)
    where deleted_at is null;
create index deals_account_id_idx on deals (tenant_id, account_id) where account_id is not null;
create index deals_contact_id_idx on deals (tenant_id, contact_id) where contact_id is not null;
create index deals_lead_id_idx on deals (tenant_id, lead_id) where lead_id is not null;
select tenant_table('deals', 'select, insert, update');

create table activities (
    id uuid primary key,
    tenant_id uuid not null,
    lead_id uuid,
    deal_id uuid,
    contact_id uuid,
    account_id uuid,
    activity_type text not null constraint activities_activity_type_check
        check (activity_type in ('note', 'call', 'email', 'meeting', 'task')),
    subject varchar(255) not null,
    description text not null default '',
    scheduled_at timestamptz,
    completed boolean not null default false,
    assigned_to uuid,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint activities_lead_id_fkey foreign key (lead_id, tenant_id) references leads (id, tenant_id),
    constraint activities_deal_id_fkey foreign key (deal_id, tenant_id) references deals (id, tenant_id),
    constraint activities_contact_id_fkey foreign key (contact_id, tenant_id) references contacts (id, tenant_id),
    constraint activities_account_id_fkey foreign key (account_id, tenant_id) references accounts (id, tenant_id)
);
create index activities_created_at_idx on activities (tenant_id, created_at desc nulls last, id desc)
    where deleted_at is null;
create index activities_lead_id_idx on activities (tenant_id, lead_id, created_at desc, id desc)
    where deleted_at is null and lead_id is not null;
create index activities_deal_id_idx on activities (tenant_id, deal_id, created_at desc, id desc)
    where deleted_at is null and deal_id is not null;
create index activities_contact_id_idx on activities (tenant_id, contact_id, created_at desc, id desc)
    where deleted_at is null and contact_id is not null;
create index activities_account_id_idx on activities (tenant_id, account_id, created_at desc, id desc)
    where deleted_at is null and account_id is not null;
create index activities_assigned_to_idx on activities (tenant_id, assigned_to, created_at desc nulls last, id desc)
    where deleted_at is null and assigned_to is not null;
create index activities_created_by_idx on activities (tenant_id, created_by, created_at desc nulls last, id desc)
    where deleted_at is null;
select tenant_table('activities', 'select, insert, update');

-- What a task is about is checked when it is written: it may be any kind of entity.
create table tasks (
    id uuid primary key,
    tenant_id uuid not null,
    title varchar(255) not null,
    description text,
    due_at timestamptz,
    status text not null default 'open' constraint tasks_status_check
        check (status in ('open', 'in_progress', 'done', 'cancelled')),
    priority text not null default 'medium' constraint tasks_priority_check
        check (priority in ('low', 'medium', 'high', 'urgent')),
    entity_type text constraint tasks_entity_type_check
        check (entity_type in ('lead', 'account', 'contact', 'deal', 'product', 'customer', 'order', 'issue')),
    entity_id uuid,
    completed_at timestamptz,
    assigned_to uuid,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint tasks_entity_check check ((entity_type is null) = (entity_id is null)),
    constraint tasks_completed_at_check check ((status = 'done') = (completed_at is not null))
);
create index tasks_due_at_idx on tasks (tenant_id, due_at, id) where deleted_at is null;
create index tasks_due_idx on tasks (tenant_id, due_at, id)
    where deleted_at is null and status in ('open', 'in_progress');
create index tasks_created_at_idx on tasks (tenant_id, created_at desc nulls last, id desc) where deleted_at is null;
create index tasks_entity_id_idx on tasks (tenant_id, entity_id) where deleted_at is null and entity_id is not null;
create index tasks_assigned_to_idx on tasks (tenant_id, assigned_to, due_at, id)
    where deleted_at is null and assigned_to is not null;
create index tasks_created_by_idx on tasks (tenant_id, created_by, due_at, id) where deleted_at is null;
select tenant_table('tasks', 'select, insert, update');
