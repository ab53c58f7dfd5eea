//! Row-Level Security broken on purpose, one guard at a time and undone: a change without a failing check is a hole in the checks.

use anyhow::Result;

use super::examination::{Facts, Table, examine, tables};
use super::stage::Stage;
use super::verdict::Suite;
use devstack::services::DATABASES;

/// A comparison that is true for all rows when no tenant is set.
const ANYBODY: &str =
    "using (coalesce(nullif(current_setting('app.tenant_id', true), '')::uuid, tenant_id) = tenant_id)";

/// Runs the suite: each broken guard is a case, passed when a question of the examination finds it out.
pub(super) fn run(stage: &Stage, suite: &Suite) -> Result<()> {
    let Some(own) = &stage.own else {
        suite.skip("guards of somebody else's platform are not ours to break");
        return Ok(());
    };
    for database in DATABASES {
        let tables = tables(own, database)?;
        let untouched: Vec<(&Table, String)> = tables.iter().map(|table| (table, String::new())).collect();
        let facts = examine(own, &untouched)?;
        let broken: Vec<(&Table, Mutant)> = tables
            .iter()
            .zip(&facts)
            .filter(|(_, facts)| facts.is_reachable())
            .flat_map(|(table, facts)| mutants(table, facts).into_iter().map(move |mutant| (table, mutant)))
            .collect();
        let examined: Vec<(&Table, String)> =
            broken.iter().map(|(table, mutant)| (*table, mutant.change.clone())).collect();
        for ((table, mutant), facts) in broken.iter().zip(examine(own, &examined)?) {
            let red: Vec<String> = facts
                .findings(table)
                .into_iter()
                .filter_map(|(question, answer)| answer.err().map(|_| question))
                .collect();
            let (case, change) =
                (format!("{database}: {}: {}", table.name, mutant.name), mutant.change.clone());
            let outcome = match red.first() {
                Some(question) => {
                    suite.remark(&format!("found out by: {question}"));
                    Ok(())
                }
                None => Err("nobody noticed".to_owned()),
            };
            suite.case(&case, || change, outcome);
        }
    }
    Ok(())
}

/// A guard that is broken, by a statement.
struct Mutant {
    name: String,
    change: String,
}

fn mutants(table: &Table, facts: &Facts) -> Vec<Mutant> {
    let Table { database, name, .. } = table;
    let mutant = |what: &str, change: String| Mutant { name: what.to_owned(), change };
    let mut all = vec![
        mutant("Row-Level Security is off", format!("alter table {name} disable row level security;")),
        mutant("the owner is not bound", format!("alter table {name} no force row level security;")),
        mutant("the application owns the table", format!("alter table {name} owner to {database}_app;")),
        mutant("the application bypasses policies", format!("alter role {database}_app bypassrls;")),
        mutant(
            "a second policy lets everybody in",
            format!("create policy open_door on {name} for select using (true);"),
        ),
    ];
    let table = name;
    for policy in facts.policies() {
        let name = &policy.name;
        let alter = |rest: &str| format!("alter policy {name} on {table} {rest};");
        if !policy.shows_what_is_shared() {
            all.push(mutant(&format!("policy {name} is gone"), format!("drop policy {name} on {table};")));
        }
        if policy.reads() {
            all.push(mutant(&format!("policy {name} shows every row"), alter("using (true)")));
        }
        if policy.reads() && facts.is_readable() {
            all.push(mutant(&format!("policy {name} lets in who names no tenant"), alter(ANYBODY)));
        }
        if policy.writes() {
            all.push(mutant(&format!("policy {name} takes every row"), alter("with check (true)")));
        }
    }
    all
}
