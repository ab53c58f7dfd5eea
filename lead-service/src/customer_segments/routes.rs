//! Paths of customer segments.

use platform::http::Routes;

use super::{api::SegmentView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("customer segments")
        .get("/api/v2/customer-segments", "List segments with their sizes", handlers::find::list)
        .post("/api/v2/customer-segments", "Add a segment", entities::create::<SegmentView>)
        .get("/api/v2/customer-segments/{id}", "Read a segment with its size", handlers::find::read)
        .put("/api/v2/customer-segments/{id}", "Replace a segment", entities::replace::<SegmentView>)
        .patch("/api/v2/customer-segments/{id}", "Change a segment", entities::update::<SegmentView>)
        .delete("/api/v2/customer-segments/{id}", "Delete a segment", entities::archive::<SegmentView>)
        .post(
            "/api/v2/customer-segments/{id}/restore",
            "Restore a deleted segment",
            entities::restore::<SegmentView>,
        )
        .get(
            "/api/v2/customer-segments/{id}/members",
            "List the customers that meet a segment's criteria",
            handlers::members::members,
        )
}
