//! Tells every process at once.

use contracts::{
    internal::users::Revocation,
    invalidation::{CHANNEL, Invalidation},
};
use platform::redis::Redis;

/// Publishes what was committed. Whoever misses it learns it from the list of revocations.
pub async fn announce(redis: &Redis, revocations: Vec<Revocation>) {
    for revocation in revocations {
        match serde_json::to_string(&Invalidation::Revoked(revocation)) {
            Ok(message) => redis.publish(CHANNEL, &message).await,
            Err(error) => tracing::error!(%error, "a revocation could not be written as JSON"),
        }
    }
}
