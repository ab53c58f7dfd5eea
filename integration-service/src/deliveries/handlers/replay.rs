//! Replay of a delivery.

use actix_web::web::{Data, Path};
use contracts::permissions::{DeliveriesRead, DeliveriesReplay};
use diesel::OptionalExtension;
use platform::{
    Problem,
    http::{Accepted, Allowed, Answer, Shown, Shows, WholeTenant},
};
use uuid::Uuid;

use crate::{
    deliveries::{api::DeliveryView, order, store},
    deps::Deps,
    webhook_endpoints::{self, domain::EndpointStatus},
};

/// Sends the same body under the same `webhook-id` again, after any outcome, with the full number of tries: now, or when it
/// is the next of its record. 409 while it is being sent and when its endpoint is switched off or deleted.
pub async fn replay(
    caller: Allowed<DeliveriesReplay, (Shows<DeliveriesRead>, WholeTenant)>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<Shown<DeliveryView>>>, Problem> {
    deps.db
        .once(caller.tenant(), async |tx| {
            let delivery = store::find(tx, *id).await?.delivery;
            let endpoint = match webhook_endpoints::store::find(tx, delivery.endpoint_id).await.optional()? {
                None => return Err(Problem::conflict("endpoint_deleted", "The endpoint was deleted.")),
                Some(endpoint) if endpoint.status == EndpointStatus::Disabled => {
                    return Err(Problem::conflict("endpoint_disabled", "The endpoint is switched off."));
                }
                Some(endpoint) => endpoint,
            };
            let record = delivery.entity_id.filter(|_| endpoint.ordered);
            if let Some(record) = record {
                order::lock(tx, &[(caller.tenant().0, record)]).await?;
            }
            if !store::make_pending(tx, *id, record.is_some()).await? {
                return Err(Problem::conflict("delivery_in_progress", "It is being sent at this moment."));
            }
            if let Some(record) = record {
                order::put_in_order(tx, endpoint.id, record).await?;
            }
            Ok(Accepted(Shown::to(&caller, store::find(tx, *id).await?.delivery)))
        })
        .await
}
