-- The whole record after an update, for those who are sent more than what changed. Here and not in `events`, so that it is
-- gone once every subscriber has it.
alter table outbox add column record jsonb;
