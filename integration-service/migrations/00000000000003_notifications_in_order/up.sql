-- Taken when the row is written, under the tenant's lock, and not when its transaction began: notifications become visible in
-- the order of their times.
alter table notifications alter column created_at set default clock_timestamp();
