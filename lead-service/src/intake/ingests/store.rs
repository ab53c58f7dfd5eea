//! Entries of the ledger in the database.

use chrono::Utc;
use contracts::problem::FieldError;
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, QueryableByName, SelectableHelper,
    sql_types::{Jsonb, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::api::{IngestEntryView, IngestOutcome};
use crate::{intake::ingest::Prepared, schema::ingests::dsl};

/// Notes what became of an entry when it was taken in again, and who decided so where a person did.
pub async fn taken_in(
    tx: &mut TenantTx<'_>,
    again: &Prepared,
    (outcome, lead): (IngestOutcome, Uuid),
    warnings: &[FieldError],
    by: Option<Uuid>,
) -> QueryResult<IngestEntryView> {
    let now = Utc::now();
    let entry: IngestEntryView = diesel::update(dsl::ingests.filter(dsl::id.eq(again.entry)))
        .set((
            dsl::outcome.eq(outcome),
            dsl::lead_id.eq(lead),
            dsl::mapping.eq(again.mapping.as_ref()),
            dsl::sender.eq(again.submission.sender),
            dsl::errors.eq(None::<Value>),
            dsl::warnings.eq((!warnings.is_empty()).then(|| json!(warnings))),
            dsl::replayed_at.eq(now),
        ))
        .returning(IngestEntryView::as_returning())
        .get_result(&mut **tx)
        .await?;
    let Some(by) = by else { return Ok(entry) };
    diesel::update(dsl::ingests.filter(dsl::id.eq(again.entry)))
        .set((dsl::reviewed_by.eq(by), dsl::reviewed_at.eq(now)))
        .returning(IngestEntryView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Rejects an entry that waits, with the reasons that it had and that a person did so.
pub async fn reject(
    tx: &mut TenantTx<'_>,
    entry: &IngestEntryView,
    by: Uuid,
) -> QueryResult<IngestEntryView> {
    let mut reasons = match &entry.errors {
        Some(Value::Array(reasons)) => reasons.clone(),
        _ => Vec::new(),
    };
    reasons.push(json!(FieldError::new("", "rejected", "was rejected in a review")));
    diesel::update(dsl::ingests.filter(dsl::id.eq(entry.id)))
        .set((
            dsl::outcome.eq(IngestOutcome::Rejected),
            dsl::errors.eq(Value::Array(reasons)),
            dsl::reviewed_by.eq(by),
            dsl::reviewed_at.eq(Utc::now()),
        ))
        .returning(IngestEntryView::as_returning())
        .get_result(&mut **tx)
        .await
}

#[derive(QueryableByName)]
struct State {
    #[diesel(sql_type = Jsonb)]
    state: Value,
}

/// A lead as it was made; empty where its event does not say.
pub async fn made(tx: &mut TenantTx<'_>, lead: Uuid) -> QueryResult<Map<String, Value>> {
    let made: Option<State> = diesel::sql_query(
        "SELECT current_state AS state FROM events WHERE tenant_id = $1 AND entity_type = 'Lead' AND entity_id = $2 \
         AND event_type = 'Lead.CREATE' AND current_state IS NOT NULL ORDER BY id LIMIT 1",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(lead)
    .cached()
    .get_result(&mut **tx)
    .await
    .optional()?;
    Ok(match made {
        Some(State { state: Value::Object(members) }) => members,
        _ => Map::new(),
    })
}

/// Fields that an entry's lead was given when the submission was read again.
pub async fn filled(tx: &mut TenantTx<'_>, entry: Uuid) -> QueryResult<Map<String, Value>> {
    let filled: Option<Value> =
        dsl::ingests.filter(dsl::id.eq(entry)).select(dsl::filled).first(&mut **tx).await?;
    Ok(match filled {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    })
}

/// Keeps what an entry's lead was given.
pub async fn fill(tx: &mut TenantTx<'_>, entry: Uuid, filled: &Map<String, Value>) -> QueryResult<usize> {
    diesel::update(dsl::ingests.filter(dsl::id.eq(entry)))
        .set(dsl::filled.eq(Value::Object(filled.clone())))
        .execute(&mut **tx)
        .await
}
