//! Rejects a submission that waits for a review.

use actix_web::web::{Data, Path};
use contracts::permissions::{IngestsRead, IngestsReplay};
use platform::{
    Problem,
    db::{Stored, outbox},
    http::{Allowed, Answer, Body, Shown, Shows},
};
use uuid::Uuid;

use super::release::not_waiting;
use crate::{
    deps::Deps,
    intake::ingests::{
        api::{IngestEntryView, IngestStatus},
        events, store,
    },
};

/// It stays in the ledger, and makes and changes nothing. 409 for one that does not wait; rejecting twice changes nothing.
pub async fn reject(
    caller: Allowed<IngestsReplay, Shows<IngestsRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<IngestEntryView>>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let before = IngestEntryView::lock(tx, *id, &visibility).await?;
            if before.status == IngestStatus::Rejected {
                return Ok(Body::shown(&caller, before));
            }
            if !before.status.waits() {
                return Err(not_waiting(&before));
            }
            let after = store::reject(tx, &before, caller.user().0).await?;
            outbox::record(tx, events::reviewed(&before, &after)).await?;
            Ok(Body::shown(&caller, after))
        })
        .await
}
