//! Lists events.

use actix_web::web::Data;
use contracts::permissions::EventsRead;
use platform::{
    Problem,
    http::{Allowed, List, WholeTenant, list::Rows},
};

use crate::{
    deps::Deps,
    events::{api::EventView, store},
};

/// Requires the data scope `all`: an event contains its whole record.
pub async fn list(
    caller: Allowed<EventsRead, WholeTenant>,
    list: List<EventView>,
    deps: Data<Deps>,
) -> Result<Rows<EventView>, Problem> {
    let (total, rows) = deps.db.read(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
