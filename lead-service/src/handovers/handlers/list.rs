//! Lists handovers.

use actix_web::web::Data;
use contracts::permissions::TenantUsersRead;
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, List, list::Rows},
};

use crate::{deps::Deps, handovers::api::HandoverView};

/// Those of the people that the caller sees, and those from which one of them gets records as the manager.
pub async fn list(
    caller: Allowed<TenantUsersRead>,
    list: List<HandoverView>,
    deps: Data<Deps>,
) -> Result<Rows<HandoverView>, Problem> {
    let visibility = caller.visibility();
    let (total, rows) = HandoverView::look_up_page(&deps.db, caller.tenant(), &list, &visibility).await?;
    Ok(list.answer(total, rows))
}
