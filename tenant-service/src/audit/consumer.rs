//! Consumer that adds other services' events about API keys to the audit log.

use contracts::{Service, events::Envelope};
use platform::{
    Problem,
    db::{
        TenantTx,
        inbox::{Consumer, Ready},
    },
};

use super::store::{self, Entry};

/// The service with relevant events.
pub const PRODUCER: Service = Service::Lead;
/// Entities that give access.
const ENTITIES: [&str; 1] = ["ApiKey"];

/// Handles lead-service's events.
pub struct AuditConsumer;

impl Consumer for AuditConsumer {
    type Prepared = ();
    const KEEPS_EVENTS: bool = false;

    fn wants(&self, event_type: &str) -> bool {
        event_type.split_once('.').is_some_and(|(entity, _)| ENTITIES.contains(&entity))
    }

    async fn prepare(&self, _event: &Envelope) -> Result<(), Problem> {
        Ok(())
    }

    async fn handle(&self, tx: &mut TenantTx<'_>, events: &[Ready<'_, ()>]) -> Result<(), Problem> {
        let told: Vec<Entry> = events.iter().map(|ready| Entry::told(ready.event, PRODUCER)).collect();
        store::insert(tx, &told).await?;
        Ok(())
    }
}
