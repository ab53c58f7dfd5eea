//! Guards of what a sales team works with: leads, their routing, scores, imports, orders.

use super::table::Mutant;

/// Tests of lead-service over HTTP.
const fn shown_by(filter: &'static str) -> [&'static str; 3] {
    ["lead-service", "--test=it", filter]
}

/// All of them.
pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "sales: a lead is converted again",
        file: "lead-service/src/lead_management/handlers/convert.rs",
        guard: "if let Some(conversion) = people::conversion_summary(&lead)\n",
        broken: "if let Some(conversion) = people::conversion_summary(&lead).filter(|_| lead.version < 0)\n",
        tests: shown_by("conversions"),
    },
    Mutant {
        name: "sales: conversions of a lead do not wait for each other",
        file: "lead-service/src/lead_management/handlers/convert.rs",
        guard: "let lead = LeadView::lock(tx, *id, &visibility).await?;",
        broken: "let lead = LeadView::find(tx, *id, &visibility).await?;",
        tests: shown_by("conversions"),
    },
    Mutant {
        name: "sales: a stale version is written over a newer one",
        file: "lead-service/src/entities/update.rs",
        guard: "if_match.check(before.version())?;",
        broken: "let _stale = if_match.check(before.version());",
        tests: shown_by("products"),
    },
    Mutant {
        name: "sales: leads that come in at once take the same turn",
        file: "lead-service/src/routing/playbooks/store.rs",
        guard: "WITH queued AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtext('playbook'), hashtext($1::text))) \\\n         \
                SELECT p.revision, p.turns FROM queued, playbooks p WHERE p.tenant_id = $1 FOR NO KEY UPDATE OF p",
        broken: "SELECT revision, turns FROM playbooks WHERE tenant_id = $1",
        tests: shown_by("assignment::eight_hundred"),
    },
    Mutant {
        name: "sales: a simulated assignment takes a turn",
        file: "lead-service/src/routing/assignments/mod.rs",
        guard: "    Ok(SimulatedAssignment {",
        broken: "    store::record(tx, &[], Cause::Created, &situation.turns).await?;\n    Ok(SimulatedAssignment {",
        tests: shown_by("assignment::a_simulation"),
    },
    Mutant {
        name: "sales: a merge is undone twice",
        file: "lead-service/src/insight/merges/undo.rs",
        guard: "if merge.undone_at.is_some() {",
        broken: "if merge.undone_at.is_some() && winner.version < 0 {",
        tests: shown_by("merges"),
    },
    Mutant {
        name: "sales: undoing a merge takes later changes back",
        file: "lead-service/src/people/leads/merged.rs",
        guard: "let untouched = after.get(&name) == Some(&value);",
        broken: "let untouched = after.contains_key(&name);",
        tests: shown_by("merges"),
    },
    Mutant {
        name: "sales: a browser's form is told who is known",
        file: "lead-service/src/intake/ingest/reply.rs",
        guard: "_ if !key.allowed_origins.is_empty() =>",
        broken: "_ if key.allowed_origins.len() > 99 =>",
        tests: shown_by("identity::a_browsers_key"),
    },
    Mutant {
        name: "sales: two people who add the same person do not wait for each other",
        file: "lead-service/src/lead_management/handlers/create.rs",
        guard: "identity::claim(tx, id, &keys).await?;",
        broken: "if keys.len() > 99 { identity::claim(tx, id, &keys).await?; }",
        tests: shown_by("identity::two_people"),
    },
    Mutant {
        name: "sales: who has a person already is told to everybody",
        file: "lead-service/src/duplicates.rs",
        guard: "&& visibility.covers(&candidate.owners))",
        broken: "&& (visibility.covers(&candidate.owners) || candidate.owners.len() == 2))",
        tests: shown_by("scope::references::whoever_enters"),
    },
    Mutant {
        name: "sales: what somebody does not see can be linked",
        file: "lead-service/src/entities/references.rs",
        guard: "match E::find(tx, id, visibility).await {",
        broken: "match E::find(tx, id, if visibility == &Visibility::All { visibility } else { &Visibility::All }).await {",
        tests: shown_by("scope::references::somebody_elses_id_in_a_body"),
    },
    Mutant {
        name: "sales: a board counts what its reader does not see",
        file: "lead-service/src/insight/reports/handlers/board.rs",
        guard: "let (visibility, size) = (caller.visibility(),",
        broken: "let (visibility, size) = (Visibility::All,",
        tests: shown_by("scope::reads"),
    },
    Mutant {
        name: "sales: an export has everybody's leads",
        file: "lead-service/src/lead_management/handlers/export.rs",
        guard: "visibility: caller.visibility(),",
        broken: "visibility: Visibility::All,",
        tests: shown_by("scope::reads"),
    },
    Mutant {
        name: "sales: an import that was interrupted begins anew",
        file: "lead-service/src/imports/worker/run.rs",
        guard: "rows.skip(deps, import.done).await?;",
        broken: "rows.skip(deps, import.done.min(0)).await?;",
        tests: shown_by("imports::every_row"),
    },
    Mutant {
        name: "sales: an import of a process that ends waits for its lease",
        file: "lead-service/src/imports/worker/mod.rs",
        guard: "store::hand_back(tx, &name).await",
        broken: "store::hand_back(tx, \"nobody\").await",
        tests: shown_by("imports::a_process"),
    },
    Mutant {
        name: "sales: spreadsheets run what leads are called",
        file: "lead-service/src/csv.rs",
        guard: "text.trim_start_matches(is_invisible).starts_with(RUNS)",
        broken: "text.trim_start_matches(|c| is_invisible(c) && c == '?').starts_with(RUNS)",
        tests: ["lead-service", "--lib", "csv::"],
    },
    Mutant {
        name: "sales: a customer's totals do not follow a new order",
        file: "lead-service/src/customers/orders/handlers/create.rs",
        guard: "changes.extend(totals.sum_up(tx).await?);",
        broken: "drop(totals);",
        tests: shown_by("orders"),
    },
    Mutant {
        name: "sales: orders placed at once are summed up without each other",
        file: "lead-service/src/customers/store.rs",
        guard: "        .order(dsl::id)\n        .for_update()\n",
        broken: "        .order(dsl::id)\n",
        tests: shown_by("orders"),
    },
    Mutant {
        name: "sales: an order goes wherever it is sent",
        file: "lead-service/src/customers/orders/domain.rs",
        guard: "if self.next().contains(&to) {",
        broken: "if self != to {",
        tests: shown_by("orders"),
    },
    Mutant {
        name: "sales: a score is not the sum of what it is made of",
        file: "lead-service/src/routing/scores/domain.rs",
        guard: "points(contributions.iter().map(|contribution| hundredths(contribution.points)).sum())",
        broken: "points(contributions.iter().map(|contribution| hundredths(contribution.points).max(0)).sum())",
        tests: shown_by("scoring"),
    },
    Mutant {
        name: "sales: two upserts by one mark both add",
        file: "lead-service/src/lead_management/handlers/upsert.rs",
        guard: "store::hold_mark(tx, self.options.mark.word(), &self.value).await?;",
        broken: "let _mark = self.options.mark.word();",
        tests: shown_by("bulk"),
    },
    Mutant {
        name: "sales: a honeypot catches nobody",
        file: "lead-service/src/intake/form_mappings/domain.rs",
        guard: "return Some(FieldError::new(name, \"honeypot\", \"is filled in, and people do not see it\"));",
        broken: "let _caught = name;",
        tests: shown_by("form_mappings"),
    },
    Mutant {
        name: "sales: those who left keep their leads",
        file: "lead-service/src/handovers/members.rs",
        guard: "store::plan(tx, departed).await?;",
        broken: "store::plan(tx, departed.get(..0).unwrap_or_default()).await?;",
        tests: shown_by("departures"),
    },
    Mutant {
        name: "sales: an import goes on after another worker has taken it",
        file: "lead-service/src/imports/store.rs",
        guard: "UPDATE imports SET leased_until = $3 WHERE id = $1 AND worker = $2",
        broken: "UPDATE imports SET leased_until = $3 WHERE id = $1 AND $2 <> ''",
        tests: shown_by("imports::a_worker"),
    },
];
