//! Lists jobs.

use actix_web::web::Data;
use contracts::permissions::EnrichmentRead;
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, List, list::Rows},
};

use crate::{
    deps::Deps,
    jobs::{api::JobView, domain},
};

/// Those the caller may see, with the beginnings of what they were started with.
pub async fn list(
    caller: Allowed<EnrichmentRead>,
    list: List<JobView>,
    deps: Data<Deps>,
) -> Result<Rows<JobView>, Problem> {
    let (total, mut rows) =
        JobView::look_up_page(&deps.db, caller.tenant(), &list, &caller.visibility()).await?;
    for job in &mut rows {
        job.input = domain::glimpsed(job.input.take());
    }
    Ok(list.answer(total, rows))
}
