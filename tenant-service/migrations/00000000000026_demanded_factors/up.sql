-- Whether a tenant demands a second factor is asked together with what somebody may do there, across tenants.
select system_table('settings', 'select');
create index settings_demanded_factors_idx on settings (tenant_id)
    where key = 'require_second_factor' and user_id is null and deleted_at is null;
