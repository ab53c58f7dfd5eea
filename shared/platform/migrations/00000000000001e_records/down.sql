alter table outbox drop column record;
