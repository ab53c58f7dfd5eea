do $$ begin
    execute format('revoke update on handover_records from %I', app_role());
end $$;
drop index handovers_next_attempt_at_idx;
create index handovers_next_attempt_at_idx on handovers (next_attempt_at) where status = 'pending';
-- Policies speak to the application's role only, so the owner steps around them.
alter table handovers no force row level security;
update handovers set status = 'cancelled' where status = 'returning';
alter table handovers force row level security;
alter table handovers drop constraint handovers_status_check;
alter table handovers add constraint handovers_status_check check (status in ('pending', 'done', 'cancelled', 'undone'));
