-- Who asked for a job. Whoever sees only records of their own sees the jobs they started.
alter table jobs add column started_by uuid;
create index jobs_started_by_idx on jobs (tenant_id, started_by, created_at desc nulls last, id desc);
