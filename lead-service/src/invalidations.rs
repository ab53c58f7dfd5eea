//! Listens for what other replicas and services say is no longer true.

use actix_web::web;
use contracts::invalidation::{CHANNEL, Invalidation};
use platform::{redis, worker::Shutdown};

use crate::deps::Deps;

/// Evicts cached keys on invalidations, until the process stops.
pub async fn run(deps: web::Data<Deps>, shutdown: Shutdown) {
    redis::listen(&deps.redis, CHANNEL, shutdown, |invalidation: Invalidation| {
        if let Invalidation::ApiKeys { tenant_id } = invalidation {
            deps.keys.forget(tenant_id);
        }
    })
    .await;
}
