-- A reference is unique for its source. People and server keys share one; each browser key and each address has its own: what
-- anyone may send neither takes nor finds the references of programs.
alter table leads add column source_key varchar(100) not null default 'api';
-- The door by which a submission came in; none for those from before.
alter table ingests add column source_key varchar(100);

-- Keys from before are browser keys. Policies speak to the application's role only, so the owner steps around them.
alter table leads no force row level security;
alter table ingests no force row level security;
alter table identity_keys no force row level security;
update leads set source_key = 'key:' || api_key_id where api_key_id is not null and lead_reference_id is not null;
-- References that known leads have beside their own: those of leads that were merged into them, and of submissions that were attached.
update identity_keys k set value = l.source_key || ' ' || k.value from leads l
    where k.kind = 'reference' and l.tenant_id = k.tenant_id and l.lead_reference_id = k.value and l.source_key <> 'api'
    and l.merged_into is not null;
update identity_keys k set value = 'key:' || s.api_key_id || ' ' || k.value from (
    select distinct on (i.tenant_id, i.lead_id, i.sent ->> 'lead_reference_id') i.tenant_id, i.lead_id, i.api_key_id,
        i.sent ->> 'lead_reference_id' as reference
    from ingests i where i.outcome in ('attached', 'updated') and i.sent ? 'lead_reference_id'
    order by i.tenant_id, i.lead_id, i.sent ->> 'lead_reference_id', i.created_at) s
    where k.kind = 'reference' and k.tenant_id = s.tenant_id and k.lead_id = s.lead_id and k.value = s.reference;
alter table leads force row level security;
alter table ingests force row level security;
alter table identity_keys force row level security;

-- The reference before the source: lists are filtered by the reference alone.
drop index leads_lead_reference_id_key;
create unique index leads_lead_reference_id_key on leads (tenant_id, lead_reference_id, source_key)
    where deleted_at is null and lead_reference_id is not null;

-- A reference that a person writes is one that people give.
create function reference_by_hand() returns trigger language plpgsql as $$
begin
    new.source_key := 'api';
    return new;
end $$;
create trigger leads_reference_by_hand before update of lead_reference_id on leads for each row
    when (old.lead_reference_id is distinct from new.lead_reference_id and old.source_key = new.source_key)
    execute function reference_by_hand();

-- Who holds these keys, and which leads have these references, each of its source. As the function with four arguments, which a
-- later migration replaces by its signature; that one is no longer called.
create function holders(tenant uuid, kinds text[], texts text[], sources text[], lead_references text[])
    returns table (kind text, value text, lead uuid, alive boolean, others text[], email text)
    language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
begin
    return query
        select k.kind, k.value, k.lead_id,
            (select true from leads l where l.id = k.lead_id and l.deleted_at is null limit 1) is not null,
            case when k.kind = 'phone' then (
                select array_agg(o.kind || ' ' || o.value) from identity_keys o
                where o.lead_id = k.lead_id and o.tenant_id = tenant and o.kind in ('email', 'linkedin')) end,
            case when k.kind = 'phone' then (
                select l.email::text from leads l where l.id = k.lead_id limit 1) end
        from unnest(kinds, texts) as asked(kind, value) cross join lateral (
            select i.kind, i.value, i.lead_id from identity_keys i
            where i.tenant_id = tenant and i.kind = asked.kind and i.value = asked.value limit 1) k
        union all
        select 'reference', case l.source_key when 'api' then l.lead_reference_id::text
                else l.source_key || ' ' || l.lead_reference_id end, l.id, true, null::text[], null::text
        from unnest(sources, lead_references) as asked(source, value) cross join lateral (
            select r.source_key, r.lead_reference_id, r.id from leads r
            where r.tenant_id = tenant and r.lead_reference_id = asked.value and r.source_key = asked.source
            and r.deleted_at is null limit 1) l;
end $$;
