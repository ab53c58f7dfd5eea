//! One tenant-owned table under examination: what PostgreSQL's catalogue says of it, and what the application's role gets to
//! see and to change, with rows of two tenants in it. All of it happens in a transaction that is rolled back, in which a guard
//! may be broken first, to see whether the examination notices.

use anyhow::{Context, Result};
use serde::Deserialize;

use super::stage::Own;

/// The tenants of the rows that are put in: one that asks, and one that must not be reached.
const ASKING: &str = "aaaaaaaa-0000-4000-8000-00000000000a";
const OTHER: &str = "bbbbbbbb-0000-4000-8000-00000000000b";

/// Tables with a tenant, in every schema that is not PostgreSQL's.
const TABLES: &str = "select format('%I.%I', n.nspname, c.relname), (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) \
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') \
    from pg_class c join pg_namespace n on n.oid = c.relnamespace \
    where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') \
    and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) \
    order by 1";

/// A table of one database.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) database: &'static str,
    pub(super) name: String,
    /// Its columns that can be written, separated by commas.
    columns: String,
}

/// What is true of a table.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Facts {
    enabled: bool,
    forced: bool,
    owner: String,
    /// Whether the application's role can bypass every policy.
    bypasses: bool,
    /// Whether the application's role has any business with the table.
    reachable: bool,
    /// Whether it may read it.
    readable: bool,
    policies: Vec<Policy>,
    /// Why no rows could be put in, when that is so.
    rows: String,
    /// How many rows were seen or changed; `refused` when it came to nothing.
    unset: String,
    foreign: String,
    own: String,
    given: String,
    taken: String,
    inserted: String,
    removed: String,
}

/// A policy that binds the application's role.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Policy {
    pub(super) name: String,
    command: String,
    using: String,
    check: String,
}

/// A question and what is wrong, if anything is.
pub(super) type Finding = (String, Result<(), String>);

/// The tenant-owned tables of a database.
pub(super) fn tables(own: &Own, database: &'static str) -> Result<Vec<Table>> {
    let rows = own.sql(database)?.rows(TABLES)?;
    let table = |row: Vec<String>| match <[String; 2]>::try_from(row) {
        Ok([name, columns]) => Ok(Table { database, name, columns }),
        Err(row) => anyhow::bail!("an unexpected row: {row:?}"),
    };
    rows.into_iter().map(table).collect()
}

/// Examines tables of one database, each with every one of the changes; they are undone.
pub(super) fn examine(own: &Own, examined: &[(&Table, String)]) -> Result<Vec<Facts>> {
    let Some((first, _)) = examined.first() else { return Ok(Vec::new()) };
    let script: String = examined.iter().map(|(table, change)| script(table, change)).collect();
    let rows = own.sql(first.database)?.rows(&script)?;
    let facts = rows.into_iter().flatten().filter(|line| line.starts_with('{'));
    let facts: Vec<Facts> = facts
        .map(|line| serde_json::from_str(&line).with_context(|| format!("unexpected facts: {line}")))
        .collect::<Result<_>>()?;
    anyhow::ensure!(
        facts.len() == examined.len(),
        "{} of {} examinations ended",
        facts.len(),
        examined.len()
    );
    Ok(facts)
}

fn script(table: &Table, change: &str) -> String {
    let Table { database, name, columns } = table;
    let app = format!("{database}_app");
    let probes = [
        ("unset", "", format!("select count(*) from {name} where tenant_id in ('{ASKING}', '{OTHER}')")),
        ("foreign", ASKING, format!("select count(*) from {name} where tenant_id = '{OTHER}'")),
        ("own", ASKING, format!("select count(*) from {name} where tenant_id = '{ASKING}'")),
        (
            "given",
            ASKING,
            changed(&format!("update {name} set tenant_id = '{OTHER}' where tenant_id = '{ASKING}'")),
        ),
        (
            "taken",
            ASKING,
            changed(&format!("update {name} set tenant_id = '{ASKING}' where tenant_id = '{OTHER}'")),
        ),
        (
            "inserted",
            ASKING,
            changed(&format!(
                "insert into {name} ({columns}) overriding system value select {columns} from foreign_row"
            )),
        ),
        ("removed", ASKING, changed(&format!("delete from {name} where tenant_id = '{OTHER}'"))),
    ];
    let probes: String =
        probes.iter().map(|(probe, tenant, statement)| attempt(probe, tenant, statement)).collect();
    format!(
        "begin; {} {change} set local role {app}; {probes} reset role; {} rollback;\n",
        fill(name),
        gather(name, &app)
    )
}

