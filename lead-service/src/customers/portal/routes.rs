//! Paths of the customer user's own side.

use platform::http::Routes;

use super::{companies, orders};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Customer portal")
        .get("/api/v2/customer/companies", "List the companies of the current customer", companies::list)
        .named("list_own_companies")
        .post("/api/v2/customer/companies", "Ask to become a customer of a company", companies::join)
        .named("join_company")
        .get("/api/v2/customer/orders", "List the orders of the current customer", orders::list)
        .named("list_own_orders")
        .about("Of all companies.")
}
