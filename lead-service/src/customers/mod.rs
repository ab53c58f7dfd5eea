//! Those who have bought, or are about to: the tenant's relationship with them.

mod api;
mod currencies;
mod domain;
mod entity;
mod handlers;
mod interactions;
mod issues;
mod orders;
mod portal;
mod routes;
mod segments;
mod store;
mod tags;

pub use api::CustomerView;
pub use currencies::{concerns as concerns_currency, take_down as take_down_currency};
pub use issues::api::IssueView;
pub use orders::api::OrderView;

use platform::http::Routes;

/// Owners of records of a customer: the customer's own.
pub const OWNERS_THROUGH_CUSTOMER: &[&str] =
    &["customer_id->customers.account_manager_id", "customer_id->customers.created_by"];

/// The routes of the context, slice by slice.
pub fn routes() -> Routes {
    routes::routes()
        .and(tags::routes())
        .and(segments::routes())
        .and(orders::routes())
        .and(interactions::routes())
        .and(issues::routes())
        .and(portal::routes())
}
