-- A row of leads as the API shows it: times in UTC, the amount as text.
create function lead_record(lead jsonb) returns jsonb language sql stable as $$
    select lead - array['tenant_id', 'merged_into', 'deleted_at', 'search_text']
        || jsonb_build_object('estimated_value', lead ->> 'estimated_value')
        || coalesce((
            select jsonb_object_agg(t.key,
                to_char((t.value #>> '{}')::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
            from jsonb_each(lead) t where t.value <> 'null' and t.key in
                ('created_at', 'updated_at', 'submitted_at', 'converted_at', 'last_enriched_at')), '{}')
$$;

-- The members of an object, with those of another one where it has none or only null.
create function fill_members(mine jsonb, theirs jsonb) returns jsonb language sql immutable as $$
    select case
        when theirs is null or jsonb_typeof(mine) <> 'object' then mine
        when mine is null then theirs
        else theirs || coalesce((
            select jsonb_object_agg(m.key, m.value) from jsonb_each(mine) m
            where not (m.value = 'null' and theirs ? m.key)), '{}')
    end
$$;
