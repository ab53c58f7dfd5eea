//! Customer users: what they say about themselves, and their picture.

mod api;
mod domain;
mod handlers;
mod store;

use platform::http::Routes;

/// Largest file taken as a picture, in bytes.
const PICTURE_FILE_LIMIT: usize = 5 << 20;
/// Pictures are kept at this size at most, in pixels either way.
const PICTURE_SIDE: u32 = 512;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Customer portal")
        .get("/api/v2/customer/profile", "Get the current customer's profile", handlers::read)
        .patch("/api/v2/customer/profile", "Update the current customer's profile", handlers::update)
        .get("/api/v2/customer/profile/picture", "Get the profile picture", handlers::picture)
        .named("get_customer_picture")
        .put("/api/v2/customer/profile/picture", "Upload a profile picture", handlers::set_picture)
        .named("upload_customer_picture")
        .about("PNG, JPEG or WebP, as the body or as the `file` of a form.")
        .body_limit(PICTURE_FILE_LIMIT)
        .delete("/api/v2/customer/profile/picture", "Delete the profile picture", handlers::remove_picture)
        .named("delete_customer_picture")
}
