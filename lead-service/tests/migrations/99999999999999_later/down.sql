drop table later_notes;
drop index api_keys_id_tenant_id_key, api_keys_later_idx;
alter table api_keys drop column later;
alter table products drop column later;
