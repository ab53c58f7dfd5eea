drop index inbox_occurred_at_idx, inbox_event_type_idx, inbox_entity_id_idx, inbox_unfinished_idx;
alter table inbox drop column id;
drop table notifications, deliveries, webhook_endpoints;
