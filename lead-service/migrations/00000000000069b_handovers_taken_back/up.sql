-- A member may come back while what they hold is handed over. What went already comes back, a batch at a time, and the
-- handover is cancelled after that.
alter table handovers drop constraint handovers_status_check;
alter table handovers add constraint handovers_status_check
    check (status in ('pending', 'returning', 'done', 'cancelled', 'undone'));
drop index handovers_next_attempt_at_idx;
create index handovers_next_attempt_at_idx on handovers (next_attempt_at) where status in ('pending', 'returning');

-- A record that goes once more has another new owner, and one that an overtaken handover gave away belongs to the one that
-- overtook it.
do $$ begin
    execute format('grant update on handover_records to %I', app_role());
end $$;