fn changed(statement: &str) -> String {
    format!("with changed as ({statement} returning 1) select count(*) from changed")
}

/// Rows of both tenants, whatever the table's columns are: nothing but Row-Level Security is looked at, so that checks,
/// references and triggers of the table stand aside.
fn fill(table: &str) -> String {
    format!(
        "select set_config('probe.rows', '', true); set local session_replication_role = replica; do $fill$ \
         declare columns text; asking text; other text; guard record; begin \
           for guard in select inhparent::regclass as parent from pg_inherits where inhrelid = '{table}'::regclass loop \
             execute format('alter table %s detach partition {table}', guard.parent); \
           end loop; \
           for guard in select conname from pg_constraint where conrelid = '{table}'::regclass and contype = 'c' and conislocal loop \
             execute format('alter table {table} drop constraint %I', guard.conname); \
           end loop; \
           select string_agg(quote_ident(attname), ', '), string_agg(value, ', '), string_agg(other_value, ', ') \
           into columns, asking, other from (select attname, \
             case when attname = 'tenant_id' then quote_literal('{ASKING}') else made end as value, \
             case when attname = 'tenant_id' then quote_literal('{OTHER}') else made end as other_value \
             from (select a.attname, case \
               when t.typcategory = 'A' then '''{{}}''' \
               when t.typtype = 'e' then format('(enum_range(null::%s))[1]', t.oid::regtype) \
               when t.typname = 'uuid' then 'gen_random_uuid()' \
               when t.typname = 'jsonb' then '''{{}}''' \
               when t.typname = 'bytea' then 'decode(md5(random()::text), ''hex'')' \
               when t.typname = 'inet' then '''192.0.2.1''' \
               when t.typcategory = 'S' then 'left(md5(random()::text), 12)' \
               when t.typcategory = 'B' then 'false' \
               when t.typcategory = 'N' then 'floor(random() * 30000)' \
               when t.typcategory = 'D' then 'now()' \
               else 'null' end as made \
             from pg_attribute a join pg_type t on t.oid = a.atttypid \
             where a.attrelid = '{table}'::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' \
             and a.attidentity = '' and (a.attname = 'tenant_id' or (a.attnotnull and not a.atthasdef))) made) named; \
           execute format('insert into {table} (%s) values (%s)', columns, asking); \
           execute format('insert into {table} (%s) values (%s)', columns, other); \
           create temporary table foreign_row on commit drop as select * from {table} where tenant_id = '{OTHER}'; \
           delete from {table} where tenant_id = '{OTHER}'; \
           execute format('insert into {table} (%s) values (%s)', columns, other); \
         exception when others then perform set_config('probe.rows', sqlerrm, true); end $fill$; \
         create temporary table if not exists foreign_row on commit drop as select * from {table} limit 0; \
         grant select on foreign_row to public;"
    )
}

/// Tries a statement as it is in force by then, notes what it came to, and undoes it.
fn attempt(probe: &str, tenant: &str, statement: &str) -> String {
    format!(
        "do $try$ declare found text := 'refused'; begin begin \
           perform set_config('app.tenant_id', '{tenant}', true); execute $q${statement}$q$ into found; \
           raise exception 'undone'; \
         exception when others then null; end; \
         perform set_config('probe.{probe}', found, true); end $try$;"
    )
}

