//! Paths of the customer user's own side.

use platform::http::Routes;

use super::{companies, orders};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("customer side")
        .get("/api/v2/customer/companies", "List the companies one is a customer of", companies::list)
        .post("/api/v2/customer/companies", "Ask a company to be its customer", companies::join)
        .get("/api/v2/customer/orders", "List one's orders with all companies", orders::list)
}
