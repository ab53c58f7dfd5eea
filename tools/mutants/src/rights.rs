//! Guards of rights: what callers give each other, the permission of each effect, and records out of a data scope.

use super::table::Mutant;

/// Tests of lead-service over HTTP.
const fn leads(filter: &'static str) -> [&'static str; 3] {
    ["lead-service", "--test=it", filter]
}

/// Tests of tenant-service over HTTP.
const fn tenants(filter: &'static str) -> [&'static str; 3] {
    ["tenant-service", "--test=it", filter]
}

/// All of them.
pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "rights: a wider data scope than one's own is given",
        file: "tenant-service/src/people/roles/escalation.rs",
        guard: "if self.data_scope > held.data_scope {",
        broken: "if self.data_scope > held.data_scope && held.level == i32::MIN {",
        tests: tenants("escalation"),
    },
    Mutant {
        name: "rights: a member of a higher level is removed",
        file: "tenant-service/src/people/roles/escalation.rs",
        guard: "if self.level > held.level {",
        broken: "if self.level > held.level && held.permissions.is_empty() {",
        tests: tenants("escalation"),
    },
    Mutant {
        name: "rights: people are moved into teams whose records the mover does not see",
        file: "tenant-service/src/people/roles/escalation.rs",
        guard: "if is_seen && stays_in_team {",
        broken: "if is_seen || stays_in_team || own.version > 0 {",
        tests: tenants("escalation"),
    },
    Mutant {
        name: "rights: a role that the caller no longer holds counts",
        file: "tenant-service/src/people/roles/escalation.rs",
        guard: "store::reach_of_member(tx, caller.user()).await?.unwrap_or",
        broken: "store::reaches(tx, &[caller.role()]).await?.pop().unwrap_or",
        tests: tenants("escalation"),
    },
    Mutant {
        name: "rights: a new role has any data scope and level",
        file: "tenant-service/src/people/roles/handlers/create.rs",
        guard: "escalation::check(tx, &caller, &[Reach::written(&fields)]).await?;",
        broken: "let _unchecked = escalation::check(tx, &caller, &[Reach::written(&fields)]).await;",
        tests: tenants("escalation"),
    },
    Mutant {
        name: "rights: platform staff saves hooks and rules inside a tenant",
        file: "tenant-service/src/permissions/catalogue.rs",
        guard: "all.filter(|code| !MEMBERS_ONLY.contains(code))",
        broken: "all.filter(|code| !MEMBERS_ONLY.contains(code) || code.len() > 1)",
        tests: ["tenant-service", "--lib", "catalogue"],
    },
    Mutant {
        name: "rights: an explanation names the owners of a record out of the asker's data scope",
        file: "tenant-service/src/people/explanations/handlers.rs",
        guard: "if caller.visibility().covers(&owners) {",
        broken: "if caller.visibility().covers(&owners) || !owners.is_empty() {",
        tests: tenants("explanations"),
    },
    Mutant {
        name: "rights: a service is told of permissions that the caller does not hold",
        file: "gateway/src/access/decide.rs",
        guard: "filter(|code| grant.permissions.contains(&***code))",
        broken: "filter(|code| grant.permissions.contains(&***code) || code.len() > 1)",
        tests: ["gateway", "--test=it", "tenancy"],
    },
    Mutant {
        name: "rights: what a route always does takes no permission",
        file: "shared/platform/src/http/effects.rs",
        guard: "if When::$when == When::Always {",
        broken: "if When::$when == When::Always && caller.user().0.is_nil() {",
        tests: leads("scope::effects"),
    },
    Mutant {
        name: "rights: events and deliveries are read with a narrower data scope",
        file: "shared/platform/src/http/effects.rs",
        guard: "if caller.sees_all() {",
        broken: "if caller.sees_all() || !permission.is_empty() {",
        tests: ["integration-service", "--test=it", "access"],
    },
    Mutant {
        name: "rights: an answer shows a record to a caller who may not read it",
        file: "shared/platform/src/http/shown.rs",
        guard: "if caller.may::<T::Read>() {",
        broken: "if caller.may::<T::Read>() || record.outline().version != Some(0) {",
        tests: leads("scope::effects"),
    },
    Mutant {
        name: "rights: undoing a merge brings back leads that the caller does not see",
        file: "lead-service/src/insight/merges/undo.rs",
        guard: "if !store::all_seen(tx, &named, &visibility).await? {",
        broken: "if !store::all_seen(tx, &[], &visibility).await? {",
        tests: leads("rights::showing"),
    },
    Mutant {
        name: "rights: a timeline names merged leads that its reader does not see",
        file: "lead-service/src/insight/merges/told.rs",
        guard: "id(loser).is_some_and(|id| seen.contains(&id))",
        broken: "id(loser).is_some_and(|id| seen.contains(&id) || !id.is_nil())",
        tests: leads("rights::showing"),
    },
    Mutant {
        name: "rights: a timeline tells of activities that its reader does not see",
        file: "lead-service/src/insight/timelines/store.rs",
        guard: "WHERE {column} = $2 AND deleted_at IS NULL AND (created_at, id) < ($3, $4) \\\n         AND ($6 IS NULL OR assigned_to = ANY($6) OR created_by = ANY($6))",
        broken: "WHERE {column} = $2 AND deleted_at IS NULL AND (created_at, id) < ($3, $4) \\\n         AND ($6::uuid[] IS NULL OR true)",
        tests: leads("rights::showing"),
    },
    Mutant {
        name: "rights: a known person's leads are named to a caller who may not read leads",
        file: "lead-service/src/duplicates.rs",
        guard: "caller.may::<R>() && visibility",
        broken: "(caller.may::<R>() || !caller.user().0.is_nil()) && visibility",
        tests: leads("rights::showing"),
    },
    Mutant {
        name: "rights: a trace shows the workload of people out of the reader's data scope",
        file: "lead-service/src/routing/assignments/tracing.rs",
        guard: "if !visibility.covers(&[Some(candidate.user_id)]) {",
        broken: "if !visibility.covers(&[Some(candidate.user_id)]) && candidate.reason.is_empty() {",
        tests: leads("rights::showing"),
    },
    Mutant {
        name: "rights: a lead changes hands without the permission to assign",
        file: "lead-service/src/people/leads/assigning.rs",
        guard: "if before.assigned_to == after.assigned_to {",
        broken: "if before.assigned_to == after.assigned_to || after.version > 0 {",
        tests: leads("rights::assigning"),
    },
    Mutant {
        name: "rights: a new lead is for another person without the permission to assign",
        file: "lead-service/src/people/leads/assigning.rs",
        guard: "person == caller.user().0)",
        broken: "person == caller.user().0 || !person.is_nil())",
        tests: leads("rights::assigning"),
    },
    Mutant {
        name: "rights: changing an entity takes no permission of its further effects",
        file: "lead-service/src/entities/update.rs",
        guard: "before.check_effects(&after, caller)?;",
        broken: "let _unchecked = before.check_effects(&after, caller);",
        tests: leads("rights::assigning"),
    },
    Mutant {
        name: "rights: an upsert adds without the permission to add",
        file: "lead-service/src/lead_management/handlers/upsert.rs",
        guard: "caller.demand::<LeadsCreate>()?;",
        broken: "let _unchecked = caller.demand::<LeadsCreate>();",
        tests: leads("rights::creating"),
    },
    Mutant {
        name: "rights: a conversion adds a contact without the permission to",
        file: "lead-service/src/lead_management/handlers/convert.rs",
        guard: "caller.demand::<ContactsCreate>()?;",
        broken: "let _unchecked = caller.demand::<ContactsCreate>();",
        tests: leads("rights::creating"),
    },
    Mutant {
        name: "rights: a conversion adds an account without the permission to",
        file: "lead-service/src/lead_management/handlers/convert.rs",
        guard: "caller.demand::<AccountsCreate>()?;",
        broken: "let _unchecked = caller.demand::<AccountsCreate>();",
        tests: leads("rights::creating"),
    },
    Mutant {
        name: "rights: deleting a record deletes others without the permission to",
        file: "lead-service/src/entities/mod.rs",
        guard: "caller.demand::<E::Delete>()?;",
        broken: "let _unchecked = caller.demand::<E::Delete>();",
        tests: leads("rights::cascades"),
    },
    Mutant {
        name: "rights: deleting a record deletes others that the caller does not see",
        file: "lead-service/src/entities/mod.rs",
        guard: "all(|owners| visibility.covers(&owners))",
        broken: "all(|owners| visibility.covers(&owners) || owners.len() == 2)",
        tests: leads("rights::cascades"),
    },
    Mutant {
        name: "rights: an import is started that changes leads without the permission to",
        file: "lead-service/src/imports/handlers/create.rs",
        guard: "    if settings.changes_leads() {\n",
        broken: "    if settings.changes_leads() && caller.user().0.is_nil() {\n",
        tests: leads("rights::importing"),
    },
    Mutant {
        name: "rights: an import goes on with permissions that the person has lost",
        file: "lead-service/src/imports/worker/rights.rs",
        guard: "        self.permissions.contains(P::CODE)\n",
        broken: "        self.permissions.contains(P::CODE) || !P::CODE.is_empty()\n",
        tests: leads("rights::importing"),
    },
    Mutant {
        name: "rights: an import changes leads out of the person's data scope",
        file: "lead-service/src/imports/worker/rights.rs",
        guard: "Visibility::of_scope(grant.data_scope, user.0, team)",
        broken: "if team.is_empty() { Visibility::All } else { Visibility::of_scope(grant.data_scope, user.0, team) }",
        tests: leads("rights::importing"),
    },
    Mutant {
        name: "rights: an import is taken back by a caller who does not see all that it wrote",
        file: "lead-service/src/imports/handlers/undo.rs",
        guard: "outcomes::any_unseen(tx, *id, &visibility).await?",
        broken: "outcomes::any_unseen(tx, Uuid::nil(), &visibility).await?",
        tests: leads("rights::importing"),
    },
    Mutant {
        name: "rights: spreadsheets run full-width formulas",
        file: "lead-service/src/csv.rs",
        guard: "'＝', '＋', '－', '＠', ",
        broken: "'\\u{1}', '\\u{2}', '\\u{3}', '\\u{4}', ",
        tests: ["lead-service", "--lib", "csv::"],
    },
];
