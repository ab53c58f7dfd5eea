-- Adding a contact or a customer asks which records have one of these addresses, as a key or as the same text. Each of the texts
-- must have an index: without one of them all rows of the tenant are read for the others, too.
create index contacts_phone_idx on contacts (tenant_id, phone) where deleted_at is null and phone is not null;
create index contacts_linkedin_url_idx on contacts (tenant_id, linkedin_url)
    where deleted_at is null and linkedin_url is not null;
create index customers_phone_idx on customers (tenant_id, phone) where deleted_at is null and phone is not null;
