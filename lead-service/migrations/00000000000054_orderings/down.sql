create index pipelines_created_at_idx on pipelines (tenant_id, created_at, id) where deleted_at is null;
drop index deal_stages_list_idx, pipelines_list_idx;
