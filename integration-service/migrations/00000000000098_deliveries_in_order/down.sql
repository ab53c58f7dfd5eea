drop index deliveries_held_idx, deliveries_entity_id_idx, deliveries_due_idx;
create index deliveries_due_idx on deliveries (endpoint_id, (coalesce(leased_until, next_attempt_at)))
    where status in ('pending', 'in_progress');
alter table deliveries drop column entity_id, drop column position, drop column held;
alter table webhook_endpoints drop column ordered;
