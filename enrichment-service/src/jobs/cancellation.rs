//! Calls jobs off: by hand, or because what they are about is gone.

use super::{api::JobView, domain::Status, events, store};
use crate::{
    accounts,
    adapters::Failure,
    money::Amount,
    runs::{self, store::Ended},
};
use platform::{
    Problem,
    db::{TenantTx, outbox},
};

/// Ends unfinished jobs that the transaction holds locked, for this reason.
pub async fn cancel(tx: &mut TenantTx<'_>, jobs: &[JobView], reason: &Failure) -> Result<(), Problem> {
    let mut changes = Vec::with_capacity(jobs.len());
    for job in jobs {
        let before = store::status_of(job)?;
        store::cancel(tx, job.id).await?;
        if let Some(run) = job.run_id {
            runs::store::count(tx, run, Ended::Skipped, Amount::ZERO).await?;
        }
        accounts::store::failed(tx, job.id, reason).await?;
        let mut state = events::subject(&job.kind, &job.subject_type, job.subject_id);
        state.insert("reason".to_owned(), reason.message.clone().into());
        changes.push(events::reached(job.id, before, Status::Cancelled, state));
    }
    outbox::record(tx, changes).await
}
