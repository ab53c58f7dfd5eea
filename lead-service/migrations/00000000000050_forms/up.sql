-- What a key's form calls its fields, and by what its submissions are told from those that no person sent.
create unique index api_keys_id_tenant_id_key on api_keys (id, tenant_id);
create table form_mappings (
    api_key_id uuid primary key,
    tenant_id uuid not null,
    fields jsonb not null default '{}',
    honeypot_field varchar(100),
    started_field varchar(100),
    min_fill_seconds integer constraint form_mappings_min_fill_seconds_check check (min_fill_seconds between 1 and 3600),
    consent_required boolean not null default false,
    redirect_url varchar(512),
    error_redirect_url varchar(512),
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- The pair, so that a reference can never reach into another tenant.
    constraint form_mappings_api_key_id_fkey foreign key (api_key_id, tenant_id) references api_keys (id, tenant_id),
    constraint form_mappings_started_field_check check (min_fill_seconds is null or started_field is not null)
);
select tenant_table('form_mappings', 'select, insert, update, delete');
-- Read with the key, before the tenant is known.
select system_table('form_mappings', 'select');

alter table leads
    -- Somebody tried a form out.
    add column is_test boolean not null default false,
    -- When the person sent it, where that is not when it came.
    add column submitted_at timestamptz;

-- Which of the form's fields fed which known one, where the key's form has a mapping.
alter table ingests add column mapping jsonb;
