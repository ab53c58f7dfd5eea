//! Reads a webhook endpoint.

use actix_web::web::{Data, Path};
use contracts::permissions::WebhookEndpointsRead;
use platform::{
    Problem,
    http::{Allowed, Body},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    webhook_endpoints::{api::WebhookEndpointView, store},
};

/// One endpoint with its version, without its secret.
pub async fn read(
    caller: Allowed<WebhookEndpointsRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<WebhookEndpointView>, Problem> {
    let endpoint =
        deps.db.read(caller.tenant(), async |tx| store::find(tx, *id).await.map_err(Problem::from)).await?;
    let version = endpoint.version;
    Ok(Body::versioned(endpoint, version))
}
