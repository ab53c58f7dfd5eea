//! Brings an order to its next status.

use actix_web::web::{Data, Path};
use contracts::permissions::{OrdersRead, OrdersUpdate};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Body, IfMatch, Json, Shown, Shows},
};
use uuid::Uuid;

use super::totals::hold_order;
use crate::{
    customers::orders::{
        api::{OrderView, SetStatus},
        store,
    },
    deps::Deps,
    entities::Entity,
};

/// 409 `invalid_transition` when it cannot go there; where it is already, nothing changes.
pub async fn set(
    caller: Allowed<OrdersUpdate, Shows<OrdersRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<SetStatus>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<OrderView>>>, Problem> {
    let to = body.into_inner();
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let (before, totals) = hold_order(tx, *id, &visibility, |_| Ok(None)).await?;
            if_match.check(before.version)?;
            if before.status == to.status {
                return Ok(Body::shown(&caller, before));
            }
            before.status.check_next(to.status)?;
            let after = store::set_status(tx, &before, &to).await?;
            let mut changes = Change::updated(OrderView::NAME, *id, &before, &after, OrderView::TRACKED);
            changes.extend(totals.sum_up(tx).await?);
            outbox::record(tx, changes).await?;
            Ok(Body::shown(&caller, after))
        })
        .await
}
