drop function holders(uuid, text[], text[], text[], text[]);
drop trigger leads_reference_by_hand on leads;
drop function reference_by_hand();
drop index leads_lead_reference_id_key;
alter table identity_keys no force row level security;
update identity_keys set value = substring(value from '^(?:key|address|import):[^ ]+ (.*)$')
    where kind = 'reference' and value ~ '^(?:key|address|import):[^ ]+ ';
alter table identity_keys force row level security;
alter table ingests drop column source_key;
alter table leads drop column source_key;
create unique index leads_lead_reference_id_key on leads (tenant_id, lead_reference_id)
    where deleted_at is null and lead_reference_id is not null;
