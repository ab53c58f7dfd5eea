-- Files come as tables or as one JSON object a line. One that was only looked at may be written afterwards, by another
-- mapping; what was said of its rows is then forgotten.
alter table imports add column format text not null default 'csv'
    constraint imports_format_check check (format in ('csv', 'ndjson')),
    -- How many pieces the file came in; none for those from before.
    add column chunks bigint;
do $$ begin
    execute format('grant delete on import_rows to %I', app_role());
end $$;
