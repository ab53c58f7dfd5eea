alter table notifications alter column created_at set default now();
