//! What the other services are told of jobs.

use contracts::events::Action;
use platform::db::outbox::Change;
use serde_json::{Value, json};
use uuid::Uuid;

use super::domain::{NewJob, Status};

/// Name of the entity in events. Its id is the job's.
pub const ENTITY: &str = "Enrichment";

/// The job was started.
pub fn started(job: &NewJob) -> Change {
    let state = json!({
        "enrichment_type": job.kind, "account_id": job.account_id, "status": Status::Pending.name(), "input": job.input,
    });
    Change::created(ENTITY, job.id, &state)
}

/// The job stands otherwise now: `Enrichment.COMPLETED`, `Enrichment.FAILED`, ….
///
/// `state` has `enrichment_type` and `account_id`, and what more is to be told; the status is added.
pub fn reached(job: Uuid, before: Status, after: Status, mut state: Value) -> Change {
    if let Some(members) = state.as_object_mut() {
        members.insert("status".to_owned(), after.name().into());
    }
    Change {
        event_type: format!("{ENTITY}.{}", after.name().to_uppercase()),
        entity_type: ENTITY,
        entity_id: job,
        action: Action::Update,
        previous_state: Some(json!({ "status": before.name() })),
        current_state: Some(state),
        changed_fields: vec!["status".to_owned()],
    }
}
