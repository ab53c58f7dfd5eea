//! Starts jobs: a row, what its account shows, and the event.

use contracts::internal::enrichments::JobSubject;
use platform::{
    Problem,
    db::{TenantTx, outbox},
};

use super::{domain::NewJob, events, store};
use crate::accounts;

/// Starts those of the jobs that are not known yet. Gives how many that were.
pub async fn start(tx: &mut TenantTx<'_>, jobs: &[NewJob]) -> Result<usize, Problem> {
    let mut changes = Vec::with_capacity(jobs.len());
    for job in jobs {
        if store::insert(tx, job).await? {
            if job.subject == JobSubject::Account {
                accounts::store::started(tx, job).await?;
            }
            changes.push(events::started(job));
        }
    }
    let new = changes.len();
    outbox::record(tx, changes).await?;
    Ok(new)
}
