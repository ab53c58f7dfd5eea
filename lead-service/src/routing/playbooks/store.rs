//! Playbooks in the database.

use std::collections::HashMap;

use diesel::{
    OptionalExtension, QueryableByName,
    sql_types::{Array, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx},
};
use serde_json::Value;
use uuid::Uuid;

use super::{Playbook, Product};
use crate::routing::{assignments::rules::Rule, scores::model::Model};

/// Credits of smooth weighted round robin: by rule, by person.
pub type Turns = HashMap<Uuid, HashMap<Uuid, i64>>;

#[derive(QueryableByName)]
struct StateRow {
    #[diesel(sql_type = SqlUuid)]
    revision: Uuid,
    #[diesel(sql_type = Jsonb)]
    turns: Value,
}

#[derive(QueryableByName)]
struct RevisionRow {
    #[diesel(sql_type = SqlUuid)]
    revision: Uuid,
}

/// Which one holds.
pub async fn revision(tx: &mut TenantTx<'_>) -> Result<Uuid, Problem> {
    let row: Option<RevisionRow> = diesel::sql_query("SELECT revision FROM playbooks WHERE tenant_id = $1")
        .bind::<SqlUuid, _>(tx.tenant().0)
        .cached()
        .get_result(&mut **tx)
        .await
        .optional()?;
    Ok(row.map_or(Uuid::nil(), |row| row.revision))
}

/// Locks it. A tenant without one has nothing to be locked for.
///
/// Who waits for a row that is written again and again always finds it taken by a newer transaction; the advisory lock
/// before it lets them in one after the other. Locking the row then reads it as it is, not as it was before the wait.
pub async fn lock(tx: &mut TenantTx<'_>) -> Result<(Uuid, Turns), Problem> {
    state(
        tx,
        "WITH queued AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtext('playbook'), hashtext($1::text))) \
         SELECT p.revision, p.turns FROM queued, playbooks p WHERE p.tenant_id = $1 FOR NO KEY UPDATE OF p",
    )
    .await
}

/// Looks at it without locking.
pub async fn look(tx: &mut TenantTx<'_>) -> Result<(Uuid, Turns), Problem> {
    state(tx, "SELECT revision, turns FROM playbooks WHERE tenant_id = $1").await
}

async fn state(tx: &mut TenantTx<'_>, sql: &'static str) -> Result<(Uuid, Turns), Problem> {
    let row: Option<StateRow> = diesel::sql_query(sql)
        .bind::<SqlUuid, _>(tx.tenant().0)
        .cached()
        .get_result(&mut **tx)
        .await
        .optional()?;
    let Some(row) = row else { return Ok((Uuid::nil(), Turns::new())) };
    let turns = serde_json::from_value(row.turns)
        .map_err(|fault| Problem::internal(format!("whose turn it is cannot be read: {fault}")))?;
    Ok((row.revision, turns))
}

#[derive(QueryableByName)]
struct PartRow {
    #[diesel(sql_type = Text)]
    part: String,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<Jsonb>)]
    content: Option<Value>,
}

/// Everything, in one statement and so of one moment.
pub async fn load(tx: &mut TenantTx<'_>, revision: Uuid) -> Result<Playbook, Problem> {
    let rows: Vec<PartRow> = diesel::sql_query(
        "SELECT * FROM (\
         SELECT 'model' AS part, id, 0 AS place, jsonb_build_object('product_id', product_id, 'name', name, \
         'groups', groups, 'rules', rules) AS content \
         FROM scoring_models WHERE tenant_id = $1 AND deleted_at IS NULL AND enabled \
         UNION ALL SELECT 'rule', id, position, jsonb_build_object('name', name, 'position', position, \
         'conditions', conditions, 'action', action, 'fall_through', fall_through, 'catch_all', catch_all) \
         FROM assignment_rules WHERE tenant_id = $1 AND deleted_at IS NULL AND enabled \
         UNION ALL SELECT 'product', id, 0, jsonb_build_object('titles', persona_role_titles, 'keywords', keywords) \
         FROM products WHERE tenant_id = $1 AND deleted_at IS NULL \
         AND (persona_role_titles <> '{\"buyers\": [], \"influencers\": [], \"end_users\": []}' OR keywords <> '{}') \
         UNION ALL SELECT 'former_member', user_id, 0, NULL \
         FROM former_members WHERE tenant_id = $1 AND returned_at IS NULL) parts ORDER BY place, id",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .cached()
    .load(&mut **tx)
    .await?;
    let mut playbook = Playbook { revision, ..Playbook::default() };
    for PartRow { part, id, content } in rows {
        let content = content.unwrap_or_default();
        match part.as_str() {
            "model" => playbook.models.push(Model::read(id, content)?),
            "rule" => playbook.rules.push(Rule::read(id, content)?),
            "product" => {
                playbook.products.insert(id, product(&content)?);
            }
            _ => playbook.former_members.push(id),
        }
    }
    // Stable: within each half the positions decide.
    playbook.rules.sort_by_key(|rule| rule.catch_all);
    Ok(playbook)
}

fn product(content: &Value) -> Result<Product, Problem> {
    let part = |name: &str| content.get(name).cloned().unwrap_or_default();
    let broken =
        |fault: serde_json::Error| Problem::internal(format!("a stored product cannot be read: {fault}"));
    Ok(Product {
        titles: serde_json::from_value(part("titles")).map_err(broken)?,
        keywords: serde_json::from_value(part("keywords")).map_err(broken)?,
    })
}

#[derive(QueryableByName)]
struct AccountRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Jsonb)]
    account: Value,
}

/// Accounts as rules look at them.
pub async fn accounts(tx: &mut TenantTx<'_>, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Value>, Problem> {
    let rows: Vec<AccountRow> = diesel::sql_query(
        "SELECT id, jsonb_build_object('product_id', product_id, 'name', name, 'website', website, \
         'industry', industry, 'location', location, 'employee_count', employee_count, 'company_type', company_type, \
         'founded_year', founded_year, 'description', description) AS account \
         FROM accounts WHERE id = ANY($1)",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.account)).collect())
}
