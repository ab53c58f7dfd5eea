//! Lists deliveries.

use actix_web::web::Data;
use contracts::permissions::DeliveriesRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use crate::{
    deliveries::{api::DeliveryView, store},
    deps::Deps,
};

/// Everybody who may read deliveries sees all of the tenant's.
pub async fn list(
    caller: Allowed<DeliveriesRead>,
    list: List<DeliveryView>,
    deps: Data<Deps>,
) -> Result<Rows<DeliveryView>, Problem> {
    let (total, rows) = deps.db.read(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
