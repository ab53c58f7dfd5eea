//! Lists waterfalls.

use actix_web::web::Data;
use contracts::permissions::EnrichmentRead;
use platform::{
    Problem,
    db::{Stored, Visibility},
    http::{Allowed, List, list::Rows},
};

use crate::{deps::Deps, waterfalls::api::WaterfallView};

/// All of the tenant's.
pub async fn list(
    caller: Allowed<EnrichmentRead>,
    list: List<WaterfallView>,
    deps: Data<Deps>,
) -> Result<Rows<WaterfallView>, Problem> {
    let (total, rows) =
        WaterfallView::look_up_page(&deps.db, caller.tenant(), &list, &Visibility::All).await?;
    Ok(list.answer(total, rows))
}
