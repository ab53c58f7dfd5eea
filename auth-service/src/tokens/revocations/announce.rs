//! Publishes revocations to all processes.

use contracts::{
    internal::users::Revocation,
    invalidation::{CHANNEL, Invalidation},
};
use platform::redis::Redis;

/// Publishes what was committed. A process that misses the message reads it from the list of revocations.
pub async fn announce(redis: &Redis, revocations: Vec<Revocation>) {
    for revocation in revocations {
        match serde_json::to_string(&Invalidation::Revoked(revocation)) {
            Ok(message) => redis.publish(CHANNEL, &message).await,
            Err(error) => tracing::error!(%error, "a revocation could not be written as JSON"),
        }
    }
}
