drop table tenant_states, idempotency_keys, dead_letters, inbox, outbox, events;
drop function global_table, system_table, tenant_table, system_role, app_role;
