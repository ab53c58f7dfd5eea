//! Calls a job off.

use actix_web::web::{Data, Path};
use contracts::permissions::{EnrichmentRead, EnrichmentRun};
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Answer, Body, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    adapters::Failure,
    deps::Deps,
    jobs::{api::JobView, cancellation, store},
};

/// 409 `job_finished` when it is over. What a run under way finds is dropped.
pub async fn cancel(
    caller: Allowed<EnrichmentRun, Shows<EnrichmentRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<JobView>>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let job = JobView::lock(tx, *id, &visibility).await?;
            store::status_of(&job)?.check_cancellable()?;
            let reason = Failure::cancelled("The job was cancelled.");
            cancellation::cancel(tx, &[job], &reason).await?;
            let job = JobView::find(tx, *id, &visibility).await?;
            Ok(Body::shown(&caller, job))
        })
        .await
}
