-- Tenants take turns in queues of jobs.
create index enrichment_handoffs_turns_idx on enrichment_handoffs (tenant_id, next_attempt_at);
create index handovers_turns_idx on handovers (tenant_id, next_attempt_at) where status in ('pending', 'returning');
-- While a walk is leased, due_at is the end of the lease; leased_until is only read by processes of the release before.
alter table rescorings add column attempts integer not null default 0;
