drop index inbox_set_aside_idx;
create index deliveries_entity_id_idx on deliveries (endpoint_id, entity_id, position, id)
    where status in ('pending', 'in_progress');
drop index deliveries_next_idx, deliveries_held_created_at_idx, deliveries_record_idx;
