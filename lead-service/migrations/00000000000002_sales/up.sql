create table products (
    id uuid primary key,
    tenant_id uuid not null,
    name varchar(255) not null,
    description text not null,
    icp_description text,
    website varchar(200),
    persona_role_titles jsonb not null default '{}',
    keywords text[] not null default '{}',
    playbook_description text,
    settings jsonb,
    catalog_product_id uuid,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index products_name_key on products (tenant_id, name) where deleted_at is null;
create unique index products_id_tenant_id_key on products (id, tenant_id);
create index products_created_at_idx on products (tenant_id, created_at desc nulls last, id desc)
    where deleted_at is null;
create index products_created_by_idx on products (tenant_id, created_by) where deleted_at is null;
select tenant_table('products', 'select, insert, update');

create table accounts (
    id uuid primary key,
    tenant_id uuid not null,
    product_id uuid not null,
    name varchar(255) not null,
    website varchar(512),
    linkedin_url varchar(512),
    industry varchar(255),
    location varchar(255),
    employee_count integer,
    company_type varchar(100),
    founded_year integer,
    description text,
    logo_url varchar(512),
    contact_email varchar(254),
    contact_phone varchar(50),
    customers text[] not null default '{}',
    competitors text[] not null default '{}',
    social_links jsonb,
    technologies jsonb,
    full_technology_profile jsonb,
    funding_details jsonb,
    enrichment_sources jsonb,
    last_enriched_at timestamptz,
    custom_fields jsonb,
    settings jsonb,
    recent_events jsonb not null default '[]',
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    -- The pair, so that a reference can never reach into another tenant.
    constraint accounts_product_id_fkey foreign key (product_id, tenant_id) references products (id, tenant_id)
);
create unique index accounts_id_tenant_id_key on accounts (id, tenant_id);
create index accounts_created_at_idx on accounts (tenant_id, created_at desc nulls last, id desc)
    where deleted_at is null;
create index accounts_name_idx on accounts (tenant_id, name desc nulls last, id desc) where deleted_at is null;
create index accounts_website_idx on accounts (tenant_id, website) where deleted_at is null;
create index accounts_product_id_idx on accounts (tenant_id, product_id) where deleted_at is null;
create index accounts_created_by_idx on accounts (tenant_id, created_by) where deleted_at is null;
select tenant_table('accounts', 'select, insert, update');

create table leads (
    id uuid primary key,
    tenant_id uuid not null,
    account_id uuid,
    product_id uuid,
    first_name varchar(100),
    last_name varchar(100),
    email varchar(254),
    phone varchar(50),
    company_name varchar(255),
    role_title varchar(255),
    linkedin_url varchar(512),
    status text not null default 'new' constraint leads_status_check
        check (status in ('new', 'contacted', 'qualified', 'unqualified', 'converted')),
    source text not null default 'manual' constraint leads_source_check
        check (source in ('manual', 'import', 'enrichment', 'website', 'facebook', 'instagram', 'whatsapp', 'referral',
                          'cold_call', 'social_media', 'event', 'api', 'other')),
    suggestion_status text not null default 'manual' constraint leads_suggestion_status_check
        check (suggestion_status in ('suggested', 'approved', 'rejected', 'manual')),
    enrichment_status text not null default 'pending' constraint leads_enrichment_status_check
        check (enrichment_status in ('pending', 'processing', 'completed', 'failed')),
    persona text constraint leads_persona_check check (persona in ('buyer', 'influencer', 'end_user')),
    score double precision,
    score_breakdown jsonb,
    estimated_value numeric(12, 2),
    currency varchar(3),
    notes text,
    assigned_to uuid,
    lead_reference_id varchar(255),
    api_key_id uuid,
    raw_payload jsonb,
    custom_fields jsonb,
    enrichment_data jsonb,
    consent jsonb,
    utm jsonb,
    converted_at timestamptz,
    converted_to_deal_id uuid,
    last_enriched_at timestamptz,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint leads_account_id_fkey foreign key (account_id, tenant_id) references accounts (id, tenant_id),
    constraint leads_product_id_fkey foreign key (product_id, tenant_id) references products (id, tenant_id)
);
create unique index leads_lead_reference_id_key on leads (tenant_id, lead_reference_id)
    where deleted_at is null and lead_reference_id is not null;
create index leads_score_idx on leads (tenant_id, score desc nulls last, id desc) where deleted_at is null;
create index leads_status_idx on leads (tenant_id, status, score desc nulls last, id desc) where deleted_at is null;
create index leads_created_at_idx on leads (tenant_id, created_at desc nulls last, id desc) where deleted_at is null;
create index leads_email_idx on leads (tenant_id, email) where deleted_at is null and email is not null;
create index leads_phone_idx on leads (tenant_id, phone) where deleted_at is null and phone is not null;
create index leads_linkedin_url_idx on leads (tenant_id, linkedin_url)
    where deleted_at is null and linkedin_url is not null;
create index leads_account_id_idx on leads (tenant_id, account_id) where account_id is not null;
create index leads_assigned_to_idx on leads (tenant_id, assigned_to, score desc nulls last, id desc)
    where deleted_at is null and assigned_to is not null;
create index leads_enrichment_data_idx on leads using gin (enrichment_data);
select tenant_table('leads', 'select, insert, update');

-- Deleting an account takes its leads along; restoring it brings back those that went with it.
create function cascade_account_deletion() returns trigger language plpgsql as $$
begin
    if new.deleted_at is not null and old.deleted_at is null then
        update leads set deleted_at = new.deleted_at, updated_at = new.updated_at, version = version + 1
            where account_id = new.id and deleted_at is null;
    elsif new.deleted_at is null and old.deleted_at is not null then
        update leads set deleted_at = null, updated_at = new.updated_at, version = version + 1
            where account_id = new.id and deleted_at = old.deleted_at;
    end if;
    return null;
end $$;
create trigger accounts_deletion_cascade after update of deleted_at on accounts
    for each row execute function cascade_account_deletion();

create table api_keys (
    id uuid primary key,
    tenant_id uuid not null,
    name varchar(100) not null,
    prefix varchar(16) not null,
    sha256 bytea not null,
    scopes text[] not null,
    allowed_origins text[] not null default '{}',
    rate_limit integer constraint api_keys_rate_limit_check check (rate_limit > 0),
    expires_at timestamptz,
    last_used_at timestamptz,
    use_count bigint not null default 0,
    revoked_at timestamptz,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint api_keys_sha256_key unique (sha256)
);
create index api_keys_created_at_idx on api_keys (tenant_id, created_at desc nulls last, id desc)
    where deleted_at is null;
select tenant_table('api_keys', 'select, insert, update');
-- A key names its tenant, so it is looked up before the tenant is known; use is counted behind the requests.
select system_table('api_keys', 'select, update');
