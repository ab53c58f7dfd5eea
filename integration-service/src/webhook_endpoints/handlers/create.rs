//! Creation of a webhook endpoint.

use actix_web::web::Data;
use contracts::permissions::{WebhookEndpointsCreate, WebhookEndpointsRead};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Created, Json, Shown, Shows, WholeTenant},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    webhook_endpoints::{
        ENTITY,
        api::{WebhookEndpointWithSecret, WriteWebhookEndpoint},
        domain::EndpointFields,
        secret::Secret,
        store,
    },
};

/// The secret is in this answer only. Requires the data scope `all`: all records of the tenant are sent to the endpoint.
pub async fn create(
    caller: Allowed<WebhookEndpointsCreate, (Shows<WebhookEndpointsRead>, WholeTenant)>,
    body: Json<WriteWebhookEndpoint>,
    deps: Data<Deps>,
) -> Result<Answer<Created<WebhookEndpointWithSecret>>, Problem> {
    let fields = EndpointFields::parse(body.into_inner(), &deps.egress)?;
    let (id, secret) = (Uuid::now_v7(), Secret::generate());
    let sealed = secret.seal(&deps.keys, caller.tenant(), id);
    deps.db
        .once(caller.tenant(), async |tx| {
            let endpoint = store::insert(tx, id, &fields, &sealed, caller.user()).await?;
            outbox::record(tx, vec![Change::created(ENTITY, id, &endpoint)]).await?;
            let version = endpoint.version;
            let endpoint = Shown::to(&caller, endpoint);
            let body = WebhookEndpointWithSecret { endpoint, secret: secret.text() };
            Ok(Created::at(format!("/api/v2/webhook-endpoints/{id}"), body).version(version))
        })
        .await
}
