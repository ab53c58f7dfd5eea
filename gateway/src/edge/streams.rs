//! Streams of events: answers that go on for as long as their listener would be let in.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use contracts::{TenantId, UserId};
use dashmap::DashMap;
use metrics::Gauge;
use platform::Problem;

use super::{admission, context::ProxyContext};
use crate::{auth::token::AccessToken, routes::operation::Operation, state::Gateway};

/// Streams that one person may listen to at once, through one gateway: a few windows on a few devices.
pub const AT_ONCE: usize = 16;
/// How often it is asked whether a listener would still be let in.
const ASK_EVERY: Duration = Duration::from_secs(2);
/// `Retry-After` in seconds for a user with too many streams.
const TRY_AGAIN: u64 = 10;

/// Who listens to how many streams.
pub struct Listeners {
    by_person: DashMap<UserId, AtomicUsize>,
    open: Gauge,
}

impl Default for Listeners {
    fn default() -> Self {
        Self { by_person: DashMap::new(), open: metrics::gauge!("event_streams_open") }
    }
}

impl Listeners {
    fn admit(self: &Arc<Self>, person: UserId) -> Option<Place> {
        let count = self.by_person.entry(person).or_default();
        if count.load(Ordering::Relaxed) >= AT_ONCE {
            return None;
        }
        count.fetch_add(1, Ordering::Relaxed);
        self.open.increment(1.0);
        Some(Place { listeners: Arc::clone(self), person })
    }
}

/// One stream of a person's.
struct Place {
    listeners: Arc<Listeners>,
    person: UserId,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.listeners.open.decrement(1.0);
        let is_last = |_: &UserId, count: &AtomicUsize| count.fetch_sub(1, Ordering::Relaxed) <= 1;
        // Under the entry's lock, as is the counting up.
        let _last = self.listeners.by_person.remove_if(&self.person, is_last);
    }
}

/// An open event stream.
pub struct Listening {
    gateway: Arc<Gateway>,
    person: Option<Person>,
}

struct Person {
    token: Arc<AccessToken>,
    tenant: Option<TenantId>,
    operation: Arc<Operation>,
    _place: Place,
}

impl Listening {
    /// Begins to listen.
    ///
    /// # Errors
    /// 429 for a person who listens to too many streams.
    pub fn begin(gateway: &Arc<Gateway>, ctx: &ProxyContext) -> Result<Self, Problem> {
        let person = match (&ctx.token, &ctx.operation) {
            (Some(token), Some(operation)) => {
                let place = gateway.listeners.admit(token.user).ok_or_else(|| {
                    let detail = format!("You listen to {AT_ONCE} streams already. Close one of them.");
                    Problem::throttled(TRY_AGAIN, detail)
                })?;
                let (token, operation) = (Arc::clone(token), Arc::clone(operation));
                Some(Person { token, tenant: ctx.tenant, operation, _place: place })
            }
            _ => None,
        };
        Ok(Self { gateway: Arc::clone(gateway), person })
    }

    /// Ends with the process, and when the listener would not be let in any more.
    pub async fn over(self) {
        let mut shutdown = self.gateway.shutdown.clone();
        while shutdown.sleep(ASK_EVERY).await {
            let Some(Person { token, tenant, operation, .. }) = &self.person else { continue };
            if let Err(problem) = admission::readmit(&self.gateway, operation, token, *tenant).await {
                tracing::debug!(%problem, user.id = %token.user, "a stream is ended");
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_listens_to_so_many_streams_at_once() {
        let (listeners, person) = (Arc::new(Listeners::default()), UserId::new());
        let mut places: Vec<Place> = (0..AT_ONCE).map_while(|_| listeners.admit(person)).collect();

        assert_eq!(places.len(), AT_ONCE);
        assert!(listeners.admit(person).is_none());
        assert!(listeners.admit(UserId::new()).is_some());
        places.pop();
        places.push(listeners.admit(person).unwrap());
        drop(places);
        assert!(listeners.by_person.is_empty());
    }
}
