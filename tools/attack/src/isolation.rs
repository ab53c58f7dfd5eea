//! Row-Level Security according to PostgreSQL's catalogue, and as seen by the application's role.

use anyhow::Result;

use super::examination::{Table, examine, tables};
use super::stage::{Own, Stage};
use super::verdict::Suite;
use devstack::services::DATABASES;

/// Runs the suite.
pub(super) fn run(stage: &Stage, suite: &Suite) -> Result<()> {
    let Some(own) = &stage.own else {
        suite.skip("the databases of somebody else's platform are not ours to look into");
        return Ok(());
    };
    for database in DATABASES {
        roles(own, suite, database)?;
        let tables = tables(own, database)?;
        let untouched: Vec<(&Table, String)> = tables.iter().map(|table| (table, String::new())).collect();
        for (table, facts) in tables.iter().zip(examine(own, &untouched)?) {
            if let Some(reason) = facts.emptiness() {
                suite.skip(&format!("no rows could be put into {}: {reason}", table.name));
            }
            for (question, answer) in facts.findings(table) {
                let paste = || format!("psql {database} -c '\\d {}'", table.name);
                suite.case(&format!("{database}: {}: {question}", table.name), paste, answer);
            }
        }
    }
    Ok(())
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
            devstack::sql::Sql::at(&url, own.binaries())?.rows("select 1")
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

fn none(own: &Own, suite: &Suite, database: &str, what: &str, statement: &str) -> Result<()> {
    let found: Vec<String> = own.sql(database)?.rows(statement)?.into_iter().flatten().collect();
    let outcome = if found.is_empty() { Ok(()) } else { Err(found.join(", ")) };
    suite.case(
        &format!("{database}: {what}"),
        || format!("psql {database} -c {}", devstack::wire::quoted(statement)),
        outcome,
    );
    Ok(())
}
