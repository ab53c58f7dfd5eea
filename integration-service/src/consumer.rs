//! Consumer of other services' events: queues deliveries to subscribed endpoints, and notifications.

use actix_web::web::Data;
use contracts::{UserId, events::Envelope};
use platform::{
    Problem,
    db::{
        TenantTx,
        inbox::{Consumer, Ready},
    },
};

use crate::{
    deliveries,
    deps::Deps,
    notifications::{
        self,
        domain::{NewNotification, Notice, Recipient},
        rules,
    },
};

/// Handles the events of every producer.
pub struct EventConsumer {
    deps: Data<Deps>,
}

impl EventConsumer {
    /// A consumer with these dependencies.
    pub fn new(deps: Data<Deps>) -> Self {
        Self { deps }
    }
}

/// A notification without its recipients yet.
pub struct Addressed {
    people: Vec<UserId>,
    notification: NewNotification,
}

impl Consumer for EventConsumer {
    type Prepared = Option<Addressed>;
    /// Administrators can list events and retry them.
    const KEEPS_EVENTS: bool = true;

    fn wants(&self, _event_type: &str) -> bool {
        true
    }

    async fn prepare(&self, event: &Envelope) -> Result<Option<Addressed>, Problem> {
        let Some((recipient, notification)) = rules::of(event) else { return Ok(None) };
        let people = match recipient {
            Recipient::Person(user) => vec![user],
            Recipient::Admins => self.deps.admins.of(event.tenant_id).await?.to_vec(),
            Recipient::AdminsAnd(mut people) => {
                people.extend_from_slice(&self.deps.admins.of(event.tenant_id).await?);
                people.sort_unstable();
                people.dedup();
                people
            }
        };
        Ok(Some(Addressed { people, notification }))
    }

    async fn handle(
        &self,
        tx: &mut TenantTx<'_>,
        events: &[Ready<'_, Option<Addressed>>],
    ) -> Result<(), Problem> {
        let told: Vec<&Envelope> = events.iter().map(|ready| ready.event).collect();
        deliveries::queue::enqueue(tx, &told).await?;
        let addressed = events.iter().filter_map(|ready| ready.prepared.as_ref());
        let notices: Vec<Notice<'_>> = addressed
            .flat_map(|to| to.people.iter().map(|person| Notice { person: *person, about: &to.notification }))
            .collect();
        notifications::store::insert(tx, &notices).await?;
        Ok(())
    }

    fn committed(&self, events: &[Ready<'_, Option<Addressed>>]) {
        let Some(tenant) = events.first().map(|ready| ready.event.tenant_id) else { return };
        let addressed = events.iter().filter_map(|ready| ready.prepared.as_ref());
        self.deps.notifier.notify(tenant, addressed.flat_map(|to| to.people.iter().copied()));
    }
}
