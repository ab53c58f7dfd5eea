//! Security events in the database.

use std::sync::Arc;

use diesel::{ExpressionMethods, QueryResult};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, GlobalTx, SystemTx, Visibility},
    http::list::Criteria,
};

use super::api::{NewSecurityEvent, SecurityEventView};
use crate::schema::security_events::dsl;

/// Days for which a person's events are kept.
const KEPT_DAYS: i64 = 365;
/// Days for which attempts at accounts that do not exist are kept.
const NOBODYS_KEPT_DAYS: i64 = 1;

/// Adds one.
pub async fn insert(tx: &mut GlobalTx<'_>, event: &NewSecurityEvent) -> QueryResult<usize> {
    diesel::insert_into(dsl::security_events)
        .values((
            dsl::id.eq(event.id),
            dsl::user_id.eq(event.person.map(|person| person.0)),
            dsl::action.eq(event.action),
            dsl::entity_type.eq(event.entity_type),
            dsl::entity_id.eq(event.entity_id),
            dsl::actor_kind.eq(if event.by.is_some() { "user" } else { "service" }),
            dsl::actor_id.eq(event.by.map(|person| person.0)),
            dsl::details.eq(&event.details),
            dsl::request_id.eq(&event.request_id),
            dsl::client_address.eq(&event.client_address),
        ))
        .execute(&mut **tx)
        .await
}

/// One stretch of the list.
pub async fn page(
    tx: &mut GlobalTx<'_>,
    criteria: &Arc<Criteria>,
    visibility: &Visibility,
) -> Result<(Option<i64>, Vec<SecurityEventView>), Problem> {
    db::list::load(tx, criteria, visibility).await
}

/// Forgets old ones. Gives how many.
pub async fn forget_old(tx: &mut SystemTx<'_>) -> QueryResult<usize> {
    diesel::sql_query(format!(
        "DELETE FROM security_events WHERE occurred_at < now() - interval '{KEPT_DAYS} days' \
         OR (user_id IS NULL AND occurred_at < now() - interval '{NOBODYS_KEPT_DAYS} days')"
    ))
    .execute(&mut **tx)
    .await
}
