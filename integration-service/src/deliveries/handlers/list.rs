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

/// All of the tenant's: what is sent holds the whole record that the event is about.
pub async fn list(
    caller: Allowed<DeliveriesRead, WholeTenant>,
    list: List<DeliveryView>,
    deps: Data<Deps>,
) -> Result<Rows<DeliveryView>, Problem> {
    let (total, rows) = deps.db.read(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
