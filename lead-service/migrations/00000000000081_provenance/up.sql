-- Where values of accounts and leads came from, as far as their events do not say it: what enrichment wrote, what people
-- pinned, and values that were found beside. A row is about the value that it names; another value was written since.
create table record_provenance (
    tenant_id uuid not null,
    entity_type text not null constraint record_provenance_entity_type_check check (entity_type in ('account', 'lead')),
    entity_id uuid not null,
    field text not null,
    value jsonb not null,
    source text not null constraint record_provenance_source_check
        check (source in ('person', 'form', 'import', 'enrichment')),
    provider jsonb,
    confidence double precision constraint record_provenance_confidence_check check (confidence between 0 and 1),
    observed_at timestamptz not null,
    job_id uuid,
    step integer,
    cost numeric(18, 6),
    actor jsonb,
    pinned boolean not null default false,
    previous jsonb,
    candidates jsonb not null default '[]',
    updated_at timestamptz not null default now(),
    primary key (tenant_id, entity_type, entity_id, field)
);
select tenant_table('record_provenance', 'select, insert, update, delete');

-- What a job wrote, to be answered again when it asks again.
create table record_fills (
    tenant_id uuid not null,
    job_id uuid not null,
    entity_id uuid not null,
    answer jsonb not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, job_id, entity_id)
);
create index record_fills_entity_id_idx on record_fills (tenant_id, entity_id);
select tenant_table('record_fills', 'select, insert, delete');

-- Leads that a job suggested, to count them.
create index leads_suggested_by_idx on leads (tenant_id, ((enrichment_data -> 'evaluation') ->> 'job_id'))
    where enrichment_data ? 'evaluation';
