//! Timeline of a record, newest first: its events, the activities that concern it, and what happened to the leads that it
//! came from and to those that were merged into these.

mod api;
mod as_of;
mod domain;
mod handlers;
mod routes;
pub mod store;

pub use routes::routes;

use contracts::permissions::LeadsRead;
use platform::http::{Effects, May};

use crate::{
    entities::Entity,
    people::{AccountView, ContactView, LeadView},
    sales::DealView,
};

/// An entity that activities can concern.
pub trait Concerned: Entity {
    /// The activities' column that names it.
    const ACTIVITIES: &'static str;
    /// Selects the ids of the leads that the entity with the id `$2` came from.
    const ORIGINS: &'static str;
    /// What showing those leads takes beside reading the entity.
    type Origins: Effects;
}

impl Concerned for LeadView {
    const ACTIVITIES: &'static str = "lead_id";
    const ORIGINS: &'static str = "SELECT $2";
    type Origins = ();
}

impl Concerned for DealView {
    const ACTIVITIES: &'static str = "deal_id";
    const ORIGINS: &'static str = "SELECT lead_id FROM deals WHERE id = $2 AND lead_id IS NOT NULL";
    type Origins = May<LeadsRead>;
}

impl Concerned for ContactView {
    const ACTIVITIES: &'static str = "contact_id";
    // A contact that was there before is that of the deals which leads became.
    const ORIGINS: &'static str = "SELECT lead_id FROM contacts WHERE id = $2 AND lead_id IS NOT NULL \
        UNION SELECT l.id FROM deals d JOIN leads l ON l.converted_to_deal_id = d.id WHERE d.contact_id = $2";
    type Origins = May<LeadsRead>;
}

impl Concerned for AccountView {
    const ACTIVITIES: &'static str = "account_id";
    const ORIGINS: &'static str =
        "SELECT id FROM leads WHERE account_id = $2 AND converted_at IS NOT NULL AND deleted_at IS NULL";
    type Origins = May<LeadsRead>;
}
