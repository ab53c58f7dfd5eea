//! Paths of timelines.

use platform::http::Routes;

use super::{as_of::as_of, handlers::timeline};
use crate::{
    people::{AccountView, ContactView, LeadView},
    sales::DealView,
};

/// The slice's routes, each documented with its records.
pub fn routes() -> Routes {
    let of_leads = Routes::tagged("Leads")
        .get("/api/v2/leads/{id}/timeline", "Get the timeline of a lead", timeline::<LeadView>)
        .about("Newest entries first.")
        .get("/api/v2/leads/{id}/as_of", "Get a lead as of a point in time", as_of);
    let of_accounts = Routes::tagged("Accounts")
        .get("/api/v2/accounts/{id}/timeline", "Get the timeline of an account", timeline::<AccountView>)
        .about("Newest entries first.");
    let of_contacts = Routes::tagged("Contacts")
        .get("/api/v2/contacts/{id}/timeline", "Get the timeline of a contact", timeline::<ContactView>)
        .about("Newest entries first.");
    let of_deals = Routes::tagged("Deals")
        .get("/api/v2/deals/{id}/timeline", "Get the timeline of a deal", timeline::<DealView>)
        .about("Newest entries first.");
    of_leads.and(of_accounts).and(of_contacts).and(of_deals)
}
