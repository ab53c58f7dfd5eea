-- Members who were inactive before it was kept since when: since their last change, which is what was told of them so far. From
-- now on that no longer moves with every other change, so that what they hold is handed over once.

-- Policies speak to one tenant at a time, so the owner steps around them.
alter table memberships no force row level security;
update memberships set inactive_since = updated_at
    where status = 'inactive' and deleted_at is null and inactive_since is null;
alter table memberships force row level security;
