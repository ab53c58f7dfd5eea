//! Runs a job again that was given up or called off.

use actix_web::web::{Data, Path};
use contracts::{
    internal::enrichments::EnrichmentType,
    permissions::{EnrichmentRead, EnrichmentRun},
};
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
};

/// 409 `job_not_retryable` when it is not finished, when it is completed, or when no provider supports it.
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
            if EnrichmentType::parse(&job.kind).and_then(|kind| deps.providers.find(kind)).is_none() {
                let detail = format!("No provider is configured for {}.", job.kind);
                return Err(Problem::conflict("job_not_retryable", detail));
            }
            let job = store::restart(tx, *id, caller.context()).await?;
            accounts::store::restarted(tx, &job).await?;
            let state = events::subject(&job.kind, &job.subject_type, job.subject_id);
            outbox::record(tx, vec![events::reached(*id, before, Status::Pending, state)]).await?;
            Ok(Accepted(Shown::to(&caller, job)))
        })
        .await
}
