//! What happened to an entity, newest first: its events and the activities that concern it.

mod api;
pub mod domain;
mod handlers;
pub mod store;

pub use handlers::timeline;

use crate::{
    accounts::api::AccountView, contacts::api::ContactView, deals::api::DealView, entities::Entity,
    leads::api::LeadView,
};

/// An entity that activities can concern.
pub trait Concerned: Entity {
    /// The activities' column that names it.
    const ACTIVITIES: &'static str;
}

impl Concerned for LeadView {
    const ACTIVITIES: &'static str = "lead_id";
}

impl Concerned for DealView {
    const ACTIVITIES: &'static str = "deal_id";
}

impl Concerned for ContactView {
    const ACTIVITIES: &'static str = "contact_id";
}

impl Concerned for AccountView {
    const ACTIVITIES: &'static str = "account_id";
}
