//! Reads a delivery.

use actix_web::web::{Data, Path};
use contracts::permissions::DeliveriesRead;
use platform::{
    Problem,
    http::{Allowed, Body, WholeTenant},
};
use uuid::Uuid;

use crate::{
    deliveries::{api::DeliveryDetail, store},
    deps::Deps,
};

/// One delivery with its body and the last answer.
pub async fn read(
    caller: Allowed<DeliveriesRead, WholeTenant>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<DeliveryDetail>, Problem> {
    let delivery =
        deps.db.read(caller.tenant(), async |tx| store::find(tx, *id).await.map_err(Problem::from)).await?;
    Ok(Body::new(delivery))
}
