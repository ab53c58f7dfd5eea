-- Keys have ranks: a phone number tells a person only where the e-mail address and the profile do not say otherwise. So the
-- answer says by what else the holder of a phone number is known; in the same call, because every submission makes it.
drop function holders(uuid, text[], text[], text[]);
create function holders(tenant uuid, kinds text[], texts text[], lead_references text[])
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
        select 'reference', l.lead_reference_id::text, l.id, true, null::text[], null::text
        from unnest(lead_references) as asked(value) cross join lateral (
            select r.lead_reference_id, r.id from leads r
            where r.tenant_id = tenant and r.lead_reference_id = asked.value and r.deleted_at is null limit 1) l;
end $$;
