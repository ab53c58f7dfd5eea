//! Enrichments asked for here and done by enrichment-service: handed over once, whatever breaks in between.

mod progress;
mod store;
mod worker;

pub use progress::{concerns as concerns_progress, take_down as take_down_progress};
pub use worker::run as run_worker;

use contracts::{
    events::Action,
    internal::enrichments::{EnrichmentType, JobSubject, StartedJob},
};
use platform::{
    Problem,
    db::{
        Stored, TenantTx, Visibility,
        outbox::{self, Change},
    },
    http::access::TenantCaller,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    entities::Entity,
    people::{AccountView, LeadView},
};

/// Has a job done about an account or a lead: it is handed over when the transaction has committed.
///
/// # Errors
/// Those of the database.
pub async fn start(
    tx: &mut TenantTx<'_>,
    kind: EnrichmentType,
    subject: (JobSubject, Uuid),
    input: &Value,
    caller: &TenantCaller,
) -> Result<StartedJob, Problem> {
    let job = StartedJob { kind, job_id: Uuid::now_v7() };
    store::insert(tx, &job, subject, input, caller.user(), caller.context()).await?;
    let entity_type = match subject.0 {
        JobSubject::Account => AccountView::NAME,
        JobSubject::Lead => LeadView::NAME,
    };
    let record = match subject.0 {
        JobSubject::Account => {
            serde_json::to_value(AccountView::find(tx, subject.1, &Visibility::All).await?)
        }
        JobSubject::Lead => serde_json::to_value(LeadView::find(tx, subject.1, &Visibility::All).await?),
    };
    let told = Change {
        event_type: format!("{entity_type}.enrichment.UPDATE"),
        entity_type,
        entity_id: subject.1,
        action: Action::Update,
        previous_state: Some(json!({ "enrichment": null })),
        current_state: Some(json!({ "enrichment": job })),
        changed_fields: vec!["enrichment".to_owned()],
        record: record.ok(),
    };
    outbox::record(tx, vec![told]).await?;
    Ok(job)
}
