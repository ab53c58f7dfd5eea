//! Adds an order.

use actix_web::web::Data;
use contracts::permissions::{OrdersCreate, OrdersRead};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Created, Json, Shown, Shows},
};

use super::totals::Totals;
use crate::{
    customers::orders::{
        api::{OrderView, WriteOrder},
        domain::NewOrder,
        store,
    },
    deps::Deps,
    entities::{Entity, created},
};

/// With its items, summed up; its customer's totals follow.
pub async fn create(
    caller: Allowed<OrdersCreate, Shows<OrdersRead>>,
    body: Json<WriteOrder>,
    deps: Data<Deps>,
) -> Result<Answer<Created<Shown<OrderView>>>, Problem> {
    let order = NewOrder::parse(body.into_inner())?;
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let totals = Totals::hold(tx, &[order.fields.customer_id], &visibility).await?;
            let order = store::insert(tx, &order, caller.user()).await?;
            let mut changes = vec![Change::created(OrderView::NAME, order.id, &order)];
            changes.extend(totals.sum_up(tx).await?);
            outbox::record(tx, changes).await?;
            Ok(created(&caller, order))
        })
        .await
}
