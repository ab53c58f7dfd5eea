//! Stream of the caller's notifications.

use std::{collections::VecDeque, time::Duration};

use actix_web::web::Data;
use contracts::{TenantId, UserId, permissions::NotificationsRead};
use futures::stream;
use platform::{
    Problem,
    http::{Allowed, EventStream, LastEventId, events::Event, health::Health},
};
use tokio::time::{sleep, timeout};

use crate::{
    deps::Deps,
    notifications::{
        notifier::Subscription,
        store::{self, Place},
    },
};

/// Notifications per query.
const PORTION: i64 = 100;
/// Longest silence; after it, the stream polls without a wake-up.
const BEAT: Duration = Duration::from_secs(10);
/// Pause that collects notifications made in quick succession.
const GATHER: Duration = Duration::from_millis(20);
/// Pause after a failed query.
const PAUSE: Duration = Duration::from_secs(1);
/// Sent to a client that reconnects with an unknown id, instead of the notifications it missed: the list has them.
const RELOAD: Event = Event::Notice("reload");

/// Streams the caller's notifications from now on; after a reconnect, from the last one received. Each is sent once.
pub async fn stream(
    caller: Allowed<NotificationsRead>,
    last: LastEventId,
    deps: Data<Deps>,
    health: Data<Health>,
) -> Result<EventStream, Problem> {
    let (tenant, person) = (caller.tenant(), caller.user());
    // Before the place is read: a notification made between the two wakes the stream.
    let subscription = deps.notifier.subscribe(tenant, person);
    let known = deps
        .db
        .read(tenant, async |tx| {
            let known = match last.0 {
                Some(id) => store::place_of(tx, id, person).await?,
                None => None,
            };
            match known {
                Some(place) => Ok::<_, Problem>((place, true)),
                None => Ok((store::newest(tx, person).await?, last.0.is_none())),
            }
        })
        .await?;
    let (place, is_known) = known;
    let due = if is_known { VecDeque::new() } else { VecDeque::from([RELOAD]) };
    let listener = Listener { deps, tenant, person, subscription, place, due, up_to_date: false };
    Ok(EventStream::new(&health, stream::unfold(listener, |listener| async { Some(listener.next().await) })))
}

/// An open stream.
struct Listener {
    deps: Data<Deps>,
    tenant: TenantId,
    person: UserId,
    subscription: Subscription,
    /// Place of the last sent notification.
    place: Place,
    due: VecDeque<Event>,
    /// Whether the last query returned all new ones.
    up_to_date: bool,
}

impl Listener {
    async fn next(mut self) -> (Event, Self) {
        loop {
            if let Some(event) = self.due.pop_front() {
                return (event, self);
            }
            if self.up_to_date {
                match timeout(BEAT, self.subscription.changed()).await {
                    Ok(()) => sleep(GATHER).await,
                    Err(_) => self.due.push_back(Event::Beat),
                }
            }
            if let Err(problem) = self.look().await {
                tracing::warn!(%problem, user.id = %self.person, "notifications cannot be read now");
                // A closed connection is detected only by writing to it.
                self.due.push_back(Event::Beat);
                sleep(PAUSE).await;
            }
        }
    }

    async fn look(&mut self) -> Result<(), Problem> {
        self.up_to_date = false;
        let (place, person) = (self.place, self.person);
        let new = self
            .deps
            .db
            .read(self.tenant, async |tx| Ok::<_, Problem>(store::after(tx, place, person, PORTION).await?))
            .await?;
        for notification in &new {
            let data = serde_json::to_string(notification)
                .map_err(|error| Problem::internal(format!("a notification cannot be written: {error}")))?;
            self.due.push_back(Event::Message { id: notification.id, data });
            self.place = Place::from(notification);
        }
        self.up_to_date = i64::try_from(new.len()).unwrap_or(PORTION) < PORTION;
        Ok(())
    }
}
