-- Who is asked for which fields, in which order, until when.
create table enrichment_waterfalls (
    id uuid primary key,
    tenant_id uuid not null,
    name text not null,
    entity_type text not null constraint enrichment_waterfalls_entity_type_check check (entity_type in ('account', 'lead')),
    enrichment_type text not null constraint enrichment_waterfalls_enrichment_type_check
        check (enrichment_type in ('COMPANY_INFO', 'GENERATE_LEADS', 'LEAD_INFO', 'LEAD_LINKEDIN_RESEARCH')),
    is_default boolean not null default false,
    fields text[],
    steps jsonb not null default '[]',
    stop text not null default 'first' constraint enrichment_waterfalls_stop_check check (stop in ('first', 'agree')),
    agree integer not null default 2 constraint enrichment_waterfalls_agree_check check (agree between 2 and 5),
    write_policy text not null default 'fill_if_empty' constraint enrichment_waterfalls_write_policy_check
        check (write_policy in ('fill_if_empty', 'always', 'higher_confidence', 'source_rank')),
    max_cost_per_record numeric(18, 6) constraint enrichment_waterfalls_max_cost_per_record_check
        check (max_cost_per_record >= 0),
    max_cost_per_day numeric(18, 6) constraint enrichment_waterfalls_max_cost_per_day_check check (max_cost_per_day >= 0),
    cache_hours integer constraint enrichment_waterfalls_cache_hours_check check (cache_hours > 0),
    refresh_days integer constraint enrichment_waterfalls_refresh_days_check check (refresh_days > 0),
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index enrichment_waterfalls_id_tenant_id_key on enrichment_waterfalls (id, tenant_id);
create unique index enrichment_waterfalls_name_key on enrichment_waterfalls (tenant_id, lower(name))
    where deleted_at is null;
create unique index enrichment_waterfalls_is_default_key on enrichment_waterfalls (tenant_id, enrichment_type)
    where is_default and deleted_at is null;
create index enrichment_waterfalls_created_at_idx
    on enrichment_waterfalls (tenant_id, created_at desc nulls last, id desc) where deleted_at is null;
select tenant_table('enrichment_waterfalls', 'select, insert, update');
