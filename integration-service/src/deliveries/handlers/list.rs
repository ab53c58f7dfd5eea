//! Lists deliveries.

use actix_web::web::Data;
use contracts::permissions::DeliveriesRead;
use platform::{
    Problem,
    http::{Allowed, List, WholeTenant, list::Rows},
};

use crate::{
    deliveries::{api::DeliveryView, store},
    deps::Deps,
};

/// Requires the data scope `all`: a delivery contains the whole record of its event.
pub async fn list(
    caller: Allowed<DeliveriesRead, WholeTenant>,
    list: List<DeliveryView>,
    deps: Data<Deps>,
) -> Result<Rows<DeliveryView>, Problem> {
    let (total, rows) = deps.db.read(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
