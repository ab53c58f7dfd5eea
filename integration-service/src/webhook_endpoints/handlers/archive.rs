//! Deletes and restores a webhook endpoint.

use actix_web::web::{Data, Path};
use contracts::permissions::{WebhookEndpointsCreate, WebhookEndpointsDelete, WebhookEndpointsRead};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Body, IfMatch, Needs, NoContent, Shown, Shows, WholeTenant},
};
use uuid::Uuid;

use crate::{
    deliveries,
    deps::Deps,
    webhook_endpoints::{ENTITY, api::WebhookEndpointView, store},
};

/// Soft delete: it can be restored. Its pending deliveries are cancelled.
pub async fn archive(
    caller: Allowed<WebhookEndpointsDelete>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let endpoint = store::lock(tx, *id).await?;
            if_match.check(endpoint.version)?;
            store::archive(tx, *id).await?;
            deliveries::store::cancel_waiting(tx, *id, "The endpoint was deleted.").await?;
            outbox::record(tx, vec![Change::deleted(ENTITY, *id, &endpoint)]).await?;
            Ok(NoContent)
        })
        .await
}

/// The effects of restoring an endpoint.
type Restoring = (Needs<WebhookEndpointsCreate>, Shows<WebhookEndpointsRead>, WholeTenant);

/// 404 when it is not deleted. Events from then on are sent to it.
pub async fn restore(
    caller: Allowed<WebhookEndpointsDelete, Restoring>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<WebhookEndpointView>>>, Problem> {
    deps.db
        .once(caller.tenant(), async |tx| {
            let endpoint = store::restore(tx, *id).await?;
            let changes = Change::of(Change::restored(ENTITY, *id), &endpoint);
            outbox::record(tx, changes).await?;
            Ok(Body::shown(&caller, endpoint))
        })
        .await
}
