//! Management of leads: added, changed, placed and scored with each change, and converted.

mod arrivals;
mod csv;
mod handing_over;
mod handlers;
mod quotas;
mod routes;
mod steps;
mod store;
mod upkeep;
mod written;

pub use arrivals::{
    Amendment, Arrival, insert as insert_arrivals, is_raced, lock as lock_leads, read as read_leads,
    set_reference, update as amend_leads,
};
pub use routes::routes;
pub use store::{alike as alike_leads, insert_as as insert_lead, update as update_lead};
pub use upkeep::run as run_upkeep;
