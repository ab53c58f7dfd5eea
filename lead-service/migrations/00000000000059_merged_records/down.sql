create index activities_lead_id_idx on activities (tenant_id, lead_id, created_at desc, id desc)
    where deleted_at is null and lead_id is not null;
drop index activities_lead_idx;
create index tasks_entity_id_idx on tasks (tenant_id, entity_id) where deleted_at is null and entity_id is not null;
drop index tasks_subject_idx;
drop index leads_merged_into_idx;
alter table lead_merges drop column moved_records;
