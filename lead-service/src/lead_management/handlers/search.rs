//! Finds leads by conditions combined.

use actix_web::web::Data;
use contracts::permissions::LeadsRead;
use platform::{
    Problem,
    db::Stored,
    http::{
        Allowed, Json,
        list::{Rows, Search},
    },
};

use crate::{
    deps::Deps,
    people::{LeadView, following_merges},
};

/// Those the caller may see, by cursor.
pub async fn search(
    caller: Allowed<LeadsRead>,
    body: Json<Search>,
    deps: Data<Deps>,
) -> Result<Rows<LeadView>, Problem> {
    let list = body.into_inner().list::<LeadView>(caller.time_zone())?;
    let visibility = caller.visibility();
    let list = following_merges(&deps.db, caller.tenant(), list).await?;
    let (total, rows) = LeadView::look_up_page(&deps.db, caller.tenant(), &list, &visibility).await?;
    Ok(list.answer(total, rows))
}
