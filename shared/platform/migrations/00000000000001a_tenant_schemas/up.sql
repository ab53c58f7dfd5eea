-- Tenants with a schema of their own: docs/decisions/0007-schema-tier.md. The very same migrations make and change
-- the tables in `public` and in every tenant's schema; what is called by name in `public` serves both.

alter table tenant_states
    -- Where the tenant's rows are; null: in `public`, with everybody's.
    add column schema_name text,
    -- How many migrations that schema has seen.
    add column schema_level integer not null default 0,
    -- Set while the last rows of a move are taken over: until then the tenant is only read.
    add column writes_paused_until timestamptz,
    -- The latest order to move; earlier ones are void.
    add column move_order bigint not null default 0,
    add constraint tenant_states_schema_name_key unique (schema_name);

-- As before; and the owner, who moves rows between schemas, is held to one tenant at a time as well.
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

do $$
declare
    of_the_tenant constant text := 'tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid';
    target text;
begin
    for target in select tablename from pg_policies
        where schemaname = current_schema() and policyname = 'tenant_isolation'
    loop
        execute format('create policy tenant_move on %I for all to %I using (%s) with check (%s)',
            target, current_user, of_the_tenant, of_the_tenant);
    end loop;
    -- Who is where is asked across tenants when schemas are migrated.
    execute format('create policy placements on tenant_states for all to %I using (true) with check (true)',
        current_user);
end $$;

-- Begins a tenant's part of a transaction: whose rows are seen, where they are, and whether they may be written. Found
-- with the search path of a new transaction. `level` is the number of migrations that the caller was built with.
--
-- Every transaction begins with this, so it asks one question. Assignments are cheaper than queries.
create function enter_tenant(tenant uuid, level integer) returns void language plpgsql as $$
declare
    place text;
    seen integer;
    paused_until timestamptz;
begin
    place := set_config('app.tenant_id', tenant::text, true);
    select s.schema_name, s.schema_level, s.writes_paused_until into place, seen, paused_until
        from public.tenant_states s where s.tenant_id = tenant;
    if place is not null then
        if seen < level then
            raise exception 'the schema of tenant % is not migrated yet', tenant;
        end if;
        place := set_config('search_path', format('%I, public', place), true);
    end if;
    if paused_until is not null then
        -- A transaction that only reads leaves that to one that writes.
        if paused_until < clock_timestamp() and current_setting('transaction_read_only') = 'off' then
            -- Whoever paused the writes has died: unless it is just about to finish, they go on here. The row tells
            -- it, should it come back, that its pause is over.
            perform from public.tenant_states s
                where s.tenant_id = tenant and s.writes_paused_until = paused_until
                for update skip locked;
            if found then
                update public.tenant_states set writes_paused_until = null where tenant_id = tenant;
                return;
            end if;
        end if;
        place := set_config('transaction_read_only', 'on', true);
    end if;
end $$;

-- Tables that stay in `public` for every tenant: those that relays, workers and look-ups read across tenants, those
-- that belong to no tenant, and what either of them refers to.
create function shared_tables() returns setof text language sql stable as $$
    with recursive shared (id) as (
        select c.oid from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and c.relname <> '__diesel_schema_migrations'
            and (has_table_privilege(public.system_role()::name, c.oid, 'select, insert, update, delete')
                or not exists (select from pg_attribute a
                    where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped))
        union
        select f.confrelid from pg_constraint f join shared on f.conrelid = shared.id where f.contype = 'f'
    )
    select c.relname::text from shared join pg_class c on c.oid = shared.id
$$;

-- Tables that are in the tenant's own schema when it has one.
create function moved_tables() returns setof text language sql stable as $$
    select c.relname::text from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> '__diesel_schema_migrations' and c.relname not in (select public.shared_tables())
$$;

-- References can be checked at the end of a transaction, so that rows are moved in any order.
create function make_references_deferrable(place text) returns void language plpgsql as $$
declare
    reference record;
begin
    for reference in select f.conname, c.relname from pg_constraint f join pg_class c on c.oid = f.conrelid
        where f.contype = 'f' and not f.condeferrable and f.conparentid = 0
            and f.connamespace = quote_ident(place)::regnamespace
    loop
        execute format('alter table %I.%I alter constraint %I deferrable initially immediate',
            place, reference.relname, reference.conname);
    end loop;
end $$;

-- A tenant's schema holds the shared tables too, empty, for its migrations to work on. Between migrations they have
-- another name, so that their name means the one in `public`.
create function show_shared_tables(place text) returns void language plpgsql as $$
declare
    hidden text;
begin
    for hidden in select relname from pg_class
        where relnamespace = quote_ident(place)::regnamespace and relkind in ('r', 'p') and relname like '~%'
    loop
        execute format('alter table %I.%I rename to %I', place, hidden, substr(hidden, 2));
    end loop;
end $$;

create function hide_shared_tables(place text) returns void language plpgsql as $$
declare
    own constant oid := quote_ident(place)::regnamespace;
    shared constant text[] := array(select public.shared_tables());
    target record;
    name text;
    is_filled boolean;
begin
    perform set_config('search_path', quote_ident(place), true);
    for name in select c.relname from pg_class c where c.relnamespace = own and c.relkind in ('v', 'm')
        and exists (select from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
            join pg_class read on read.oid = d.refobjid and d.refclassid = 'pg_class'::regclass
            where r.ev_class = c.oid and read.relnamespace = own and read.relname = any (shared))
    loop
        raise exception 'view % reads a table that is not in the tenant''s schema', name;
    end loop;
    for name in select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = own and c.relkind in ('r', 'p') and c.relname <> all (shared) and (a.attidentity <> ''
            or exists (select from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S'
                where d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.refobjsubid = a.attnum))
    loop
        raise exception 'table % counts by itself: its rows could not be moved among others', name;
    end loop;
    -- References to shared tables mean those in `public`. Definitions are read and run with another search_path.
    for target in select c.relname, f.conname, pg_get_constraintdef(f.oid) as definition
        from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_class r on r.oid = f.confrelid
        where f.contype = 'f' and f.conparentid = 0 and f.connamespace = own and r.relnamespace = own
            and r.relname = any (shared) and c.relname <> all (shared)
    loop
        execute format('alter table %I drop constraint %I', target.relname, target.conname);
        perform set_config('search_path', 'public', true);
        execute format('alter table %I.%I add constraint %I %s',
            place, target.relname, target.conname, target.definition);
        perform set_config('search_path', quote_ident(place), true);
    end loop;
    perform public.make_references_deferrable(place);
    foreach name in array shared loop
        execute format('select exists (select from %I)', name) into is_filled;
        if is_filled then
            raise exception 'table % is shared from now on, but holds rows in the tenant''s schema', name;
        end if;
        execute format('alter table %I rename to %I', name, '~' || name);
    end loop;
end $$;

-- Calls a function of that name in `public` and in every tenant's schema. One that fails does not stop the others.
create function in_every_schema(call text) returns void language plpgsql as $$
declare
    place text;
begin
    for place in select n.nspname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where p.proname = call and p.pronargs = 0 and (n.nspname = 'public' or n.nspname like 't\_%')
    loop
        begin
            execute format('select %I.%I()', place, call);
        exception when others then
            raise warning '% in schema %: %', call, place, sqlerrm;
        end;
    end loop;
end $$;
