//! Adds an account together with the note of which enrichments were started.

use contracts::UserId;
use platform::{
    Problem,
    db::{TenantTx, outbox::Change},
};
use serde_json::{Map, Value, json};

use super::{
    api::{AccountView, NewAccountView},
    domain::{AccountFields, started_jobs},
    store,
};
use crate::entities::Entity;

/// The jobs' ids are made here and travel in the account's event, which is for the caller to record: so a crash neither
/// loses nor doubles them.
pub async fn add(
    tx: &mut TenantTx<'_>,
    fields: &AccountFields,
    by: UserId,
) -> Result<NewAccountView, Problem> {
    let enrichment_jobs = started_jobs();
    let sources: Map<String, Value> = enrichment_jobs
        .iter()
        .map(|job| (job.kind.name().to_owned(), json!({ "job_id": job.job_id })))
        .collect();
    let account = store::insert(tx, fields, &Value::Object(sources), by).await?;
    Ok(NewAccountView { account, enrichment_jobs })
}

/// The event of a new account: itself with its jobs.
pub fn told(view: &NewAccountView) -> Change {
    Change::created(AccountView::NAME, view.account.id, view)
}
