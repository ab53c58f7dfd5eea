-- The list filtered by record.
create index deliveries_record_idx on deliveries (tenant_id, entity_id, created_at desc nulls last, id desc);
-- The list filtered by `held`. Not a partial index: a kept plan, which does not know the value it is run with, could not use one.
create index deliveries_held_created_at_idx on deliveries (tenant_id, held, created_at desc nulls last, id desc);
-- The delivery of a record that is next or under way, found without looking through those that are held.
create index deliveries_next_idx on deliveries (endpoint_id, entity_id)
    where status in ('pending', 'in_progress') and not held;
drop index deliveries_entity_id_idx;
-- Events of a record that are still to be handled again: read for every new delivery and for every one that ends.
create index inbox_set_aside_idx on inbox (tenant_id, entity_id) where status in ('PENDING', 'PROCESSING');
