//! Confirms a customer.

use actix_web::web::{Data, Path};
use contracts::permissions::{CustomersRead, CustomersUpdate};
use platform::{
    Problem,
    db::{
        Stored,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    customers::{api::CustomerView, store},
    deps::Deps,
    entities::Entity,
};

/// Confirmed once, it stays so; again changes nothing.
pub async fn verify(
    caller: Allowed<CustomersUpdate, Shows<CustomersRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<CustomerView>>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let before = CustomerView::lock(tx, *id, &visibility).await?;
            let after = if before.verified { before.clone() } else { store::verify(tx, *id).await? };
            outbox::record(
                tx,
                Change::updated(CustomerView::NAME, *id, &before, &after, CustomerView::TRACKED),
            )
            .await?;
            Ok(Body::shown(&caller, after))
        })
        .await
}
