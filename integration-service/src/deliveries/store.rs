//! SQL of deliveries for the API and for outcomes.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, Cacheable, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::{
    api::{DeliveryDetail, DeliveryView},
    domain::{DeliveryStatus, Outcome},
    queue::Claimed,
};
use crate::schema::deliveries::dsl;

const NEVER: Option<DateTime<Utc>> = None;

/// One page of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<DeliveryView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Reads one.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<DeliveryDetail> {
    dsl::deliveries.filter(dsl::id.eq(id)).select(DeliveryDetail::as_select()).first(&mut **tx).await
}

/// Makes a delivery pending with its full number of tries: due now, or held until it is the next of its record. Returns
/// whether that was possible; it is not while it is being sent.
pub async fn make_pending(tx: &mut TenantTx<'_>, id: Uuid, is_held: bool) -> QueryResult<bool> {
    let now = Utc::now();
    let not_being_sent = dsl::status.ne(DeliveryStatus::InProgress).or(dsl::leased_until.lt(now));
    let made = diesel::update(dsl::deliveries.filter(dsl::id.eq(id).and(not_being_sent)))
        .set((
            dsl::status.eq(DeliveryStatus::Pending),
            dsl::attempts.eq(0),
            dsl::next_attempt_at.eq(now),
            dsl::leased_until.eq(NEVER),
            dsl::delivered_at.eq(NEVER),
            dsl::held.eq(is_held),
            dsl::updated_at.eq(now),
        ))
        .execute(&mut **tx)
        .await?;
    Ok(made == 1)
}

/// Cancels the pending deliveries to an endpoint.
pub async fn cancel_waiting(tx: &mut TenantTx<'_>, endpoint: Uuid, reason: &str) -> QueryResult<usize> {
    diesel::update(
        dsl::deliveries.filter(dsl::endpoint_id.eq(endpoint).and(dsl::status.eq(DeliveryStatus::Pending))),
    )
    .set((
        dsl::status.eq(DeliveryStatus::Cancelled),
        dsl::next_attempt_at.eq(NEVER),
        dsl::held.eq(false),
        dsl::last_error.eq(reason),
        dsl::updated_at.eq(Utc::now()),
    ))
    .execute(&mut **tx)
    .await
}

/// Stores the outcome of a try. Returns whether this worker still held the lease.
pub async fn finish(tx: &mut TenantTx<'_>, claimed: &Claimed, outcome: &Outcome) -> QueryResult<bool> {
    let still_ours =
        dsl::status.eq(DeliveryStatus::InProgress).and(dsl::leased_until.eq(claimed.leased_until));
    let finished = diesel::update(dsl::deliveries.filter(dsl::id.eq(claimed.id).and(still_ours)))
        .set((outcome, dsl::leased_until.eq(NEVER), dsl::updated_at.eq(Utc::now())))
        .cached()
        .execute(&mut **tx)
        .await?;
    Ok(finished == 1)
}
