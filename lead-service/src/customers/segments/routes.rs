//! Paths of customer segments.

use platform::http::Routes;

use super::{api::SegmentView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Customer segments")
        .get("/api/v2/customer-segments", "List customer segments", handlers::find::list)
        .about("With the number of members of each.")
        .post("/api/v2/customer-segments", "Create a customer segment", entities::create::<SegmentView>)
        .get("/api/v2/customer-segments/{id}", "Get a customer segment", handlers::find::read)
        .put("/api/v2/customer-segments/{id}", "Replace a customer segment", entities::replace::<SegmentView>)
        .patch("/api/v2/customer-segments/{id}", "Update a customer segment", entities::update::<SegmentView>)
        .delete(
            "/api/v2/customer-segments/{id}",
            "Delete a customer segment",
            entities::archive::<SegmentView>,
        )
        .about("It can be restored.")
        .post(
            "/api/v2/customer-segments/{id}/restore",
            "Restore a deleted customer segment",
            entities::restore::<SegmentView>,
        )
        .get(
            "/api/v2/customer-segments/{id}/members",
            "List the members of a customer segment",
            handlers::members::members,
        )
        .named("list_customer_segment_members")
        .about("The customers that meet the conditions of the segment now.")
}
