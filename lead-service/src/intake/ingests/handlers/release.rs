//! Releases a submission that waits for a review.

use actix_web::web::{Data, Path};
use contracts::{
    permissions::{IngestsRead, IngestsReplay, LeadsCreate, LeadsUpdate},
    problem::FieldError,
};
use platform::{
    Problem,
    db::{Stored, outbox},
    http::{Allowed, Answer, Body, Json, May, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    entities,
    intake::{
        ingest,
        ingests::{
            again::{self, Again, Target},
            api::{IngestEntryView, IngestOutcome, ReleaseSubmission},
            events,
        },
    },
    people::LeadView,
};

/// The effects of a release.
type Releasing = (May<LeadsCreate>, May<LeadsUpdate>, Shows<IngestsRead>);

/// Makes a lead of it or adds it to the named lead. Its addresses become keys of that lead, where no other lead has them, because
/// a person said that it is about that lead's person. Read by the rules and the mapping of now; 400 with the faults when it
/// is faulty. 409 for one that does not wait, unless it went there already.
pub async fn release(
    caller: Allowed<IngestsReplay, Releasing>,
    id: Path<Uuid>,
    body: Json<ReleaseSubmission>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<IngestEntryView>>>, Problem> {
    let target = target(&body.into_inner().target)?;
    match target {
        Target::Lead(_) => caller.demand::<LeadsUpdate>()?,
        Target::New | Target::Rules => caller.demand::<LeadsCreate>()?,
    }
    let (tenant, visibility) = (caller.tenant(), caller.visibility());
    let again = Again::of(&deps, tenant, *id, &visibility).await?;
    let read = if again.entry.status.waits() { Some(again.read(&deps, tenant, target).await?) } else { None };
    ingest::unless_raced(async || {
        deps.db
            .once(tenant, async |tx| {
                let lead = match target {
                    Target::Lead(lead) => Some(lead),
                    Target::New | Target::Rules => None,
                };
                let lead = entities::check_reference::<LeadView>(tx, "as", lead, &visibility).await?;
                let before = IngestEntryView::lock(tx, *id, &visibility).await?;
                let Some(read) = read.as_ref().filter(|_| before.status.waits()) else {
                    return released(before, lead.map(|lead| lead.id))
                        .map(|entry| Body::shown(&caller, entry));
                };
                // A lead that was merged has the id of its winner.
                let onto = lead.map(|lead| lead.id);
                let read = ingest::Prepared { onto, ..read.clone() };
                let after = again::take_in(tx, &read, Some(caller.user().0)).await?;
                outbox::record(tx, events::reviewed(&before, &after)).await?;
                Ok(Body::shown(&caller, after))
            })
            .await
    })
    .await
}

fn target(text: &str) -> Result<Target, Problem> {
    if text == "new" {
        return Ok(Target::New);
    }
    text.parse().map(Target::Lead).map_err(|_| {
        Problem::invalid(vec![FieldError::new("as", "not_allowed", "must be `new` or the id of a lead")])
    })
}

/// The entry as it is, where it went already to where it is to go.
fn released(entry: IngestEntryView, lead: Option<Uuid>) -> Result<IngestEntryView, Problem> {
    let is_there = match lead {
        Some(lead) => entry.lead_id == Some(lead) && entry.outcome != IngestOutcome::Rejected,
        None => entry.outcome == IngestOutcome::Created,
    };
    if is_there { Ok(entry) } else { Err(not_waiting(&entry)) }
}

/// 409 for a submission that waits for nothing.
pub fn not_waiting(entry: &IngestEntryView) -> Problem {
    let detail = "This submission does not wait for a review: its outcome stands.";
    Problem::conflict("not_waiting", detail).with("outcome", entry.outcome.word())
}
