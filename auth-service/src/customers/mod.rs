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
    Routes::tagged("customer")
        .get("/api/v2/customer/profile", "One's own profile as a customer", handlers::read)
        .patch("/api/v2/customer/profile", "Change one's own profile", handlers::update)
        .get("/api/v2/customer/profile/picture", "One's own picture", handlers::picture)
        .put(
            "/api/v2/customer/profile/picture",
            "Set one's own picture: PNG, JPEG or WebP",
            handlers::set_picture,
        )
        .body_limit(PICTURE_FILE_LIMIT)
        .delete("/api/v2/customer/profile/picture", "Remove one's own picture", handlers::remove_picture)
}
