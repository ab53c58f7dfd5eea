//! Retry of a failed event.

use actix_web::web::{Data, Path};
use contracts::permissions::{EventsRead, EventsRetry};
use platform::{
    Problem,
    http::{Accepted, Allowed, Answer, Shown, Shows, WholeTenant},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    events::{api::EventView, store},
};

/// Makes it due now, with the full number of tries. 409 when it has not failed.
pub async fn retry(
    caller: Allowed<EventsRetry, (Shows<EventsRead>, WholeTenant)>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<Shown<EventView>>>, Problem> {
    deps.db
        .once(caller.tenant(), async |tx| {
            if let Some(due) = store::make_due(tx, *id).await? {
                return Ok(Accepted(Shown::to(&caller, due)));
            }
            let event = store::find(tx, *id).await?.event;
            let detail =
                format!("Only a failed event can be handled again; this one is {}.", event.status.word());
            Err(Problem::conflict("event_not_failed", detail))
        })
        .await
}
