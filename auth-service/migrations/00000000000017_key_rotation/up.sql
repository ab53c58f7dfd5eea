-- A new signing key takes the place of the active one, which goes on verifying until what it signed has expired.
alter table signing_keys add column retired_at timestamptz;
update signing_keys set retired_at = now() where status = 'retiring';
select global_table('signing_keys', 'update');
-- Background work removes keys and sees none.
select system_table('signing_keys', 'select (status, retired_at), delete');
