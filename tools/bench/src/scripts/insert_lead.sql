-- The row of one ingest, or those of a hundred. Variables: tenant, api_key_id, run; n comes from what is put into the braces.
-- A colon before a letter or digit would be a variable.
\set n random(1, 9000000000000000)
INSERT INTO leads (id, tenant_id, api_key_id, created_at, updated_at, lead_reference_id, first_name, last_name, email,
    phone, company_name, role_title, notes, source, consent, utm, raw_payload)
SELECT (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
        || '7' || lpad(to_hex(n), 19, '0'))::uuid,
    :tenant::uuid, :api_key_id::uuid, now(), now(), :run::text || n, 'Ada', 'Lovelace ' || n,
    'ada.' || n || '@analytical.example', '+4420' || n, 'Analytical Engines Ltd', 'Head of Sales',
    'We would like to see a demo next week, for about twelve people.', 'website', '{"marketing": true}',
    '{"source": "newsletter", "campaign": "spring"}', '{"budget": "10k-20k", "page": "/pricing"}'
FROM {rows};
