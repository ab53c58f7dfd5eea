//! Rotation of a webhook endpoint's secret.

use actix_web::web::{Data, Path};
use contracts::permissions::{WebhookEndpointsRead, WebhookEndpointsUpdate};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Body, Shown, Shows, WholeTenant},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    webhook_endpoints::{ENTITY, api::WebhookEndpointWithSecret, secret::Secret, store},
};

/// The new secret is in this answer only; both sign for 24 hours.
pub async fn rotate_secret(
    caller: Allowed<WebhookEndpointsUpdate, (Shows<WebhookEndpointsRead>, WholeTenant)>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<WebhookEndpointWithSecret>>, Problem> {
    let secret = Secret::generate();
    let sealed = secret.seal(&deps.keys, caller.tenant(), *id);
    deps.db
        .once(caller.tenant(), async |tx| {
            let before = store::lock(tx, *id).await?;
            let endpoint = store::rotate_secret(tx, *id, &sealed).await?;
            outbox::record(tx, Change::updated(ENTITY, *id, &before, &endpoint, &[])).await?;
            let version = endpoint.version;
            let endpoint = Shown::to(&caller, endpoint);
            Ok(Body::versioned(WebhookEndpointWithSecret { endpoint, secret: secret.text() }, version))
        })
        .await
}
