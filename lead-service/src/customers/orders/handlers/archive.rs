//! Deletes and restores an order; its customer's totals follow.

use actix_web::web::{Data, Path};
use chrono::Utc;
use contracts::permissions::{OrdersDelete, OrdersRead};
use platform::{
    Problem,
    db::{
        Stored,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, IfMatch, NoContent, Shown, Shows},
};
use uuid::Uuid;

use super::totals::{Totals, hold_order};
use crate::{customers::orders::api::OrderView, deps::Deps, entities::Entity};

/// Softly: it can be restored.
pub async fn archive(
    caller: Allowed<OrdersDelete>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    let visibility = caller.visibility();
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let (order, totals) = hold_order(tx, *id, &visibility, |_| Ok(None)).await?;
            if_match.check(order.version)?;
            OrderView::set_deleted(tx, *id, Some(Utc::now())).await?;
            let mut changes = vec![Change::deleted(OrderView::NAME, *id, &order)];
            changes.extend(totals.sum_up(tx).await?);
            outbox::record(tx, changes).await?;
            Ok(NoContent)
        })
        .await
}

/// 404 when it is not deleted, 409 when its number was taken meanwhile or its customer is deleted.
pub async fn restore(
    caller: Allowed<OrdersDelete, Shows<OrdersRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<OrderView>>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            // Nothing but its restoration changes a deleted order, so that it can be locked before its customer is.
            let deleted = OrderView::lock_deleted(tx, *id, &visibility).await?;
            let totals = match Totals::hold(tx, &[deleted.customer_id], &visibility).await {
                Ok(totals) => totals,
                Err(problem) => {
                    deleted.check_restorable(tx).await?;
                    return Err(problem);
                }
            };
            let order = OrderView::set_deleted(tx, *id, None).await?;
            let mut changes = Change::of(Change::restored(OrderView::NAME, *id), &order);
            changes.extend(totals.sum_up(tx).await?);
            outbox::record(tx, changes).await?;
            Ok(Body::shown(&caller, order))
        })
        .await
}
