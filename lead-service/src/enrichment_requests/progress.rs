//! Enrichment status of leads, from enrichment-service's events.

use chrono::Utc;
use contracts::{
    Service,
    events::{Actor, Envelope},
};
use platform::{
    Problem,
    db::{
        Stored, TenantTx, Visibility,
        outbox::{self, Change},
    },
};
use serde_json::Value;
use uuid::Uuid;

use crate::people::{self, LeadEnrichmentStatus, LeadStep, LeadView};

/// Whether events of this type say how far an enrichment is. Only those of leads have an effect here.
pub fn concerns(event_type: &str) -> bool {
    reached(event_type).is_some()
}

fn lead(event: &Envelope) -> Option<Uuid> {
    event.current_state.as_ref()?.get("lead_id").and_then(Value::as_str)?.parse().ok()
}

fn reached(event_type: &str) -> Option<LeadEnrichmentStatus> {
    match event_type {
        "Enrichment.CREATE" | "Enrichment.PENDING" => Some(LeadEnrichmentStatus::Processing),
        "Enrichment.COMPLETED" | "Enrichment.SKIPPED" => Some(LeadEnrichmentStatus::Completed),
        "Enrichment.FAILED" | "Enrichment.CANCELLED" => Some(LeadEnrichmentStatus::Failed),
        _ => None,
    }
}

/// Takes it down; a lead that is gone needs none.
pub async fn take_down(tx: &mut TenantTx<'_>, event: &Envelope) -> Result<(), Problem> {
    let (Some(id), Some(status)) = (lead(event), reached(&event.event_type)) else { return Ok(()) };
    let before = match LeadView::lock(tx, id, &Visibility::All).await {
        Ok(lead) => lead,
        Err(diesel::result::Error::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if before.enrichment_status == status {
        return Ok(());
    }
    let step = LeadStep {
        enrichment_status: Some(status),
        last_enriched_at: (status == LeadEnrichmentStatus::Completed).then(Utc::now),
        ..LeadStep::default()
    };
    let after = people::take_step(tx, before.id, &step).await?;
    let actor = Actor::Service { name: Service::Enrichment };
    let changes = Change::updated(people::LEAD_ENTITY, before.id, &before, &after, people::LEAD_TRACKED);
    outbox::record_as(tx, &actor, changes).await
}
