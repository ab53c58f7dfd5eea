-- Contacts and customers are known again by the canonical forms of their addresses, as leads are.
alter table contacts add column email_key text, add column phone_key text, add column linkedin_key text;
alter table customers add column email_key text, add column phone_key text;
-- A company is known again by its name without case, accents, spaces and punctuation.
alter table accounts add column name_key text;

-- What is there already is canonical but for a few providers' mailboxes, until it is written the next time. Policies speak to
-- the application's role only, so the owner steps around them.
alter table contacts no force row level security;
alter table customers no force row level security;
alter table accounts no force row level security;
update contacts set email_key = lower(email), phone_key = case when phone like '+%' then phone end,
    linkedin_key = lower(substring(linkedin_url from '(?i)^https?://(?:[a-z]+[.])?linkedin[.]com/(?:in|pub)/([^/?#]+)'));
update customers set email_key = lower(email), phone_key = case when phone like '+%' then phone end;
update accounts set name_key = coalesce(nullif(
    lower(regexp_replace(normalize(name, NFKD), '[^[:alnum:]+&#]', '', 'g')), ''), lower(name));
alter table contacts force row level security;
alter table customers force row level security;
alter table accounts force row level security;

create index contacts_email_key_idx on contacts (tenant_id, email_key)
    where deleted_at is null and email_key is not null;
create index contacts_phone_key_idx on contacts (tenant_id, phone_key)
    where deleted_at is null and phone_key is not null;
create index contacts_linkedin_key_idx on contacts (tenant_id, linkedin_key)
    where deleted_at is null and linkedin_key is not null;
create index customers_email_key_idx on customers (tenant_id, email_key)
    where deleted_at is null and email_key is not null;
create index customers_phone_key_idx on customers (tenant_id, phone_key)
    where deleted_at is null and phone_key is not null;
create index accounts_name_key_idx on accounts (tenant_id, name_key) where deleted_at is null;
