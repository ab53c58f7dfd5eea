do $$ begin
    execute format('revoke update on signing_keys from %I', app_role());
    execute format('revoke all on signing_keys from %I', system_role());
end $$;
alter table signing_keys drop column retired_at;
