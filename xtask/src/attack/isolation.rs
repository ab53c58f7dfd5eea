//! Row-Level Security as PostgreSQL's own catalogue tells it, and as the application's role finds it.

use anyhow::Result;

use super::stage::{Own, Stage};
use super::verdict::Suite;
use crate::services::DATABASES;

/// Tables with a tenant, in every schema that is not PostgreSQL's.
const TABLES: &str = "select n.nspname || '.' || c.relname, c.relrowsecurity, c.relforcerowsecurity, r.rolname, c.oid \
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner \
    where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') \
    and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)";

/// Runs the suite.
pub(super) fn run(stage: &Stage, suite: &Suite) -> Result<()> {
    let Some(own) = &stage.own else {
        suite.skip("the databases of somebody else's platform are not ours to look into");
        return Ok(());
    };
    for database in DATABASES {
        roles(own, suite, database)?;
        for row in own.sql(database)?.rows(TABLES)? {
            if let [table, enabled, forced, owner, oid] = row.as_slice() {
                catalogue(own, suite, database, &Table { name: table, enabled, forced, owner, oid })?;
                from_within(stage, own, suite, database, table)?;
            }
        }
    }
    Ok(())
}

struct Table<'a> {
    name: &'a str,
    enabled: &'a str,
    forced: &'a str,
    owner: &'a str,
    oid: &'a str,
}

fn roles(own: &Own, suite: &Suite, database: &str) -> Result<()> {
    let mighty = format!(
        "select rolname from pg_roles where rolname in ('{database}_app', '{database}_system', '{database}_owner') \
         and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)"
    );
    none(own, suite, database, "no role of the services is mighty", &mighty)?;
    let members = format!(
        "select m.rolname from pg_auth_members a join pg_roles m on m.oid = a.member \
         where m.rolname in ('{database}_app', '{database}_system')"
    );
    none(own, suite, database, "no role of the services may become another", &members)?;
    let owned = format!(
        "select c.relname from pg_class c join pg_roles r on r.oid = c.relowner \
         where r.rolname in ('{database}_app', '{database}_system')"
    );
    none(own, suite, database, "the connecting roles own nothing", &owned)?;
    let views = format!(
        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'v' \
         and n.nspname = 'public' and has_table_privilege('{database}_app', c.oid, 'select') \
         and not coalesce(c.reloptions::text like '%security_invoker=%', false) \
         and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')"
    );
    none(own, suite, database, "views of tenants' rows are read with the reader's rights", &views)?;
    let elsewhere: Vec<&str> = DATABASES.into_iter().filter(|other| *other != database).collect();
    for other in elsewhere {
        let opened = own.sql_as(database, "app").and_then(|_| {
            let superuser = own.platform.postgres_url(other);
            let password = own.secrets.databases.get(database).map_or("", String::as_str);
            let address = superuser.split_once('@').map_or("", |(_, address)| address);
            let url = format!("postgres://{database}_app:{password}@{address}");
            crate::sql::Sql::at(&url, own.binaries())?.rows("select 1")
        });
        let outcome = if opened.is_err() { Ok(()) } else { Err("it can".to_owned()) };
        suite.case(
            &format!("{database}_app cannot connect to the database {other}"),
            || format!("psql -U {database}_app {other}"),
            outcome,
        );
    }
    Ok(())
}

