-- Searches look for each word in one text of all the columns they look into, folded as `folded` does. ILIKE on it is what
-- the index serves behind Row-Level Security (docs/decisions/0016-search-behind-policies.md); a condition on a function
-- of the columns would not be. Conditions on single columns use the same index.
alter table leads add column search_text text not null generated always as (folded(
    coalesce(first_name, '') || ' ' || coalesce(last_name, '') || ' ' || coalesce(email, '') || ' ' ||
    coalesce(phone, '') || ' ' || coalesce(company_name, '') || ' ' || coalesce(role_title, ''))) stored;
alter table accounts add column search_text text not null generated always as (folded(
    coalesce(name, '') || ' ' || coalesce(website, '') || ' ' || coalesce(industry, '') || ' ' ||
    coalesce(location, '') || ' ' || coalesce(description, ''))) stored;
alter table contacts add column search_text text not null generated always as (folded(
    coalesce(first_name, '') || ' ' || coalesce(last_name, '') || ' ' || coalesce(email, '') || ' ' ||
    coalesce(phone, '') || ' ' || coalesce(role_title, ''))) stored;
alter table deals add column search_text text not null generated always as (folded(
    coalesce(title, '') || ' ' || coalesce(contact_name, '') || ' ' || coalesce(contact_email, '') || ' ' ||
    coalesce(company_name, ''))) stored;
alter table customers add column search_text text not null generated always as (folded(
    coalesce(name, '') || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '') || ' ' ||
    coalesce(company_name, '') || ' ' || coalesce(city, ''))) stored;
alter table orders add column search_text text not null generated always as (folded(
    coalesce(order_number, '') || ' ' || coalesce(title, '') || ' ' || coalesce(tracking_number, ''))) stored;
alter table activities add column search_text text not null generated always as (folded(
    coalesce(subject, '') || ' ' || coalesce(description, ''))) stored;
alter table tasks add column search_text text not null generated always as (folded(
    coalesce(title, '') || ' ' || coalesce(description, ''))) stored;
alter table issues add column search_text text not null generated always as (folded(
    coalesce(title, '') || ' ' || coalesce(description, ''))) stored;
alter table customer_interactions add column search_text text not null generated always as (folded(
    coalesce(subject, '') || ' ' || coalesce(description, ''))) stored;
drop index leads_search_idx, accounts_search_idx, contacts_search_idx, deals_search_idx, customers_search_idx,
    orders_search_idx, activities_search_idx, tasks_search_idx, issues_search_idx, customer_interactions_search_idx;
create index leads_search_idx on leads using gin (search_text public.gin_trgm_ops)
    with (gin_pending_list_limit = 65536) where deleted_at is null;
create index accounts_search_idx on accounts using gin (search_text public.gin_trgm_ops) where deleted_at is null;
create index contacts_search_idx on contacts using gin (search_text public.gin_trgm_ops) where deleted_at is null;
create index deals_search_idx on deals using gin (search_text public.gin_trgm_ops) where deleted_at is null;
create index customers_search_idx on customers using gin (search_text public.gin_trgm_ops) where deleted_at is null;
create index orders_search_idx on orders using gin (search_text public.gin_trgm_ops) where deleted_at is null;
create index activities_search_idx on activities using gin (search_text public.gin_trgm_ops) where deleted_at is null;
create index tasks_search_idx on tasks using gin (search_text public.gin_trgm_ops) where deleted_at is null;
create index issues_search_idx on issues using gin (search_text public.gin_trgm_ops) where deleted_at is null;
create index customer_interactions_search_idx on customer_interactions using gin (search_text public.gin_trgm_ops)
    where deleted_at is null;
