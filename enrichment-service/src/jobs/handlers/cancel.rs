//! Calls a job off.

use actix_web::web::{Data, Path};
use contracts::permissions::EnrichmentRun;
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Answer, Body},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    jobs::{api::JobView, cancellation, store},
    providers::Failure,
};

/// 409 `job_finished` when it is over. What a run under way finds is dropped.
pub async fn cancel(
    caller: Allowed<EnrichmentRun>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<JobView>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let job = JobView::lock(tx, *id, &visibility).await?;
            store::status_of(&job)?.check_cancellable()?;
            let reason = Failure::cancelled("The job was cancelled.");
            cancellation::cancel(tx, &[job], &reason).await?;
            let job = JobView::find(tx, *id, &visibility).await?;
            let version = job.version;
            Ok(Body::versioned(job, version))
        })
        .await
}
