//! SQL of assignments: open leads per member, turns, and traces.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, Queryable, QueryableByName, Selectable,
    SelectableHelper,
    sql_types::{Array, BigInt, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx},
};
use serde_json::Value;
use uuid::Uuid;

use super::{Cause, decide::Decision};
use crate::{people::LeadView, routing::playbooks::Turns, schema::assignment_traces};

#[derive(QueryableByName)]
struct OpenRow {
    #[diesel(sql_type = SqlUuid)]
    assigned_to: Uuid,
    #[diesel(sql_type = BigInt)]
    open: i64,
}

/// How many open leads these people have.
pub async fn open_leads(tx: &mut TenantTx<'_>, people: Vec<Uuid>) -> QueryResult<HashMap<Uuid, i64>> {
    let rows: Vec<OpenRow> = diesel::sql_query(
        "SELECT assigned_to, count(*) AS open FROM leads WHERE tenant_id = $1 AND assigned_to = ANY($2) \
         AND deleted_at IS NULL AND status IN ('new', 'contacted', 'qualified') GROUP BY assigned_to",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Array<SqlUuid>, _>(people)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.assigned_to, row.open)).collect())
}

/// Writes the traces of assignments and the new turns. The caller holds the playbook's lock.
pub async fn record(
    tx: &mut TenantTx<'_>,
    decisions: &[(Uuid, &Decision)],
    cause: Cause,
    turns: &Turns,
) -> Result<(), Problem> {
    let broken = |fault: serde_json::Error| Problem::internal(fault.to_string());
    let rules: Vec<Value> = decisions
        .iter()
        .map(|(_, decision)| serde_json::to_value(&decision.rules))
        .collect::<Result<_, _>>()
        .map_err(broken)?;
    diesel::sql_query(
        "WITH turned AS (UPDATE playbooks SET turns = $3 WHERE tenant_id = $1) \
         INSERT INTO assignment_traces (id, tenant_id, lead_id, cause, assigned_to, rule_id, rules) \
         SELECT d.id, $1, d.lead_id, $2, d.assigned_to, d.rule_id, d.rules \
         FROM unnest($4, $5, $6, $7, $8) AS d(id, lead_id, assigned_to, rule_id, rules)",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Text, _>(cause.word())
    .bind::<Jsonb, _>(serde_json::to_value(turns).map_err(broken)?)
    .bind::<Array<SqlUuid>, _>(decisions.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(decisions.iter().map(|(lead, _)| *lead).collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(
        decisions.iter().map(|(_, made)| made.assigned_to).collect::<Vec<_>>(),
    )
    .bind::<Array<Nullable<SqlUuid>>, _>(decisions.iter().map(|(_, made)| made.rule_id).collect::<Vec<_>>())
    .bind::<Array<Jsonb>, _>(rules)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Why a lead went where it went, as it is stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = assignment_traces, check_for_backend(diesel::pg::Pg))]
pub struct TraceRow {
    /// Why rules were asked.
    pub cause: String,
    /// The person they found.
    pub assigned_to: Option<Uuid>,
    /// The rule that decided.
    pub rule_id: Option<Uuid>,
    /// Every rule with its candidates.
    pub rules: Value,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// The last decision about a lead.
pub async fn last_trace(tx: &mut TenantTx<'_>, lead: Uuid) -> QueryResult<Option<TraceRow>> {
    use assignment_traces::dsl;
    dsl::assignment_traces
        .filter(dsl::tenant_id.eq(tx.tenant().0))
        .filter(dsl::lead_id.eq(lead))
        .order((dsl::created_at.desc(), dsl::id.desc()))
        .select(TraceRow::as_select())
        .first(&mut **tx)
        .await
        .optional()
}

/// All who hold something that would be handed over if they left.
pub async fn people_with_records(tx: &mut TenantTx<'_>) -> QueryResult<Vec<Uuid>> {
    #[derive(QueryableByName)]
    struct Person {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let rows: Vec<Person> = diesel::sql_query(
        "SELECT assigned_to AS id FROM leads WHERE tenant_id = $1 AND assigned_to IS NOT NULL \
         AND deleted_at IS NULL AND status IN ('new', 'contacted', 'qualified') \
         UNION SELECT assigned_to FROM deals WHERE tenant_id = $1 AND assigned_to IS NOT NULL \
         AND deleted_at IS NULL AND status = 'open' \
         UNION SELECT assigned_to FROM tasks WHERE tenant_id = $1 AND assigned_to IS NOT NULL \
         AND deleted_at IS NULL AND status IN ('open', 'in_progress') \
         UNION SELECT assigned_to FROM contacts WHERE tenant_id = $1 AND assigned_to IS NOT NULL \
         AND deleted_at IS NULL \
         UNION SELECT account_manager_id FROM customers WHERE tenant_id = $1 AND account_manager_id IS NOT NULL \
         AND deleted_at IS NULL",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Notes who left and who is back.
pub async fn note_members(tx: &mut TenantTx<'_>, left: &[Uuid], back: &[Uuid]) -> QueryResult<()> {
    diesel::sql_query(
        "WITH back AS (UPDATE former_members SET returned_at = now() \
         WHERE tenant_id = $1 AND user_id = ANY($3) AND returned_at IS NULL) \
         INSERT INTO former_members (tenant_id, user_id, left_at) SELECT $1, id, now() FROM unnest($2) AS p(id) \
         ON CONFLICT (tenant_id, user_id) DO UPDATE SET left_at = excluded.left_at, returned_at = NULL \
         WHERE former_members.returned_at IS NOT NULL",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Array<SqlUuid>, _>(left)
    .bind::<Array<SqlUuid>, _>(back)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Some of a person's open leads, about to be given to others.
pub async fn lock_open_leads(tx: &mut TenantTx<'_>, person: Uuid, most: i64) -> QueryResult<Vec<LeadView>> {
    use crate::{people::LeadStatus, schema::leads::dsl};
    dsl::leads
        .filter(dsl::assigned_to.eq(person))
        .filter(dsl::deleted_at.is_null())
        .filter(dsl::status.eq_any([LeadStatus::New, LeadStatus::Contacted, LeadStatus::Qualified]))
        .order(dsl::id)
        .limit(most)
        .select(LeadView::as_select())
        .for_update()
        .load(&mut **tx)
        .await
}

/// Assigns or unassigns leads. Returns the updated leads.
pub async fn reassign(tx: &mut TenantTx<'_>, given: &[(Uuid, Option<Uuid>)]) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE leads l SET assigned_to = g.person, version = version + 1, updated_at = now() \
         FROM unnest($1, $2) AS g(id, person) WHERE l.id = g.id",
    )
    .bind::<Array<SqlUuid>, _>(given.iter().map(|(lead, _)| *lead).collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(given.iter().map(|(_, person)| *person).collect::<Vec<_>>())
    .cached()
    .execute(&mut **tx)
    .await
}
