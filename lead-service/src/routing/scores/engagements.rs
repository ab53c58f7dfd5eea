//! Engagements of leads: opened, replied, called, came back. Each is recorded once and scores the lead again.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use contracts::internal::engagements::{RecordEngagements, RecordedEngagements};
use platform::{
    Problem,
    db::{TenantTx, stored::successors},
    http::{Internal, InternalJson, body::InternalReply},
};
use uuid::Uuid;

use super::{refresh, store};
use crate::{deps::Deps, people::LeadView, routing::scoring_models::domain::is_kind};

/// Something a lead did.
#[derive(Clone, Debug)]
pub struct NewEngagement {
    /// The lead.
    pub lead_id: Uuid,
    /// What: lower-case letters, digits and underscores, such as `email_opened`.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Its source, such as an activity's or an event's id: repeated, it counts once.
    pub reference: Option<Uuid>,
}

/// Notes what leads did and scores them again, in the transaction in which it happens. Deeds of merged leads are those of
/// the winners; deeds of leads that are not there are left out. Gives how many leads did something that was not known.
pub async fn record(tx: &mut TenantTx<'_>, mut deeds: Vec<NewEngagement>) -> Result<usize, Problem> {
    let ids = |deeds: &[NewEngagement]| deeds.iter().map(|deed| deed.lead_id).collect::<Vec<Uuid>>();
    let mut leads = store::lock_these(tx, &ids(&deeds)).await?;
    let is_missing = |deed: &NewEngagement| leads.iter().all(|lead| lead.id != deed.lead_id);
    let missing: Vec<Uuid> = deeds.iter().filter(|deed| is_missing(deed)).map(|deed| deed.lead_id).collect();
    let merged = successors::<LeadView>(tx, &missing).await?;
    if !merged.is_empty() {
        for deed in &mut deeds {
            if let Some((_, winner)) = merged.iter().find(|(loser, _)| *loser == deed.lead_id) {
                deed.lead_id = *winner;
            }
        }
        leads = store::lock_these(tx, &ids(&deeds)).await?;
    }
    deeds.retain(|deed| leads.iter().any(|lead| lead.id == deed.lead_id));
    let engaged = store::insert_engagements(tx, &deeds).await?;
    leads.retain(|lead| engaged.contains(&lead.id));
    refresh(tx, &leads).await?;
    Ok(leads.len())
}

/// Takes down what other services saw leads do.
pub async fn told(
    _caller: Internal,
    call: InternalJson<RecordEngagements>,
    deps: Data<Deps>,
) -> Result<InternalReply<RecordedEngagements>, Problem> {
    let InternalJson(call) = call;
    if let Some(strange) = call.engagements.iter().find(|told| !is_kind(&told.kind)) {
        let detail = format!("{:?} is no kind of an engagement.", strange.kind);
        return Err(Problem::unprocessable("invalid_kind", detail));
    }
    let deeds = call.engagements.into_iter().map(|told| NewEngagement {
        lead_id: told.lead_id,
        kind: told.kind,
        at: told.at,
        reference: Some(told.reference),
    });
    let deeds = deeds.collect();
    let leads = deps.db.in_tenant(call.tenant_id, async |tx| record(tx, deeds).await).await?;
    Ok(InternalReply(RecordedEngagements { leads }))
}
