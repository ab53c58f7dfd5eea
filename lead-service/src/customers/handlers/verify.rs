//! Confirms a customer.

use actix_web::web::{Data, Path};
use contracts::permissions::CustomersUpdate;
use platform::{
    Problem,
    db::{
        Stored,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body},
};
use uuid::Uuid;

use crate::{
    customers::{api::CustomerView, store},
    deps::{Deps, SERVICE},
    entities::Entity,
};

/// Confirmed once, it stays so; again changes nothing.
pub async fn verify(
    caller: Allowed<CustomersUpdate>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<CustomerView>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let before = CustomerView::lock(tx, *id, &visibility).await?;
            let after = if before.verified { before.clone() } else { store::verify(tx, *id).await? };
            outbox::record(
                tx,
                SERVICE,
                Change::updated(CustomerView::NAME, *id, &before, &after, CustomerView::TRACKED),
            )
            .await?;
            let version = after.version;
            Ok(Body::versioned(after, version))
        })
        .await
}
