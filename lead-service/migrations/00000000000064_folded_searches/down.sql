-- The indexes go with the column.
alter table customer_interactions drop column search_text;
alter table issues drop column search_text;
alter table tasks drop column search_text;
alter table activities drop column search_text;
alter table orders drop column search_text;
alter table customers drop column search_text;
alter table deals drop column search_text;
alter table contacts drop column search_text;
alter table accounts drop column search_text;
alter table leads drop column search_text;
create index leads_search_idx on leads using gin (
    first_name public.gin_trgm_ops, last_name public.gin_trgm_ops, email public.gin_trgm_ops,
    phone public.gin_trgm_ops, company_name public.gin_trgm_ops, role_title public.gin_trgm_ops) with (gin_pending_list_limit = 65536) where deleted_at is null;
create index accounts_search_idx on accounts using gin (
    name public.gin_trgm_ops, website public.gin_trgm_ops, industry public.gin_trgm_ops,
    location public.gin_trgm_ops, description public.gin_trgm_ops) where deleted_at is null;
create index contacts_search_idx on contacts using gin (
    first_name public.gin_trgm_ops, last_name public.gin_trgm_ops, email public.gin_trgm_ops,
    phone public.gin_trgm_ops, role_title public.gin_trgm_ops) where deleted_at is null;
create index deals_search_idx on deals using gin (
    title public.gin_trgm_ops, contact_name public.gin_trgm_ops, contact_email public.gin_trgm_ops,
    company_name public.gin_trgm_ops) where deleted_at is null;
create index customers_search_idx on customers using gin (
    name public.gin_trgm_ops, email public.gin_trgm_ops, phone public.gin_trgm_ops, company_name public.gin_trgm_ops,
    city public.gin_trgm_ops) where deleted_at is null;
create index orders_search_idx on orders using gin (
    order_number public.gin_trgm_ops, title public.gin_trgm_ops, tracking_number public.gin_trgm_ops) where deleted_at is null;
create index activities_search_idx on activities using gin (
    subject public.gin_trgm_ops, description public.gin_trgm_ops) where deleted_at is null;
create index tasks_search_idx on tasks using gin (
    title public.gin_trgm_ops, description public.gin_trgm_ops) where deleted_at is null;
create index issues_search_idx on issues using gin (
    title public.gin_trgm_ops, description public.gin_trgm_ops) where deleted_at is null;
create index customer_interactions_search_idx on customer_interactions using gin (
    subject public.gin_trgm_ops, description public.gin_trgm_ops) where deleted_at is null;
