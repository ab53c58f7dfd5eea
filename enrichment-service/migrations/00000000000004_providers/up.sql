-- A fifth type: how a person is reached, and what they do.
alter table jobs drop constraint jobs_type_check, add constraint jobs_type_check
    check (type in ('COMPANY_INFO', 'GENERATE_LEADS', 'LEAD_LINKEDIN_RESEARCH', 'CUSTOM_COLUMN', 'LEAD_INFO'));

-- Whom a tenant asks. Credentials are sealed for their row and for the scheme, host and port they were entered for.
create table enrichment_providers (
    id uuid primary key,
    tenant_id uuid not null,
    kind text not null constraint enrichment_providers_kind_check
        check (kind in ('website', 'http', 'apollo', 'pdl', 'hunter', 'model')),
    name text not null,
    base_url text,
    credentials bytea,
    has_credentials boolean not null generated always as (credentials is not null) stored,
    config jsonb not null default '{}',
    enabled boolean not null default true,
    max_per_second double precision constraint enrichment_providers_max_per_second_check check (max_per_second > 0),
    max_concurrency integer constraint enrichment_providers_max_concurrency_check check (max_concurrency > 0),
    timeout_ms integer constraint enrichment_providers_timeout_ms_check check (timeout_ms > 0),
    monthly_budget numeric(18, 6) constraint enrichment_providers_monthly_budget_check check (monthly_budget >= 0),
    price_per_call numeric(18, 6) constraint enrichment_providers_price_per_call_check check (price_per_call >= 0),
    price_per_hit numeric(18, 6) constraint enrichment_providers_price_per_hit_check check (price_per_hit >= 0),
    price_in numeric(18, 6) constraint enrichment_providers_price_in_check check (price_in >= 0),
    price_out numeric(18, 6) constraint enrichment_providers_price_out_check check (price_out >= 0),
    status text not null default 'ok' constraint enrichment_providers_status_check
        check (status in ('ok', 'paused', 'reauth_required', 'open')),
    status_reason text,
    open_until timestamptz,
    -- Whether it is the one that the tenant started with.
    is_first boolean not null default false,
    -- Grows with each change of what is asked and how; answers kept from before are not given again.
    setup_version integer not null default 1,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index enrichment_providers_id_tenant_id_key on enrichment_providers (id, tenant_id);
create unique index enrichment_providers_name_key on enrichment_providers (tenant_id, lower(name))
    where deleted_at is null;
create unique index enrichment_providers_is_first_key on enrichment_providers (tenant_id) where is_first;
create index enrichment_providers_created_at_idx
    on enrichment_providers (tenant_id, created_at desc nulls last, id desc) where deleted_at is null;
select tenant_table('enrichment_providers', 'select, insert, update');

-- The ledger: one row for each call to a provider, written before the call and completed after it, and one for each
-- answer that was given from what was kept.
create table enrichment_calls (
    id uuid primary key,
    tenant_id uuid not null,
    provider_id uuid not null,
    setup_version integer not null,
    job_id uuid,
    run_id uuid,
    waterfall_id uuid,
    column_id uuid,
    subject_id uuid,
    enrichment_type text,
    -- Digest of the whole question.
    question bytea not null,
    outcome text not null constraint enrichment_calls_outcome_check
        check (outcome in ('under_way', 'hit', 'miss', 'cached', 'failed', 'lost')),
    reserved numeric(18, 6) not null default 0,
    cost numeric(18, 6) not null default 0,
    -- Where it is reserved: scope, id and period of each budget.
    budgets jsonb not null default '[]',
    tokens_in integer,
    tokens_out integer,
    tokens_estimated boolean not null default false,
    pages integer,
    http_status integer,
    error jsonb,
    -- What was found, to be given again.
    answer jsonb,
    started_at timestamptz not null default now(),
    answered_at timestamptz,
    constraint enrichment_calls_provider_id_fkey
        foreign key (provider_id, tenant_id) references enrichment_providers (id, tenant_id)
);
create index enrichment_calls_started_at_idx on enrichment_calls (tenant_id, started_at, id);
create index enrichment_calls_question_idx on enrichment_calls (tenant_id, provider_id, question, answered_at desc)
    where outcome in ('hit', 'miss');
create index enrichment_calls_job_id_idx on enrichment_calls (tenant_id, job_id) where job_id is not null;
create index enrichment_calls_run_id_idx on enrichment_calls (tenant_id, run_id) where run_id is not null;
create index enrichment_calls_subject_id_idx on enrichment_calls (tenant_id, subject_id) where subject_id is not null;
create index enrichment_calls_under_way_idx on enrichment_calls (tenant_id, provider_id, started_at)
    where outcome = 'under_way';
select tenant_table('enrichment_calls', 'select, insert, update, delete');

-- What is spent and reserved in a period: a provider's month, a waterfall's day, a run.
create table enrichment_budgets (
    tenant_id uuid not null,
    scope text not null constraint enrichment_budgets_scope_check
        check (scope in ('provider', 'waterfall', 'run', 'anonymous')),
    scope_id uuid not null,
    period text not null,
    spent numeric(18, 6) not null default 0,
    reserved numeric(18, 6) not null default 0,
    primary key (tenant_id, scope, scope_id, period)
);
select tenant_table('enrichment_budgets', 'select, insert, update');

-- Which provider gave an answer, and about whom it is, so that it can be erased.
alter table raw_records add column provider_id uuid, add column subject_id uuid, alter column job_id drop not null;
create index raw_records_subject_id_idx on raw_records (tenant_id, subject_id) where subject_id is not null;
create index raw_records_provider_idx on raw_records (tenant_id, provider, fetched_at, id);

-- Whom a provider was told to forget: it is not asked about them again.
create table enrichment_forgotten (
    tenant_id uuid not null,
    provider_id uuid not null,
    subject_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, provider_id, subject_id)
);
select tenant_table('enrichment_forgotten', 'select, insert');

-- Raw answers are appended to only; what a provider said of a person who is to be forgotten is the exception.
create function forget_raw_records(of_subject uuid, of_provider uuid) returns bigint
    language plpgsql security definer set search_path from current as $$
declare
    forgotten bigint;
begin
    delete from raw_records r where r.subject_id = of_subject and (of_provider is null or r.provider_id = of_provider);
    get diagnostics forgotten = row_count;
    return forgotten;
end $$;
revoke execute on function forget_raw_records(uuid, uuid) from public;
do $$ begin
    execute format('grant execute on function forget_raw_records(uuid, uuid) to %I', app_role());
end $$;

-- Which tenants have what every tenant starts with.
create table furnished_tenants (
    tenant_id uuid primary key
);
select tenant_table('furnished_tenants', 'select, insert');
select system_table('furnished_tenants', 'select');
