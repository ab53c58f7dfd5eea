//! Subscription to cache invalidations on Redis.

use std::{sync::Arc, time::Duration};

use contracts::invalidation::{CHANNEL, Invalidation};
use futures::StreamExt;
use platform::worker::Shutdown;

use crate::state::Gateway;

/// How often it is made sure that Redis is still there: a connection that broke silently brings no messages.
const CHECK_EVERY: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(500);

/// Listens until the process ends.
pub async fn run(gateway: Arc<Gateway>, mut shutdown: Shutdown) {
    while !shutdown.is_triggered() {
        if let Err(error) = listen(&gateway, &mut shutdown).await {
            tracing::warn!(%error, "invalidations cannot be heard: what is remembered is asked for more often");
        }
        gateway.access.set_told(false);
        shutdown.sleep(PAUSE).await;
    }
}

async fn listen(gateway: &Gateway, shutdown: &mut Shutdown) -> redis::RedisResult<()> {
    let subscription = gateway.redis.subscribe(CHANNEL).await?;
    gateway.access.set_told(true);
    tracing::info!("invalidations are heard");
    let mut messages = subscription.into_on_message();
    let mut check = tokio::time::interval(CHECK_EVERY);
    loop {
        tokio::select! {
            message = messages.next() => match message {
                Some(message) => apply(gateway, &message.get_payload::<String>()?),
                None => return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into()),
            },
            _ = check.tick() => gateway.redis.ping().await?,
            () = shutdown.triggered() => return Ok(()),
        }
    }
}

fn apply(gateway: &Gateway, message: &str) {
    match serde_json::from_str::<Invalidation>(message) {
        Ok(Invalidation::Access { tenant_id, user_id }) => gateway.access.forget(tenant_id, user_id),
        Ok(Invalidation::Revoked(revocation)) => gateway.verifier.revocations.add(&revocation),
        // Keys are remembered by lead-service, not here.
        Ok(Invalidation::ApiKeys { .. }) => {}
        Err(error) => {
            tracing::error!(%error, "an invalidation cannot be read: everything is forgotten");
            gateway.access.forget(None, None);
        }
    }
}
