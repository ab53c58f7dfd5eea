//! Lists jobs.

use actix_web::web::Data;
use contracts::permissions::EnrichmentRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use crate::{
    deps::Deps,
    jobs::{api::JobView, store},
};

/// Everybody who may read enrichment sees all of the tenant's jobs.
pub async fn list(
    caller: Allowed<EnrichmentRead>,
    list: List<JobView>,
    deps: Data<Deps>,
) -> Result<Rows<JobView>, Problem> {
    let (total, rows) = deps.db.read(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
