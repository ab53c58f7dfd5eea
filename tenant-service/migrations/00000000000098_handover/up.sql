-- Since when a member is inactive: what they hold stays with them for some days. Null while they are active, and for those
-- who were inactive before this was kept.
alter table memberships add column inactive_since timestamptz;
