//! Webhook endpoints in the database.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, OptionalExtension, QueryDsl,
    QueryResult, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::{
    api::WebhookEndpointView,
    domain::{EndpointFields, EndpointStatus},
};
use crate::schema::webhook_endpoints::dsl;

/// Time for which the previous secret signs too.
const ROTATION: TimeDelta = TimeDelta::hours(24);
const BY_HAND: &str = "Switched off by hand.";

/// One page of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<WebhookEndpointView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Inserts one with its encrypted secret.
pub async fn insert(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    fields: &EndpointFields,
    sealed_secret: &[u8],
    by: UserId,
) -> QueryResult<WebhookEndpointView> {
    diesel::insert_into(dsl::webhook_endpoints)
        .values((
            dsl::id.eq(id),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::secret.eq(sealed_secret),
            dsl::disabled_reason.eq(disabled_reason(fields.status, None)),
            dsl::created_by.eq(by.0),
            fields,
        ))
        .returning(WebhookEndpointView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Reads one.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<WebhookEndpointView> {
    dsl::webhook_endpoints
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(WebhookEndpointView::as_select())
        .first(&mut **tx)
        .await
}

/// Reads one and locks it for a change.
pub async fn lock(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<WebhookEndpointView> {
    dsl::webhook_endpoints
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(WebhookEndpointView::as_select())
        .for_update()
        .first(&mut **tx)
        .await
}

/// Updates one with the former state `before`.
pub async fn update(
    tx: &mut TenantTx<'_>,
    before: &WebhookEndpointView,
    fields: &EndpointFields,
) -> QueryResult<WebhookEndpointView> {
    diesel::update(dsl::webhook_endpoints.filter(dsl::id.eq(before.id)))
        .set((
            fields,
            dsl::disabled_reason.eq(disabled_reason(fields.status, before.disabled_reason.as_deref())),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(WebhookEndpointView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// One that stays disabled keeps its reason.
fn disabled_reason(status: EndpointStatus, before: Option<&str>) -> Option<&str> {
    match status {
        EndpointStatus::Enabled => None,
        EndpointStatus::Disabled => before.or(Some(BY_HAND)),
    }
}

/// Stores a new encrypted secret; the current one stays valid for a day.
pub async fn rotate_secret(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    sealed_secret: &[u8],
) -> QueryResult<WebhookEndpointView> {
    let now = Utc::now();
    diesel::update(dsl::webhook_endpoints.filter(dsl::id.eq(id)))
        .set((
            dsl::previous_secret.eq(dsl::secret.nullable()),
            dsl::previous_secret_expires_at.eq(now + ROTATION),
            dsl::secret.eq(sealed_secret),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(now),
        ))
        .returning(WebhookEndpointView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Disables one, if it is enabled and still has this URL. Returns its states before and after.
pub async fn switch_off(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    url: &str,
    reason: &str,
) -> QueryResult<Option<(WebhookEndpointView, WebhookEndpointView)>> {
    let Some(before) = lock(tx, id).await.optional()? else { return Ok(None) };
    if before.status == EndpointStatus::Disabled || before.url != url {
        return Ok(None);
    }
    let after = diesel::update(dsl::webhook_endpoints.filter(dsl::id.eq(id)))
        .set((
            dsl::status.eq(EndpointStatus::Disabled),
            dsl::disabled_reason.eq(reason),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(WebhookEndpointView::as_returning())
        .get_result(&mut **tx)
        .await?;
    Ok(Some((before, after)))
}

/// Marks one as deleted.
pub async fn archive(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(dsl::webhook_endpoints.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(now), dsl::updated_at.eq(now), dsl::version.eq(dsl::version + 1)))
        .execute(&mut **tx)
        .await
}

/// Restores a deleted one.
pub async fn restore(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<WebhookEndpointView> {
    diesel::update(dsl::webhook_endpoints.filter(dsl::id.eq(id).and(dsl::deleted_at.is_not_null())))
        .set((
            dsl::deleted_at.eq(None::<DateTime<Utc>>),
            dsl::updated_at.eq(Utc::now()),
            dsl::version.eq(dsl::version + 1),
        ))
        .returning(WebhookEndpointView::as_returning())
        .get_result(&mut **tx)
        .await
}
