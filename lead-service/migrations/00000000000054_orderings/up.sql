-- Lists are ordered `desc nulls last` or the very contrary, and one index serves both.
create index pipelines_list_idx on pipelines (tenant_id, created_at desc nulls last, id desc) where deleted_at is null;
create index deal_stages_list_idx on deal_stages (tenant_id, "order" desc nulls last, id desc) where deleted_at is null;
drop index pipelines_created_at_idx;
