//! Calls jobs off: by hand, or because their account is gone.

use platform::{
    Problem,
    db::{TenantTx, outbox},
};
use serde_json::json;

use super::{api::JobView, domain::Status, events, store};
use crate::{accounts, deps::SERVICE, providers::Failure};

/// Ends unfinished jobs that the transaction holds locked, for this reason.
pub async fn cancel(tx: &mut TenantTx<'_>, jobs: &[JobView], reason: &Failure) -> Result<(), Problem> {
    let mut changes = Vec::with_capacity(jobs.len());
    for job in jobs {
        let before = store::status_of(job)?;
        store::cancel(tx, job.id).await?;
        accounts::store::failed(tx, job.id, reason).await?;
        let state =
            json!({ "enrichment_type": job.kind, "account_id": job.subject_id, "reason": reason.message });
        changes.push(events::reached(job.id, before, Status::Cancelled, state));
    }
    outbox::record(tx, SERVICE, changes).await
}
