//! Wake-ups for open notification streams, across processes.
//!
//! A wake-up carries no data: the stream reads the database. While Redis is unavailable, streams poll.

use std::sync::Arc;

use actix_web::rt;
use contracts::{TenantId, UserId};
use dashmap::DashMap;
use metrics::Gauge;
use platform::{
    redis::{self, Redis},
    worker::Shutdown,
};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

const CHANNEL: &str = "notifications";

/// Message on Redis.
#[derive(Debug, Serialize, Deserialize)]
struct WakeUp {
    tenant_id: TenantId,
    people: Vec<UserId>,
}

/// Wakes streams in all processes.
pub struct Notifier {
    redis: Redis,
    listeners: DashMap<(TenantId, UserId), watch::Sender<()>>,
    listening: Gauge,
}

impl Notifier {
    /// Without subscribers.
    pub fn new(redis: Redis) -> Arc<Self> {
        let listening = metrics::gauge!("notification_listeners");
        Arc::new(Self { redis, listeners: DashMap::new(), listening })
    }

    /// Wakes the streams of these users.
    pub fn notify(&self, tenant_id: TenantId, people: impl Iterator<Item = UserId>) {
        let mut people: Vec<UserId> = people.collect();
        people.sort_unstable();
        people.dedup();
        if people.is_empty() {
            return;
        }
        let wake_up = WakeUp { tenant_id, people };
        self.wake(&wake_up);
        let redis = self.redis.clone();
        rt::spawn(async move {
            match serde_json::to_string(&wake_up) {
                Ok(message) => redis.publish(CHANNEL, &message).await,
                Err(error) => tracing::error!(%error, "a wake-up cannot be written"),
            }
        });
    }

    /// Subscribes to other processes' wake-ups until this one stops.
    pub async fn listen(self: Arc<Self>, shutdown: Shutdown) {
        redis::listen(&self.redis, CHANNEL, shutdown, |wake_up| self.wake(&wake_up)).await;
    }

    /// Subscribes to the wake-ups of a user in a tenant.
    pub fn subscribe(self: &Arc<Self>, tenant: TenantId, person: UserId) -> Subscription {
        let wake_ups = self.listeners.entry((tenant, person)).or_default().subscribe();
        self.listening.increment(1.0);
        Subscription { notifier: Arc::clone(self), of: (tenant, person), wake_ups: Some(wake_ups) }
    }

    fn wake(&self, wake_up: &WakeUp) {
        for person in &wake_up.people {
            if let Some(listeners) = self.listeners.get(&(wake_up.tenant_id, *person)) {
                listeners.send_replace(());
            }
        }
    }
}

/// A subscription to wake-ups.
pub struct Subscription {
    notifier: Arc<Notifier>,
    of: (TenantId, UserId),
    wake_ups: Option<watch::Receiver<()>>,
}

impl Subscription {
    /// Waits for a wake-up, including one since the last call.
    pub async fn changed(&mut self) {
        if let Some(wake_ups) = &mut self.wake_ups {
            // The sender is kept for as long as there are subscribers.
            let _closed_or_changed = wake_ups.changed().await;
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.wake_ups = None;
        self.notifier.listening.decrement(1.0);
        let _last = self.notifier.listeners.remove_if(&self.of, |_, wake_ups| wake_ups.receiver_count() == 0);
    }
}
