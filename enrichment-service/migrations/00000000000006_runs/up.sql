-- Runs: many jobs of one cause, counted, paused, resumed and cancelled together.
create table enrichment_runs (
    id uuid primary key,
    tenant_id uuid not null,
    waterfall_id uuid,
    waterfall_version integer,
    column_id uuid,
    entity_type text not null constraint enrichment_runs_entity_type_check check (entity_type in ('account', 'lead')),
    status text not null default 'running' constraint enrichment_runs_status_check check (status in
        ('pending', 'running', 'paused', 'completed', 'completed_with_errors', 'cancelled', 'budget_exhausted')),
    total integer not null,
    done integer not null default 0,
    failed integer not null default 0,
    skipped integer not null default 0,
    cost numeric(18, 6) not null default 0,
    max_cost numeric(18, 6) constraint enrichment_runs_max_cost_check check (max_cost >= 0),
    force boolean not null default false,
    status_reason text,
    -- Whose records its starter saw; all when null.
    seen_by uuid[],
    time_zone text,
    started_by uuid,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    finished_at timestamptz
);
create unique index enrichment_runs_id_tenant_id_key on enrichment_runs (id, tenant_id);
create index enrichment_runs_created_at_idx on enrichment_runs (tenant_id, created_at desc nulls last, id desc);
create index enrichment_runs_status_idx on enrichment_runs (tenant_id, status, created_at desc nulls last, id desc);
create index enrichment_runs_started_by_idx on enrichment_runs (tenant_id, started_by, created_at desc nulls last, id desc);
select tenant_table('enrichment_runs', 'select, insert, update');

alter table jobs
    add column run_id uuid,
    add column waterfall_id uuid,
    add column waterfall_version integer,
    add column column_id uuid,
    add column provider_id uuid,
    add column cost numeric(18, 6) not null default 0,
    add column force boolean not null default false,
    add column error_details jsonb generated always as (last_error) stored,
    alter column next_attempt_at drop not null;

-- The time at which a job is due is also the end of its lease; what has ended, waits for a paused run or for nothing is
-- due never.
update jobs set status = 'pending' where status = 'in_progress';
update jobs set next_attempt_at = null where status not in ('pending', 'in_progress');
drop index jobs_due_idx;
alter table jobs drop column leased_until, drop column worker,
    drop constraint jobs_status_check, add constraint jobs_status_check check (status in
        ('pending', 'in_progress', 'completed', 'skipped', 'failed', 'cancelled'));
create index jobs_due_idx on jobs (tenant_id, next_attempt_at) where next_attempt_at is not null;
create index jobs_run_id_idx on jobs (tenant_id, run_id, status) where run_id is not null;

alter table account_enrichment_status
    drop constraint account_enrichment_status_status_check,
    add constraint account_enrichment_status_status_check
        check (status in ('pending', 'in_progress', 'completed', 'failed', 'skipped')),
    drop constraint account_enrichment_status_enrichment_type_check,
    add constraint account_enrichment_status_enrichment_type_check
        check (enrichment_type in ('COMPANY_INFO', 'GENERATE_LEADS', 'LEAD_LINKEDIN_RESEARCH', 'CUSTOM_COLUMN', 'LEAD_INFO'));
