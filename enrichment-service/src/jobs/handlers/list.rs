//! Lists jobs.

use actix_web::web::Data;
use contracts::permissions::EnrichmentRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use crate::{
    deps::Deps,
    jobs::{api::JobView, domain, store},
};

/// Everybody who may read enrichment sees all of the tenant's jobs, with the beginnings of what they were started with.
pub async fn list(
    caller: Allowed<EnrichmentRead>,
    list: List<JobView>,
    deps: Data<Deps>,
) -> Result<Rows<JobView>, Problem> {
    let (total, mut rows) = deps.db.read(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    for job in &mut rows {
        job.input = domain::glimpsed(job.input.take());
    }
    Ok(list.answer(total, rows))
}
