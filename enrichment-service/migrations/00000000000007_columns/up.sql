-- Custom columns: questions of a tenant about its leads and accounts, and the answers.
create table custom_columns (
    id uuid primary key,
    tenant_id uuid not null,
    product_id uuid not null,
    entity_type text not null constraint custom_columns_entity_type_check check (entity_type in ('lead', 'account')),
    name text not null,
    description text,
    question text not null,
    response_type text not null constraint custom_columns_response_type_check
        check (response_type in ('string', 'number', 'boolean', 'enum', 'json_object')),
    response_config jsonb not null default '{}',
    ai_config jsonb not null default '{}',
    context_type text[] not null,
    run_if jsonb,
    max_cost_per_run numeric(18, 6) constraint custom_columns_max_cost_per_run_check check (max_cost_per_run >= 0),
    is_active boolean not null default true,
    -- Grows with each change of what the model sees.
    prompt_version integer not null default 1,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index custom_columns_id_tenant_id_key on custom_columns (id, tenant_id);
create unique index custom_columns_name_key on custom_columns (tenant_id, product_id, entity_type, lower(name))
    where deleted_at is null;
create index custom_columns_created_at_idx on custom_columns (tenant_id, created_at desc nulls last, id desc)
    where deleted_at is null;
select tenant_table('custom_columns', 'select, insert, update');

create table lead_column_values (
    id uuid primary key,
    tenant_id uuid not null,
    column_id uuid not null,
    lead_id uuid not null,
    status text not null constraint lead_column_values_status_check check (status in
        ('pending', 'processing', 'completed', 'abstained', 'invalid_output', 'refused', 'error', 'budget_exhausted')),
    value jsonb,
    value_string text,
    value_json jsonb,
    value_boolean boolean,
    value_number double precision,
    confidence_score double precision,
    evidence jsonb not null default '[]',
    prompt_version integer not null,
    stale boolean not null default false,
    model text,
    tokens_in integer,
    tokens_out integer,
    cost numeric(18, 6) not null default 0,
    input_hash text,
    generated_at timestamptz,
    generation_metadata jsonb not null default '{}',
    error_details jsonb,
    last_error jsonb,
    pinned boolean not null default false,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint lead_column_values_column_id_fkey foreign key (column_id, tenant_id) references custom_columns (id, tenant_id)
);
create unique index lead_column_values_lead_id_key on lead_column_values (tenant_id, column_id, lead_id);
create index lead_column_values_record_idx on lead_column_values (tenant_id, lead_id);
create index lead_column_values_created_at_idx on lead_column_values (tenant_id, created_at desc nulls last, id desc);
select tenant_table('lead_column_values', 'select, insert, update, delete');

create table account_column_values (
    id uuid primary key,
    tenant_id uuid not null,
    column_id uuid not null,
    account_id uuid not null,
    status text not null constraint account_column_values_status_check check (status in
        ('pending', 'processing', 'completed', 'abstained', 'invalid_output', 'refused', 'error', 'budget_exhausted')),
    value jsonb,
    value_string text,
    value_json jsonb,
    value_boolean boolean,
    value_number double precision,
    confidence_score double precision,
    evidence jsonb not null default '[]',
    prompt_version integer not null,
    stale boolean not null default false,
    model text,
    tokens_in integer,
    tokens_out integer,
    cost numeric(18, 6) not null default 0,
    input_hash text,
    generated_at timestamptz,
    generation_metadata jsonb not null default '{}',
    error_details jsonb,
    last_error jsonb,
    pinned boolean not null default false,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint account_column_values_column_id_fkey foreign key (column_id, tenant_id) references custom_columns (id, tenant_id)
);
create unique index account_column_values_account_id_key on account_column_values (tenant_id, column_id, account_id);
create index account_column_values_record_idx on account_column_values (tenant_id, account_id);
create index account_column_values_created_at_idx on account_column_values (tenant_id, created_at desc nulls last, id desc);
select tenant_table('account_column_values', 'select, insert, update, delete');
