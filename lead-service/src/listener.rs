//! Events of other services: who is a member, when what former members hold is handed over, how far enrichments are, what currency a tenant has.

use actix_web::web::Data;
use contracts::events::Envelope;
use platform::{
    Problem,
    db::{
        TenantTx,
        inbox::{Consumer, Ready},
    },
};

use crate::{
    customers,
    deps::Deps,
    enrichment_requests,
    handovers::{self, Members},
};

/// Listens to tenant-service and enrichment-service.
pub struct Listener(Data<Deps>);

impl Listener {
    /// A listener that asks by these.
    pub fn new(deps: Data<Deps>) -> Self {
        Self(deps)
    }
}

impl Consumer for Listener {
    type Prepared = Option<Members>;
    const KEEPS_EVENTS: bool = false;

    fn wants(&self, event_type: &str) -> bool {
        handovers::concerns_members(event_type)
            || handovers::changes_due_times(event_type)
            || customers::concerns_currency(event_type)
            || enrichment_requests::concerns_progress(event_type)
    }

    async fn prepare(&self, event: &Envelope) -> Result<Option<Members>, Problem> {
        if handovers::concerns_members(&event.event_type) {
            handovers::ask_members(&self.0, event).await.map(Some)
        } else {
            Ok(None)
        }
    }

    async fn handle(
        &self,
        tx: &mut TenantTx<'_>,
        events: &[Ready<'_, Option<Members>>],
    ) -> Result<(), Problem> {
        // In the order of locks (`entities::locks`): members and rules, handovers, leads, customers. Of the answers about members,
        // the last one was asked for last: it knows best.
        let last = events.iter().rev().find_map(|ready| Some((ready, ready.prepared.as_ref()?)));
        if let Some((ready, members)) = last {
            ready.in_its_trace(handovers::take_down_members(tx, members)).await?;
        }
        if let Some(ready) = events.iter().find(|ready| handovers::changes_due_times(&ready.event.event_type))
        {
            ready.in_its_trace(handovers::look_again(tx)).await?;
        }
        for ready in
            events.iter().filter(|ready| enrichment_requests::concerns_progress(&ready.event.event_type))
        {
            ready.in_its_trace(enrichment_requests::take_down_progress(tx, ready.event)).await?;
        }
        for ready in events.iter().filter(|ready| customers::concerns_currency(&ready.event.event_type)) {
            ready.in_its_trace(customers::take_down_currency(tx, ready.event)).await?;
        }
        Ok(())
    }
}
