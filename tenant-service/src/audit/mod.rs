//! Audit log of changes to identity and access: append-only, written in the transaction of the change.

mod api;
mod consumer;
mod handlers;
mod routes;
mod store;
mod view;

use contracts::events::Actor;
use platform::{
    Problem,
    db::{
        TenantTx,
        outbox::{self, Change},
    },
    http::context,
};

pub use consumer::{AuditConsumer, PRODUCER};
pub use routes::routes;

/// Records changes of identity and access as events and as audit entries.
///
/// # Errors
/// When the database is away.
pub async fn record(tx: &mut TenantTx<'_>, changes: Vec<Change>) -> Result<(), Problem> {
    let context = context::current();
    let service = tx.service();
    let actor = context.as_ref().map_or(Actor::Service { name: service }, |context| context.actor(service));
    let entries = changes.iter().map(|change| store::Entry::of(change, service, &actor, context.as_deref()));
    let entries: Vec<store::Entry> = entries.collect();
    outbox::record_as(tx, &actor, changes).await?;
    store::insert(tx, &entries).await?;
    Ok(())
}
