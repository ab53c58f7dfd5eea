//! Lists leads.

use actix_web::web::Data;
use contracts::permissions::LeadsRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use crate::{
    deps::Deps,
    leads::{api::LeadView, store},
};

/// Those the caller may see.
pub async fn list(
    caller: Allowed<LeadsRead>,
    list: List<LeadView>,
    deps: Data<Deps>,
) -> Result<Rows<LeadView>, Problem> {
    let visibility = caller.visibility();
    let (total, rows) =
        deps.db.read(caller.tenant(), async |tx| store::page(tx, &list, &visibility).await).await?;
    Ok(list.answer(total, rows))
}
