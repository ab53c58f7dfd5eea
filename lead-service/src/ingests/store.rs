//! Entries of the ledger in the database.

use chrono::Utc;
use contracts::problem::FieldError;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use serde_json::{Value, json};
use uuid::Uuid;

use super::api::{IngestEntryView, IngestOutcome};
use crate::schema::ingests::dsl;

/// Notes what became of an entry when it was taken in again.
pub async fn replayed(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    outcome: IngestOutcome,
    lead: Uuid,
    (mapping, sender): (Option<&Value>, Option<&str>),
    warnings: &[FieldError],
) -> QueryResult<IngestEntryView> {
    diesel::update(dsl::ingests.filter(dsl::id.eq(id)))
        .set((
            dsl::outcome.eq(outcome),
            dsl::lead_id.eq(lead),
            dsl::mapping.eq(mapping),
            dsl::sender.eq(sender),
            dsl::errors.eq(None::<Value>),
            dsl::warnings.eq((!warnings.is_empty()).then(|| json!(warnings))),
            dsl::replayed_at.eq(Utc::now()),
        ))
        .returning(IngestEntryView::as_returning())
        .get_result(&mut **tx)
        .await
}
