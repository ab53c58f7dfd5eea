-- Lists are ordered by what their records are called, for people: in the collation of the root locale, which the index must
-- say (docs/decisions/0043-searches-read-folded-texts.md). Leads have one for the last name alone, and none for the
-- first name and the company: each would be written with every lead that comes in.
create index leads_last_name_idx on leads (tenant_id, last_name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;

drop index accounts_name_idx;
create index accounts_name_idx on accounts (tenant_id, name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
-- For the filter by a whole name, which compares bytes.
create index accounts_exact_name_idx on accounts (tenant_id, name) where deleted_at is null;

create index contacts_first_name_idx on contacts (tenant_id, first_name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index contacts_last_name_idx on contacts (tenant_id, last_name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;

create index customers_first_name_idx on customers (tenant_id, first_name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index customers_last_name_idx on customers (tenant_id, last_name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index customers_company_name_idx
    on customers (tenant_id, company_name collate "und-x-icu" desc nulls last, id desc) where deleted_at is null;

create index deals_title_idx on deals (tenant_id, title collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index deals_contact_name_idx on deals (tenant_id, contact_name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index deals_company_name_idx on deals (tenant_id, company_name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;

create index orders_title_idx on orders (tenant_id, title collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index tasks_title_idx on tasks (tenant_id, title collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index issues_title_idx on issues (tenant_id, title collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;

create index products_name_idx on products (tenant_id, name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index pipelines_name_idx on pipelines (tenant_id, name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index deal_stages_name_idx on deal_stages (tenant_id, name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index customer_tags_name_idx on customer_tags (tenant_id, name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index customer_segments_name_idx on customer_segments (tenant_id, name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index scoring_models_name_idx on scoring_models (tenant_id, name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index assignment_rules_name_idx on assignment_rules (tenant_id, name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index api_keys_name_idx on api_keys (tenant_id, name collate "und-x-icu" desc nulls last, id desc)
    where deleted_at is null;
create index imports_file_name_idx on imports (tenant_id, file_name collate "und-x-icu" desc nulls last, id desc);
