//! Replacing and updating a webhook endpoint.

use actix_web::web::{Data, Path};
use contracts::permissions::{WebhookEndpointsRead, WebhookEndpointsUpdate};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Body, IfMatch, Json, MergePatch, Shown, Shows, WholeTenant, access::TenantCaller},
};
use uuid::Uuid;

use crate::{
    deliveries,
    deps::Deps,
    webhook_endpoints::{
        ENTITY,
        api::{WebhookEndpointView, WriteWebhookEndpoint},
        domain::{EndpointFields, EndpointStatus},
        store,
    },
};

/// Effects of changing an endpoint: all records of the tenant are sent to its URL.
type Changing = (Shows<WebhookEndpointsRead>, WholeTenant);

/// PUT: omitted fields take their defaults.
pub async fn replace(
    caller: Allowed<WebhookEndpointsUpdate, Changing>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteWebhookEndpoint>,
    deps: Data<Deps>,
) -> Result<Body<Shown<WebhookEndpointView>>, Problem> {
    let write = body.into_inner();
    save(&caller, *id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: omitted fields stay unchanged.
pub async fn update(
    caller: Allowed<WebhookEndpointsUpdate, Changing>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteWebhookEndpoint>,
    deps: Data<Deps>,
) -> Result<Body<Shown<WebhookEndpointView>>, Problem> {
    save(&caller, *id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    caller: &TenantCaller,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&WebhookEndpointView) -> Result<WriteWebhookEndpoint, Problem>,
) -> Result<Body<Shown<WebhookEndpointView>>, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::lock(tx, id).await?;
            if_match.check(before.version)?;
            let fields = EndpointFields::parse(write(&before)?, &deps.egress)?;
            let after = store::update(tx, &before, &fields).await?;
            if after.status == EndpointStatus::Disabled {
                deliveries::store::cancel_waiting(tx, id, "The endpoint was switched off.").await?;
            }
            if !after.ordered {
                deliveries::order::release_all(tx, id).await?;
            }
            outbox::record(tx, Change::updated(ENTITY, id, &before, &after, &["status"])).await?;
            Ok(Body::shown(caller, after))
        })
        .await
}
