//! SQL of received events.

use std::sync::Arc;

use chrono::Utc;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::api::{EventDetail, EventStatus, EventView};
use crate::schema::inbox::dsl;

/// One page of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<EventView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Reads one.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<EventDetail> {
    dsl::inbox.filter(dsl::event_id.eq(id)).select(EventDetail::as_select()).first(&mut **tx).await
}

/// Makes a failed one due now, with the full number of tries; none when it has not failed.
pub async fn make_due(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<Option<EventView>> {
    diesel::update(dsl::inbox.filter(dsl::event_id.eq(id).and(dsl::status.eq(EventStatus::Failed))))
        .set((dsl::status.eq(EventStatus::Pending), dsl::attempts.eq(0), dsl::next_attempt_at.eq(Utc::now())))
        .returning(EventView::as_returning())
        .get_result(&mut **tx)
        .await
        .optional()
}
