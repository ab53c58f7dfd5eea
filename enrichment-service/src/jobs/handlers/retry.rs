//! Runs a job again that was given up or called off.

use actix_web::web::{Data, Path};
use contracts::permissions::{EnrichmentRead, EnrichmentRun};
use platform::{
    Problem,
    db::{Stored, outbox},
    http::{Accepted, Allowed, Answer, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    accounts,
    deps::Deps,
    jobs::{api::JobView, domain::Status, events, store},
    runs,
};

/// 409 `job_not_retryable` when it is not finished or when it is completed.
pub async fn retry(
    caller: Allowed<EnrichmentRun, Shows<EnrichmentRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<Shown<JobView>>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let job = JobView::lock(tx, *id, &visibility).await?;
            let before = store::status_of(&job)?;
            before.check_retryable()?;
            let job = store::restart(tx, *id, caller.context()).await?;
            if let Some(run) = job.run_id {
                runs::store::take_back(tx, run, before).await?;
            }
            accounts::store::restarted(tx, &job).await?;
            let state = events::subject(&job.kind, &job.subject_type, job.subject_id);
            outbox::record(tx, vec![events::reached(*id, before, Status::Pending, state)]).await?;
            Ok(Accepted(Shown::to(&caller, job)))
        })
        .await
}
