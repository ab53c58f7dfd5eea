-- Whether the events of one record are sent to an endpoint one after the other, in the order in which they happened.
alter table webhook_endpoints add column ordered boolean not null default true;

-- Of which record a delivery is, and the place of its event among those of that record's service; none of those from before.
alter table deliveries add column entity_id uuid, add column position bigint,
    -- Whether it waits for another one of its record. The one whose end another waits for lets it go, so that no worker looks
    -- through what waits.
    add column held boolean not null default false
        constraint deliveries_held_check check (not held or status = 'pending');

drop index deliveries_due_idx;
create index deliveries_due_idx on deliveries (endpoint_id, (coalesce(leased_until, next_attempt_at)))
    where status in ('pending', 'in_progress') and not held;
create index deliveries_entity_id_idx on deliveries (endpoint_id, entity_id, position, id)
    where status in ('pending', 'in_progress');
create index deliveries_held_idx on deliveries (endpoint_id, entity_id, position, id) where held;
