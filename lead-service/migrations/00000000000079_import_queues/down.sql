drop index imports_finished_at_idx;
drop index imports_due_idx;
create index imports_due_idx on imports (created_at)
    where status in ('pending', 'validating', 'running') and mode <> 'preview' or is_undoing;
drop index imports_worker_key;
alter table imports drop column rows_gone_at, drop column queued_at;
