drop index accounts_name_key_idx, customers_phone_key_idx, customers_email_key_idx, contacts_linkedin_key_idx,
    contacts_phone_key_idx, contacts_email_key_idx;
alter table accounts drop column name_key;
alter table customers drop column phone_key, drop column email_key;
alter table contacts drop column linkedin_key, drop column phone_key, drop column email_key;
