-- Every row that an ingest writes, in one statement, the fastest way to write them in one transaction: the lead, what tells
-- the person, the event, its place in the outbox, and the entry in the ledger; of one ingest, or of a hundred. Variables:
-- tenant, api_key_id, run; n comes from what is put into the braces. A colon before a letter or digit would be a variable.
\set n random(1, 9000000000000000)
WITH sent AS (
    SELECT n, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
        || '7' || lpad(to_hex(n), 19, '0'))::uuid AS id
    FROM {rows}
), made AS (
    INSERT INTO leads (id, tenant_id, api_key_id, created_at, updated_at, lead_reference_id, first_name, last_name, email,
        phone, company_name, role_title, notes, source, consent, utm, raw_payload)
    SELECT id, :tenant::uuid, :api_key_id::uuid, now(), now(), :run::text || n, 'Ada', 'Lovelace ' || n,
        'ada.' || n || '@analytical.example', '+4420' || n, 'Analytical Engines Ltd', 'Head of Sales',
        'We would like to see a demo next week, for about twelve people.', 'website', '{"marketing": true}',
        '{"source": "newsletter", "campaign": "spring"}', '{"budget": "10k-20k", "page": "/pricing"}'
    FROM sent
), claimed AS (
    INSERT INTO bench_identity_keys (tenant_id, kind, value, lead_id)
    SELECT :tenant::uuid, kind, value, id
    FROM sent, LATERAL (VALUES ('email', 'ada.' || n || '@analytical.example'), ('phone', '+4420' || n)) AS k(kind, value)
), told AS (
    INSERT INTO bench_events (id, tenant_id, event_type, entity_type, entity_id, action, current_state, actor,
        request_id, traceparent, created_at)
    SELECT id, :tenant::uuid, 'Lead.CREATE', 'Lead', id, 'CREATE',
        '{"id": "019a0000-0000-7000-8000-000000000000", "lead_reference_id": "b0123456-0100000001",
          "first_name": "Ada", "last_name": "Lovelace 0100000001", "email": "ada.0100000001@analytical.example",
          "phone": "+442000000001", "company_name": "Analytical Engines Ltd", "role_title": "Head of Sales",
          "notes": "We would like to see a demo next week, for about twelve people.", "source": "website",
          "consent": {"marketing": true}, "utm": {"source": "newsletter", "campaign": "spring"},
          "raw_payload": {"budget": "10k-20k", "page": "/pricing"}, "status": "new",
          "created_at": "2026-01-01T00-00-00.000000Z"}',
        '{"type": "api_key", "id": "019a0000-0000-7000-8000-000000000000"}',
        '019a0000-0000-7000-8000-000000000000', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', now()
    FROM sent
), queued AS (
    INSERT INTO bench_outbox (tenant_id, event_id) SELECT :tenant::uuid, id FROM sent
)
INSERT INTO bench_ingests (id, tenant_id, api_key_id, lead_id, outcome, sent, created_at)
SELECT id, :tenant::uuid, :api_key_id::uuid, id, 'created',
    '{"lead_reference_id": "b0123456-0100000001", "first_name": "Ada", "last_name": "Lovelace 0100000001",
      "email": "ada.0100000001@analytical.example", "phone": "+442000000001", "company_name": "Analytical Engines Ltd",
      "role_title": "Head of Sales", "notes": "We would like to see a demo next week, for about twelve people.",
      "source": "website", "utm_source": "newsletter", "utm_campaign": "spring", "consent": {"marketing": true},
      "budget": "10k-20k", "page": "/pricing"}', now()
FROM sent;
