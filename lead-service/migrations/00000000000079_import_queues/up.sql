-- Imports of a tenant are worked off one after the other, in the order in which they were queued.
alter table imports add column queued_at timestamptz not null default now(),
    -- When its rows, its file and the samples of its columns were deleted, 30 days after its end.
    add column rows_gone_at timestamptz;
-- Policies speak to the application's role only, so the owner steps around them. Workers of an earlier release may hold
-- several imports of a tenant: they lose them here, and stop at their next batch.
lock table imports in share row exclusive mode;
alter table imports no force row level security;
update imports set queued_at = created_at where status in ('pending', 'validating', 'running') or is_undoing;
update imports set worker = null, leased_until = null where worker is not null;
alter table imports force row level security;
create unique index imports_worker_key on imports (tenant_id) where worker is not null;

drop index imports_due_idx;
create index imports_due_idx on imports (tenant_id, queued_at, id)
    where status in ('pending', 'validating', 'running') and mode <> 'preview' or is_undoing;
create index imports_finished_at_idx on imports (finished_at) where rows_gone_at is null and not is_undoing;
