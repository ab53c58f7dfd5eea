//! Pauses, resumes, cancels runs, and runs again what failed.

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
    runs::{api::RunView, domain::RunStatus, store},
    starting,
};

/// The answer to every step of a run.
type Stepped = Result<Answer<Body<Shown<RunView>>>, Problem>;

/// 409 unless it runs. Jobs under way end.
pub async fn pause(
    caller: Allowed<EnrichmentRun, Shows<EnrichmentRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Stepped {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let run = RunView::lock(tx, *id, &visibility).await?;
            run.status.check_pausable()?;
            let run = store::set_status(tx, &run, RunStatus::Paused, None).await?;
            store::hold_jobs(tx, *id, true).await?;
            Ok(Body::shown(&caller, run))
        })
        .await
}

/// 409 unless it is paused or its budget was used up. Platform staff starts nothing that costs.
pub async fn resume(
    caller: Allowed<EnrichmentRun, Shows<EnrichmentRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Stepped {
    starting::refuse_support(&caller)?;
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let run = RunView::lock(tx, *id, &visibility).await?;
            run.status.check_resumable()?;
            let run = store::set_status(tx, &run, RunStatus::Running, None).await?;
            store::hold_jobs(tx, *id, false).await?;
            Ok(Body::shown(&caller, run))
        })
        .await
}

/// 409 when it has ended.
pub async fn cancel(
    caller: Allowed<EnrichmentRun, Shows<EnrichmentRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Stepped {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let run = RunView::lock(tx, *id, &visibility).await?;
            run.status.check_cancellable()?;
            let run = store::set_status(tx, &run, RunStatus::Cancelled, None).await?;
            store::cancel_jobs(tx, *id, &Failure::cancelled("The run was cancelled.").details()).await?;
            Ok(Body::shown(&caller, run))
        })
        .await
}

/// 409 when it was cancelled. In a paused run they wait.
pub async fn retry_failed(
    caller: Allowed<EnrichmentRun, Shows<EnrichmentRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Stepped {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let run = RunView::lock(tx, *id, &visibility).await?;
            run.status.check_retryable()?;
            let is_held = matches!(run.status, RunStatus::Paused | RunStatus::BudgetExhausted);
            store::retry_failed(tx, *id, is_held).await?;
            let run = RunView::find(tx, *id, &visibility).await?;
            Ok(Body::shown(&caller, run))
        })
        .await
}
