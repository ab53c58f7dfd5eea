//! Replaces and changes an order.

use actix_web::web::{Data, Path};
use contracts::permissions::{OrdersRead, OrdersUpdate};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Body, IfMatch, Json, MergePatch, Shown, Shows, access::TenantCaller},
};
use uuid::Uuid;

use super::totals::hold_order;
use crate::{
    customers::orders::{
        api::{OrderView, WriteOrder},
        domain::NewOrder,
        store,
    },
    deps::Deps,
    entities::Entity,
};

/// PUT: what is left out becomes empty; number, title and date stay unless given.
pub async fn replace(
    caller: Allowed<OrdersUpdate, Shows<OrdersRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteOrder>,
    deps: Data<Deps>,
) -> Result<Body<Shown<OrderView>>, Problem> {
    let write = body.into_inner();
    save(&caller, *id, if_match, &deps, |current| {
        let mut write = write.clone();
        write.order_number.get_or_insert_with(|| current.order_number.clone());
        write.title.get_or_insert_with(|| current.title.clone());
        write.order_date.get_or_insert(current.order_date);
        Ok(write)
    })
    .await
}

/// PATCH: what is left out stays; items are replaced as a whole.
pub async fn update(
    caller: Allowed<OrdersUpdate, Shows<OrdersRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteOrder>,
    deps: Data<Deps>,
) -> Result<Body<Shown<OrderView>>, Problem> {
    save(&caller, *id, if_match, &deps, |current| patch.apply(&WriteOrder::from(current))).await
}

async fn save(
    caller: &TenantCaller,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl Fn(&OrderView) -> Result<WriteOrder, Problem>,
) -> Result<Body<Shown<OrderView>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let goes_to = |seen: &OrderView| write(seen).map(|write| Some(write.customer_id));
            let (before, totals) = hold_order(tx, id, &visibility, goes_to).await?;
            if_match.check(before.version)?;
            let order = NewOrder::parse(write(&before)?)?;
            let after = store::update(tx, &before, &order).await?;
            let mut changes = Change::updated(OrderView::NAME, id, &before, &after, OrderView::TRACKED);
            changes.extend(totals.sum_up(tx).await?);
            outbox::record(tx, changes).await?;
            Ok(Body::shown(caller, after))
        })
        .await
}
