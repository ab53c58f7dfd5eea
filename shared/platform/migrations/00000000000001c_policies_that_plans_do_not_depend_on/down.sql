do $$
declare
    of_the_tenant constant text := 'tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid';
    target record;
begin
    for target in select tablename, policyname from pg_policies
        where schemaname = current_schema() and policyname in ('tenant_isolation', 'tenant_move')
    loop
        execute format('alter policy %I on %I using (%s) with check (%s)',
            target.policyname, target.tablename, of_the_tenant, of_the_tenant);
        execute format('alter table %I alter column tenant_id reset (n_distinct)', target.tablename);
    end loop;
end $$;
create or replace function tenant_table(target regclass, rights text) returns void language plpgsql as $$
declare
    of_the_tenant constant text := 'tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid';
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format('create policy tenant_isolation on %s for all to %I using (%s) with check (%s)',
        target, app_role(), of_the_tenant, of_the_tenant);
    execute format('create policy tenant_move on %s for all to %I using (%s) with check (%s)',
        target, current_user, of_the_tenant, of_the_tenant);
    execute format('grant %s on %s to %I', rights, target, app_role());
end $$;
drop function of_the_tenant();
