//! Events of jobs.

use contracts::{events::Action, internal::enrichments::JobSubject};
use platform::db::outbox::Change;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::domain::{NewJob, Status};

/// Name of the entity in events. Its id is the job's.
pub const ENTITY: &str = "Enrichment";

/// The job was started.
pub fn started(job: &NewJob) -> Change {
    let mut state = subject(job.kind.name(), job.subject.name(), job.subject_id);
    state.insert("status".to_owned(), Status::Pending.name().into());
    // What was handed in to be looked at may be a whole page; it stays with the job.
    if job.subject == JobSubject::Account {
        state.insert("input".to_owned(), job.input.clone());
    }
    Change::created(ENTITY, job.id, &state)
}

/// Which enrichment of what: `enrichment_type` and `account_id`, `lead_id` or `custom_column_id`.
pub fn subject(kind: &str, subject_type: &str, subject_id: Uuid) -> Map<String, Value> {
    Map::from_iter([
        ("enrichment_type".to_owned(), kind.into()),
        (format!("{subject_type}_id"), json!(subject_id)),
    ])
}

/// Records a status change: `Enrichment.COMPLETED`, `Enrichment.FAILED`, ….
///
/// `state` has its [`subject`] and further members; the status is added.
pub fn reached(job: Uuid, before: Status, after: Status, mut state: Map<String, Value>) -> Change {
    state.insert("status".to_owned(), after.name().into());
    Change {
        event_type: format!("{ENTITY}.{}", after.name().to_uppercase()),
        entity_type: ENTITY,
        entity_id: job,
        action: Action::Update,
        previous_state: Some(json!({ "status": before.name() })),
        current_state: Some(Value::Object(state)),
        changed_fields: vec!["status".to_owned()],
        record: None,
    }
}
