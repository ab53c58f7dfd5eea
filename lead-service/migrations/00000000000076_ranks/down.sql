drop function holders(uuid, text[], text[], text[]);
create function holders(tenant uuid, kinds text[], texts text[], lead_references text[])
    returns table (kind text, value text, lead uuid, alive boolean)
    language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
begin
    return query
        select k.kind, k.value, k.lead_id,
            (select true from leads l where l.id = k.lead_id and l.deleted_at is null limit 1) is not null
        from unnest(kinds, texts) as asked(kind, value) cross join lateral (
            select i.kind, i.value, i.lead_id from identity_keys i
            where i.tenant_id = tenant and i.kind = asked.kind and i.value = asked.value limit 1) k
        union all
        select 'reference', l.lead_reference_id, l.id, true
        from unnest(lead_references) as asked(value) cross join lateral (
            select r.lead_reference_id, r.id from leads r
            where r.tenant_id = tenant and r.lead_reference_id = asked.value and r.deleted_at is null limit 1) l;
end $$;
