do $$ begin
    execute format('revoke delete on import_rows from %I', app_role());
end $$;
alter table imports drop column chunks, drop column format;
