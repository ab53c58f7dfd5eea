drop index settings_demanded_factors_idx;
drop policy system_access on settings;
do $$ begin execute format('revoke select on settings from %I', system_role()); end $$;
