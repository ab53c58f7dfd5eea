//! Wake-ups for open notification streams, across processes.
//!
//! A wake-up carries no data: the stream reads the database. When Redis is away, streams read by
//! themselves after a while.

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

/// What is published on Redis.
#[derive(Debug, Serialize, Deserialize)]
struct Ring {
    tenant_id: TenantId,
    people: Vec<UserId>,
}

/// Wakes listeners, in this process and the others.
pub struct Bell {
    redis: Redis,
    listeners: DashMap<(TenantId, UserId), watch::Sender<()>>,
    listening: Gauge,
}

impl Bell {
    /// Without subscribers.
    pub fn new(redis: Redis) -> Arc<Self> {
        let listening = metrics::gauge!("notification_listeners");
        Arc::new(Self { redis, listeners: DashMap::new(), listening })
    }

    /// Wakes the streams of these users.
    pub fn ring(&self, tenant_id: TenantId, people: impl Iterator<Item = UserId>) {
        let mut people: Vec<UserId> = people.collect();
        people.sort_unstable();
        people.dedup();
        if people.is_empty() {
            return;
        }
        let ring = Ring { tenant_id, people };
        self.wake(&ring);
        let redis = self.redis.clone();
        rt::spawn(async move {
            match serde_json::to_string(&ring) {
                Ok(message) => redis.publish(CHANNEL, &message).await,
                Err(error) => tracing::error!(%error, "a ring cannot be written"),
            }
        });
    }

    /// Subscribes to other processes' wake-ups until this one stops.
    pub async fn listen(self: Arc<Self>, shutdown: Shutdown) {
        redis::listen(&self.redis, CHANNEL, shutdown, |ring| self.wake(&ring)).await;
    }

    /// Listens for one person in one tenant.
    pub fn ear(self: &Arc<Self>, tenant: TenantId, person: UserId) -> Ear {
        let rings = self.listeners.entry((tenant, person)).or_default().subscribe();
        self.listening.increment(1.0);
        Ear { bell: Arc::clone(self), of: (tenant, person), rings: Some(rings) }
    }

    fn wake(&self, ring: &Ring) {
        for person in &ring.people {
            if let Some(listeners) = self.listeners.get(&(ring.tenant_id, *person)) {
                listeners.send_replace(());
            }
        }
    }
}

/// A subscription to wake-ups.
pub struct Ear {
    bell: Arc<Bell>,
    of: (TenantId, UserId),
    rings: Option<watch::Receiver<()>>,
}

impl Ear {
    /// Waits for a ring; one that came since the last time counts.
    pub async fn heard(&mut self) {
        if let Some(rings) = &mut self.rings {
            // The sender is kept for as long as there are subscribers.
            let _rung = rings.changed().await;
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.rings = None;
        self.bell.listening.decrement(1.0);
        let _last = self.bell.listeners.remove_if(&self.of, |_, rings| rings.receiver_count() == 0);
    }
}
