//! The currency of the tenant, as tenant-service says, and what follows from another one.

mod store;

use contracts::events::Envelope;
use platform::{
    Problem,
    db::{
        TenantTx,
        outbox::{self, Change},
    },
    values::{self, Currency},
};
use serde_json::Value;

use crate::{customers::api::CustomerView, entities::Entity};

/// The currency of a tenant that has not chosen one.
pub const DEFAULT: &str = "USD";
/// Customers changed in one statement.
const BATCH: i64 = 500;

/// Whether events of this type may say what the tenant's currency is.
pub fn concerns(event_type: &str) -> bool {
    matches!(event_type, "Tenant.CREATE" | "Tenant.UPDATE" | "Tenant.settings.UPDATE")
}

/// Notes the tenant's currency, and what customers are worth in it. An event that comes late changes nothing.
pub async fn take_down(tx: &mut TenantTx<'_>, event: &Envelope) -> Result<(), Problem> {
    let states = [&event.current_state, &event.record];
    let settings = states.into_iter().find_map(|state| state.as_ref()?.get("settings"));
    let Some(settings) = settings else { return Ok(()) };
    let chosen = settings.get("currency").and_then(Value::as_str).and_then(values::currency);
    let currency = chosen.map_or(DEFAULT, Currency::code);
    if !store::note(tx, currency, event.id).await? {
        return Ok(());
    }
    loop {
        let revalued = store::revalue_customers(tx, currency, BATCH).await?;
        if revalued.is_empty() {
            return Ok(());
        }
        let changes = revalued.iter().flat_map(|(before, after)| {
            Change::updated(CustomerView::NAME, after.id, before, after, CustomerView::TRACKED)
        });
        outbox::record(tx, changes.collect()).await?;
    }
}