fn catalogue(own: &Own, suite: &Suite, database: &str, table: &Table<'_>) -> Result<()> {
    let Table { name, enabled, forced, owner, oid } = table;
    let case = |what: &str, holds: bool, found: &str| {
        let outcome = if holds { Ok(()) } else { Err(found.to_owned()) };
        suite.case(
            &format!("{database}: {name}: {what}"),
            || format!("psql {database} -c '\\d {name}'"),
            outcome,
        );
    };
    case("policies are enabled", *enabled == "t", "they are not");
    case("policies are forced", *forced == "t", "they are not");
    case("the owner is the owner's role", *owner == format!("{database}_owner"), owner);
    let policies = "select p.polname, p.polcmd, coalesce(pg_get_expr(p.polqual, p.polrelid), ''), \
                    coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''), \
                    coalesce((select string_agg(rolname, ',') from pg_roles where oid = any(p.polroles)), 'public') \
                    from pg_policy p where p.polrelid = ";
    let rows = own.sql(database)?.rows(&format!("{policies}{oid}"))?;
    let app = format!("{database}_app");
    let of_app = rows.iter().filter(|row| {
        row.get(4).is_some_and(|roles| roles.split(',').any(|role| role == app || role == "public"))
    });
    let of_app: Vec<&Vec<String>> = of_app.collect();
    let reachable = "select bool_or(has_table_privilege(r, oid, p)) from pg_class, unnest(array['select', 'insert', 'update', 'delete']) p, ";
    let granted =
        own.sql(database)?.rows(&format!("{reachable} (select '{app}'::name r) x where oid = {oid}"))?;
    if granted.first().and_then(|row| row.first()).is_none_or(|value| value != "t") {
        return Ok(());
    }
    case("a policy binds the application's role", !of_app.is_empty(), "none does");
    for row in of_app {
        let [policy, command, using, check, _] = row.as_slice() else { continue };
        if command == "r" {
            continue;
        }
        let both = using.contains("app.tenant_id") && check.contains("app.tenant_id");
        case(
            &format!("policy {policy} holds for reading and writing"),
            both,
            &format!("using {using} with check {check}"),
        );
    }
    Ok(())
}

/// What the application's role sees without a tenant, and with ours.
fn from_within(stage: &Stage, own: &Own, suite: &Suite, database: &str, table: &str) -> Result<()> {
    let app = own.sql_as(database, "app")?;
    let app = |statements: String| app.rows(&statements);
    let paste = |statements: &str| {
        format!("psql -U {database}_app {database} -c {}", crate::wire::quoted(statements))
    };
    let (ours, theirs) = (&stage.ours.id, &stage.theirs.id);
    let count = format!("select count(*) from {table} where tenant_id is not null");
    let Ok(rows) = app(count.clone()) else {
        // No right to read at all is the strictest policy.
        return Ok(());
    };
    let seen = |rows: &[Vec<String>]| rows.last().and_then(|row| row.first()).cloned().unwrap_or_default();
    let none = |found: String| if found == "0" { Ok(()) } else { Err(format!("{found} rows are seen")) };
    suite.case(&format!("{database}: {table}: no tenant, no rows"), || paste(&count), none(seen(&rows)));
    let foreign = format!(
        "begin; set local app.tenant_id = '{ours}'; select count(*) from {table} where tenant_id = '{theirs}'; commit;"
    );
    suite.case(
        &format!("{database}: {table}: of another tenant, no rows"),
        || paste(&foreign),
        none(seen(&app(foreign.clone())?)),
    );
    for (what, statement) in [
        ("given away", format!("update {table} set tenant_id = '{theirs}'")),
        ("taken over", format!("update {table} set tenant_id = '{ours}' where tenant_id = '{theirs}'")),
    ] {
        let text = format!(
            "begin; set local app.tenant_id = '{ours}'; with x as ({statement} returning 1) select count(*) from x; rollback;"
        );
        let outcome = match app(text.clone()) {
            Ok(rows) => none(seen(&rows)),
            Err(_) => Ok(()),
        };
        suite.case(&format!("{database}: {table}: no row is {what}"), || paste(&text), outcome);
    }
    Ok(())
}

fn none(own: &Own, suite: &Suite, database: &str, what: &str, statement: &str) -> Result<()> {
    let found: Vec<String> = own.sql(database)?.rows(statement)?.into_iter().flatten().collect();
    let outcome = if found.is_empty() { Ok(()) } else { Err(found.join(", ")) };
    suite.case(
        &format!("{database}: {what}"),
        || format!("psql {database} -c {}", crate::wire::quoted(statement)),
        outcome,
    );
    Ok(())
}
