//! Leads that were merged into others: refused to come back, and the fields that a merge gave given back.

use diesel::{OptionalExtension, QueryResult, QueryableByName, sql_types::Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx},
    http::body,
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    api::{LeadView, WriteLead},
    domain::LeadFields,
};

/// 409 `merged` naming the merge, where the lead was merged into another one.
pub async fn check_not_merged(tx: &mut TenantTx<'_>, lead: Uuid) -> Result<(), Problem> {
    let Some(merge) = merge_of(tx, lead).await? else { return Ok(()) };
    let detail = "This lead was merged into another one. Undo that merge first.";
    Err(Problem::conflict("merged", detail).with("merge_id", merge.to_string()))
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The merge by which a lead went into another one; none for a lead that is its own.
async fn merge_of(tx: &mut TenantTx<'_>, lead: Uuid) -> QueryResult<Option<Uuid>> {
    let merge: Option<Id> = diesel::sql_query(
        "SELECT m.id FROM leads l JOIN lead_merges m ON m.tenant_id = l.tenant_id AND m.winner_id = l.merged_into \
         WHERE l.id = $1 AND l.id = ANY(m.loser_ids) AND m.undone_at IS NULL ORDER BY m.created_at DESC LIMIT 1",
    )
    .bind::<SqlUuid, _>(lead)
    .cached()
    .get_result(&mut **tx)
    .await
    .optional()?;
    Ok(merge.map(|merge| merge.id))
}

/// The fields of a lead as they would be written.
pub fn written(lead: &LeadView) -> Result<Map<String, Value>, Problem> {
    let schema = body::compiled::<WriteLead>();
    match serde_json::to_value(lead) {
        Ok(Value::Object(mut members)) => {
            members.retain(|name, _| schema.member(name).is_some());
            Ok(members)
        }
        _ => Err(Problem::internal("a lead is no object")),
    }
}

/// Fields as they are stored.
pub fn stored(members: Map<String, Value>) -> Result<LeadFields, Problem> {
    LeadFields::parse(body::decode(Value::Object(members))?)
}

/// The winner's fields once the merge is undone: fields that the merge changed and that did not change since are restored.
pub fn unmerged(
    now: Map<String, Value>,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Map<String, Value> {
    let back = |(name, value): (String, Value)| {
        let untouched = after.get(&name) == Some(&value);
        let value = if untouched { before.get(&name).cloned().unwrap_or_default() } else { value };
        (name, value)
    };
    now.into_iter().map(back).collect()
}