fn gather(table: &str, app: &str) -> String {
    let probes: String = ["rows", "unset", "foreign", "own", "given", "taken", "inserted", "removed"]
        .map(|probe| format!(", '{probe}', current_setting('probe.{probe}')"))
        .concat();
    format!(
        "select jsonb_build_object('enabled', c.relrowsecurity, 'forced', c.relforcerowsecurity, \
         'owner', pg_get_userbyid(c.relowner), 'bypasses', (select rolbypassrls or rolsuper from pg_roles where rolname = '{app}'), \
         'reachable', (select bool_or(has_table_privilege('{app}', c.oid, p)) from unnest(array['select', 'insert', 'update', 'delete']) p), \
         'readable', has_table_privilege('{app}', c.oid, 'select'), \
         'policies', coalesce((select jsonb_agg(jsonb_build_object('name', p.polname, 'command', p.polcmd, \
           'using', coalesce(pg_get_expr(p.polqual, p.polrelid), ''), 'check', coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''))) \
           from pg_policy p where p.polrelid = c.oid and p.polpermissive \
           and (p.polroles = array[0::oid] or '{app}'::regrole = any(p.polroles))), '[]') {probes}) \
         from pg_class c where c.oid = '{table}'::regclass;"
    )
}

impl Policy {
    /// Whether it says which rows are seen.
    pub(super) fn reads(&self) -> bool {
        self.command != "a"
    }

    /// Whether it shows rows without a tenant, which are public.
    pub(super) fn shows_what_is_shared(&self) -> bool {
        self.command == "r" && self.using.contains("(tenant_id IS NULL)")
    }

    /// Whether it says which rows may be written.
    pub(super) fn writes(&self) -> bool {
        !matches!(self.command.as_str(), "r" | "d")
    }
}

impl Facts {
    /// Whether the application's role can get at the table at all.
    pub(super) fn is_reachable(&self) -> bool {
        self.reachable
    }

    /// Whether it can read the table.
    pub(super) fn is_readable(&self) -> bool {
        self.readable
    }

    /// The policies that bind the application's role.
    pub(super) fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// Why no rows could be put in, when that is so.
    pub(super) fn emptiness(&self) -> Option<&str> {
        Some(self.rows.as_str()).filter(|reason| !reason.is_empty())
    }

    /// Every question that is asked of a table.
    pub(super) fn findings(&self, table: &Table) -> Vec<Finding> {
        let holds = |question: &str, holds: bool, found: &str| {
            (question.to_owned(), if holds { Ok(()) } else { Err(found.to_owned()) })
        };
        let mut findings = vec![
            holds("policies are enabled", self.enabled, "they are not"),
            holds("policies are forced", self.forced, "they are not"),
            holds(
                "the owner is the owner's role",
                self.owner == format!("{}_owner", table.database),
                &self.owner,
            ),
            holds("the application's role is bound by policies", !self.bypasses, "it bypasses them"),
        ];
        if !self.reachable {
            return findings;
        }
        findings.push(holds("a policy binds the application's role", !self.policies.is_empty(), "none does"));
        for policy in &self.policies {
            let Policy { name, using, check, .. } = policy;
            let compares = |expression: &str| expression.contains("app.tenant_id");
            let reads = !policy.reads() || compares(using) || policy.shows_what_is_shared();
            let writes = !policy.writes() || compares(check);
            findings.push(holds(
                &format!("policy {name} compares the tenant"),
                reads && writes,
                &format!("using {using} with check {check}"),
            ));
        }
        let none = |found: &str| found == "0" || found == "refused";
        for (question, found) in [
            ("no tenant, no rows", &self.unset),
            ("of another tenant, no rows", &self.foreign),
            ("no row is given away", &self.given),
            ("no row is taken over", &self.taken),
            ("no row is put in for another tenant", &self.inserted),
            ("no row of another tenant is removed", &self.removed),
        ] {
            findings.push(holds(question, none(found), &format!("{found} were")));
        }
        if self.rows.is_empty() {
            let own = self.own != "0";
            findings.push(holds("own rows are seen, or the rest shows nothing", own, "none is"));
        }
        findings
    }
}
