-- Tenants take turns when mails are handed over.
create index mails_turns_idx on mails (tenant_id, next_attempt_at) where next_attempt_at is not null;
