drop function in_every_schema(text);
drop function hide_shared_tables(text);
drop function show_shared_tables(text);
drop function make_references_deferrable(text);
drop function moved_tables();
drop function shared_tables();
drop function enter_tenant(uuid, integer);
do $$
declare
    target record;
begin
    for target in select tablename, policyname from pg_policies
        where schemaname = current_schema() and policyname in ('tenant_move', 'placements')
    loop
        execute format('drop policy %I on %I', target.policyname, target.tablename);
    end loop;
end $$;
create or replace function tenant_table(target regclass, rights text) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format(
        'create policy tenant_isolation on %s for all to %I '
        'using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid) '
        'with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)',
        target, app_role());
    execute format('grant %s on %s to %I', rights, target, app_role());
end $$;
alter table tenant_states
    drop column schema_name, drop column schema_level, drop column writes_paused_until, drop column move_order;
