create table jobs (
    id uuid primary key,
    tenant_id uuid not null,
    type text not null constraint jobs_type_check
        check (type in ('COMPANY_INFO', 'GENERATE_LEADS', 'LEAD_LINKEDIN_RESEARCH', 'CUSTOM_COLUMN')),
    subject_type text not null constraint jobs_subject_type_check
        check (subject_type in ('account', 'lead', 'custom_column')),
    subject_id uuid not null,
    input jsonb not null default '{}',
    status text not null default 'pending' constraint jobs_status_check
        check (status in ('pending', 'in_progress', 'completed', 'failed', 'cancelled')),
    attempts integer not null default 0,
    next_attempt_at timestamptz not null default now(),
    leased_until timestamptz,
    worker text,
    last_error jsonb,
    request_id text,
    traceparent text,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    finished_at timestamptz
);
create unique index jobs_id_tenant_id_key on jobs (id, tenant_id);
create index jobs_created_at_idx on jobs (tenant_id, created_at desc nulls last, id desc);
create index jobs_status_idx on jobs (tenant_id, status, created_at desc nulls last, id desc);
create index jobs_subject_id_idx on jobs (tenant_id, subject_id);
create index jobs_due_idx on jobs (next_attempt_at) where status in ('pending', 'in_progress');
select tenant_table('jobs', 'select, insert, update');
-- The worker finds what is due in every tenant; results are written in the tenant's own transaction.
select system_table('jobs', 'select, update');

create table account_enrichment_status (
    id uuid primary key,
    tenant_id uuid not null,
    account_id uuid not null,
    enrichment_type text not null constraint account_enrichment_status_enrichment_type_check
        check (enrichment_type in ('COMPANY_INFO', 'GENERATE_LEADS', 'LEAD_LINKEDIN_RESEARCH', 'CUSTOM_COLUMN')),
    status text not null default 'pending' constraint account_enrichment_status_status_check
        check (status in ('pending', 'in_progress', 'completed', 'failed')),
    completion_percent integer not null default 0 constraint account_enrichment_status_completion_percent_check
        check (completion_percent between 0 and 100),
    last_successful_run timestamptz,
    last_attempted_run timestamptz,
    next_scheduled_run timestamptz,
    failure_count integer not null default 0,
    data_quality_score double precision,
    source varchar(50) not null,
    error_details jsonb,
    metadata jsonb not null default '{}',
    job_id uuid,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    -- The pair, so that a reference can never reach into another tenant.
    constraint account_enrichment_status_job_id_fkey foreign key (job_id, tenant_id) references jobs (id, tenant_id)
);
create unique index account_enrichment_status_account_id_enrichment_type_key
    on account_enrichment_status (tenant_id, account_id, enrichment_type) where deleted_at is null;
create index account_enrichment_status_status_idx on account_enrichment_status (tenant_id, status);
create index account_enrichment_status_last_attempted_run_idx
    on account_enrichment_status (tenant_id, last_attempted_run);
select tenant_table('account_enrichment_status', 'select, insert, update');

create table field_provenance (
    id uuid primary key,
    tenant_id uuid not null,
    account_id uuid not null,
    field text not null,
    provider text not null,
    source_url text,
    fetched_at timestamptz not null,
    confidence double precision not null constraint field_provenance_confidence_check
        check (confidence between 0 and 1),
    cost numeric(12, 2) not null default 0,
    currency varchar(3) not null default 'USD',
    previous_value jsonb,
    job_id uuid not null,
    created_at timestamptz not null default now(),
    constraint field_provenance_job_id_fkey foreign key (job_id, tenant_id) references jobs (id, tenant_id)
);
-- A job that is run twice leaves one trace per field.
create unique index field_provenance_job_id_field_key on field_provenance (tenant_id, job_id, field);
create index field_provenance_account_id_idx on field_provenance (tenant_id, account_id, fetched_at desc);
select tenant_table('field_provenance', 'select, insert');

-- What providers answered, as it came. Appended to only.
create table raw_records (
    id uuid not null,
    tenant_id uuid not null,
    job_id uuid not null,
    provider text not null,
    source_url text not null,
    status integer not null,
    content_type text,
    body text not null,
    body_bytes bigint not null,
    fetched_at timestamptz not null,
    primary key (id, fetched_at)
) partition by range (fetched_at);
create index raw_records_fetched_at_idx on raw_records (tenant_id, fetched_at, id);
create index raw_records_job_id_idx on raw_records (tenant_id, job_id);
select tenant_table('raw_records', 'select, insert');

-- Takes what no month's partition does, so that no answer is ever refused. Rows are reached through the parent; a
-- partition is behind the same policy should anybody name it.
create table raw_records_default partition of raw_records default;
select tenant_table('raw_records_default', 'select, insert');

-- Makes the partitions of this month and the next two. The system role may call it without owning anything.
create function make_raw_records_partitions() returns void language plpgsql security definer set search_path from current as $$
declare
    first date := date_trunc('month', now() at time zone 'utc');
    name text;
begin
    for months in 0..2 loop
        name := 'raw_records_' || to_char(first + make_interval(months => months), 'YYYY_MM');
        continue when to_regclass(name) is not null;
        begin
            execute format('create table %I partition of raw_records for values from (%L) to (%L)', name,
                (first + make_interval(months => months))::timestamp at time zone 'utc',
                (first + make_interval(months => months + 1))::timestamp at time zone 'utc');
            perform tenant_table(name::regclass, 'select, insert');
        exception
            when duplicate_table then null; -- another process made it just now
            when check_violation then
                raise warning 'rows of % are in the default partition and stay there', name;
        end;
    end loop;
end $$;
revoke execute on function make_raw_records_partitions() from public;
do $$ begin
    execute format('grant execute on function make_raw_records_partitions() to %I', system_role());
end $$;
select make_raw_records_partitions();
