//! Lists events.

use actix_web::web::Data;
use contracts::permissions::EventsRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use crate::{
    deps::Deps,
    events::{api::EventView, store},
};

/// Everybody who may read events sees all of the tenant's.
pub async fn list(
    caller: Allowed<EventsRead>,
    list: List<EventView>,
    deps: Data<Deps>,
) -> Result<Rows<EventView>, Problem> {
    let (total, rows) = deps.db.read(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
