//! Takes a submission in again.

use actix_web::web::{Data, Path};
use contracts::permissions::{IngestsRead, IngestsReplay, LeadsUpdate};
use platform::{
    Problem,
    db::{
        Stored, TenantTx, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, May, Shown, Shows, access::TenantCaller},
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    deps::Deps,
    entities::Entity,
    intake::{
        ingest::{self, Prepared},
        ingests::{
            again::{self, Again, Target},
            api::{IngestEntryView, IngestOutcome},
            rereading::{self, Rereading},
            store,
        },
    },
    lead_management,
    people::{self, LeadView},
    products,
};

/// Takes in what was refused or held, by today's rules and mapping; one that was held for a lead makes one of its own. Of a
/// submission that made a lead or filled one, the lead gets what is read of it now: what changed since stays, and asking twice
/// changes nothing. One that went onto a timeline only, or was a duplicate, stays as it is. 400 with the faults when it is still faulty.
pub async fn replay(
    caller: Allowed<IngestsReplay, (May<LeadsUpdate>, Shows<IngestsRead>)>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<IngestEntryView>>>, Problem> {
    let (tenant, visibility) = (caller.tenant(), caller.visibility());
    let again = Again::of(&deps, tenant, *id, &visibility).await?;
    let read = match again.entry.outcome {
        IngestOutcome::Attached | IngestOutcome::Duplicate => None,
        // A submission that was held for a lead has been reviewed; a suspected one is processed like any other.
        IngestOutcome::Quarantined if again.entry.lead_id.is_some() => {
            Some(again.read(&deps, tenant, Target::New).await?)
        }
        _ => Some(again.read(&deps, tenant, Target::Rules).await?),
    };
    ingest::unless_raced(async || {
        deps.db
            .once(tenant, async |tx| {
                // Leads are locked before what names them.
                let lead = if again.entry.made_or_filled() {
                    lock(tx, again.entry.lead_id, &visibility).await?
                } else {
                    None
                };
                let entry = IngestEntryView::lock(tx, *id, &visibility).await?;
                let Some(read) = &read else { return Ok(Body::shown(&caller, entry)) };
                let entry = match (entry.outcome, lead) {
                    (IngestOutcome::Rejected | IngestOutcome::Quarantined, _) => {
                        again::take_in(tx, read, None).await?
                    }
                    (_, Some(lead)) if entry.made_or_filled() => {
                        let better = Better { lead, entry, read };
                        better.write(tx, &caller, &visibility).await?
                    }
                    _ => entry,
                };
                Ok(Body::shown(&caller, entry))
            })
            .await
    })
    .await
}

/// The lead of a submission; none where it was deleted, or is another lead's by now.
async fn lock(
    tx: &mut TenantTx<'_>,
    lead: Option<Uuid>,
    visibility: &Visibility,
) -> Result<Option<LeadView>, Problem> {
    let Some(id) = lead else { return Ok(None) };
    match LeadView::lock(tx, id, visibility).await {
        Ok(lead) => Ok(Some(lead).filter(|lead| lead.id == id)),
        Err(diesel::result::Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A lead that gets what is read now of a submission that made or filled it.
struct Better<'a> {
    lead: LeadView,
    entry: IngestEntryView,
    read: &'a Prepared,
}

impl Better<'_> {
    async fn write(
        self,
        tx: &mut TenantTx<'_>,
        caller: &TenantCaller,
        visibility: &Visibility,
    ) -> Result<IngestEntryView, Problem> {
        let Self { lead: before, entry, read } = self;
        let Value::Object(said) = json!(read.submission) else { return Ok(entry) };
        let is_own = entry.outcome == IngestOutcome::Created;
        let made = if is_own { store::made(tx, before.id).await? } else { Map::new() };
        let filled = store::filled(tx, entry.id).await?;
        let now = people::written_members(&before)?;
        let rereading = Rereading {
            then: &rereading::then(made, &filled),
            read: &said,
            may_identify: is_own || read.may_identify(),
        };
        let mut fields = rereading.fields(&now);
        drop_unknown(tx, visibility, &now, &mut fields).await?;
        let changes = fields != now;
        if !changes && entry.mapping == read.mapping {
            return Ok(entry);
        }
        if changes {
            caller.demand::<LeadsUpdate>()?;
            let after =
                lead_management::update_lead(tx, &before, &people::stored_fields(fields.clone())?).await?;
            let told = Change::updated(LeadView::NAME, after.id, &before, &after, LeadView::TRACKED);
            outbox::record(tx, told).await?;
            store::fill(tx, entry.id, &rereading::filled(filled, &now, &fields)).await?;
        }
        let warnings = &read.submission.warnings;
        Ok(store::taken_in(tx, read, (entry.outcome, before.id), warnings, None).await?)
    }
}

/// Leaves the product and the account as they are where what is read now names none that the caller sees.
async fn drop_unknown(
    tx: &mut TenantTx<'_>,
    visibility: &Visibility,
    now: &Map<String, Value>,
    fields: &mut Map<String, Value>,
) -> Result<(), Problem> {
    for name in ["product_id", "account_id"] {
        let named = fields.get(name).filter(|named| Some(*named) != now.get(name));
        let Some(id) = named.and_then(Value::as_str).and_then(|text| text.parse().ok()) else { continue };
        let checked = match name {
            "product_id" => products::check(tx, Some(id)).await,
            _ => people::check_account(tx, Some(id), visibility).await,
        };
        match checked {
            Err(problem) if problem.status.is_server_error() => return Err(problem),
            Err(_) => {
                fields.insert(name.to_owned(), now.get(name).cloned().unwrap_or_default());
            }
            Ok(()) => {}
        }
    }
    Ok(())
}
