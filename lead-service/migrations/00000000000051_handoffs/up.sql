-- Enrichments that were asked for and that enrichment-service is not known to have yet. A row commits with the request and
-- goes when the job was taken over there under the same id: so none is lost and none is doubled.
create table enrichment_handoffs (
    job_id uuid primary key,
    tenant_id uuid not null,
    kind text not null constraint enrichment_handoffs_kind_check check (kind in ('GENERATE_LEADS', 'LEAD_LINKEDIN_RESEARCH')),
    subject_type text not null constraint enrichment_handoffs_subject_type_check check (subject_type in ('account', 'lead')),
    subject_id uuid not null,
    input jsonb not null,
    started_by uuid,
    request_id text,
    traceparent text,
    attempts integer not null default 0,
    next_attempt_at timestamptz not null default now(),
    created_at timestamptz not null default now()
);
create index enrichment_handoffs_next_attempt_at_idx on enrichment_handoffs (next_attempt_at);
select tenant_table('enrichment_handoffs', 'select, insert');
-- They are handed over for all tenants.
select system_table('enrichment_handoffs', 'select, update, delete');
