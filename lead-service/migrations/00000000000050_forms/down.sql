alter table ingests drop column mapping;
alter table leads drop column submitted_at, drop column is_test;
drop table form_mappings;
drop index api_keys_id_tenant_id_key;
