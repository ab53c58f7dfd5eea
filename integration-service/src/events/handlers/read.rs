//! Reads an event.

use actix_web::web::{Data, Path};
use contracts::permissions::EventsRead;
use platform::{
    Problem,
    http::{Allowed, Body, WholeTenant},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    events::{api::EventDetail, store},
};

/// One event with its content.
pub async fn read(
    caller: Allowed<EventsRead, WholeTenant>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<EventDetail>, Problem> {
    let event =
        deps.db.read(caller.tenant(), async |tx| store::find(tx, *id).await.map_err(Problem::from)).await?;
    Ok(Body::new(event))
}
