-- The planner asks stable functions for their values. Where it looked at the policies it found the tenant that happened to be
-- entered, or none, for which it expected no row: a lead was looked for by its id in an index of its tenant's leads by time,
-- through all of them. What a subquery gives is not known before a statement runs, so that plans are the same for all
-- tenants, but for statements that ask for one of their own: docs/decisions/0024-plans-do-not-depend-on-the-tenant.md.
create function of_the_tenant() returns text language sql immutable as $$
    select 'tenant_id = coalesce('
        'case when current_setting(''app.plans'', true) = ''tenant'' '
        'then nullif(current_setting(''app.tenant_id'', true), '''')::uuid end, '
        '(select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))'
$$;

create or replace function tenant_table(target regclass, rights text) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format('alter table %s alter column tenant_id set (n_distinct = 20)', target);
    execute format('create policy tenant_isolation on %s for all to %I using (%s) with check (%s)',
        target, app_role(), of_the_tenant(), of_the_tenant());
    execute format('create policy tenant_move on %s for all to %I using (%s) with check (%s)',
        target, current_user, of_the_tenant(), of_the_tenant());
    execute format('grant %s on %s to %I', rights, target, app_role());
end $$;

do $$
declare
    target record;
begin
    for target in select tablename, policyname from pg_policies
        where schemaname = current_schema() and policyname in ('tenant_isolation', 'tenant_move')
    loop
        execute format('alter policy %I on %I using (%s) with check (%s)',
            target.policyname, target.tablename, of_the_tenant(), of_the_tenant());
        -- A twentieth of the table is every tenant's, however many there are; known from the next statistics on.
        execute format('alter table %I alter column tenant_id set (n_distinct = 20)', target.tablename);
    end loop;
end $$;
