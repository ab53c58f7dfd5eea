//! Sends a delivery again.

use actix_web::web::{Data, Path};
use contracts::permissions::{DeliveriesRead, DeliveriesReplay};
use diesel::OptionalExtension;
use platform::{
    Problem,
    http::{Accepted, Allowed, Answer, Shown, Shows, WholeTenant},
};
use uuid::Uuid;

use crate::{
    deliveries::{api::DeliveryView, store},
    deps::Deps,
    webhook_endpoints::{self, domain::EndpointStatus},
};

/// Whatever became of it before: the same body under the same `webhook-id`, due now, with all its tries before it.
/// 409 while it is being sent and when its endpoint is switched off or deleted.
pub async fn replay(
    caller: Allowed<DeliveriesReplay, (Shows<DeliveriesRead>, WholeTenant)>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<Shown<DeliveryView>>>, Problem> {
    deps.db
        .once(caller.tenant(), async |tx| {
            let delivery = store::find(tx, *id).await?.delivery;
            match webhook_endpoints::store::find(tx, delivery.endpoint_id).await.optional()? {
                None => return Err(Problem::conflict("endpoint_deleted", "The endpoint was deleted.")),
                Some(endpoint) if endpoint.status == EndpointStatus::Disabled => {
                    return Err(Problem::conflict("endpoint_disabled", "The endpoint is switched off."));
                }
                Some(_) => {}
            }
            let due = store::make_due(tx, *id).await?;
            due.map(|due| Accepted(Shown::to(&caller, due)))
                .ok_or_else(|| Problem::conflict("delivery_in_progress", "It is being sent at this moment."))
        })
        .await
}
