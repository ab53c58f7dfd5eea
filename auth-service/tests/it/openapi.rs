//! The service's document, as programs read it that make clients of it.

use auth_service::Auth;

#[test]
fn the_document_is_sound() {
    testkit::app::assert_document_is_sound::<Auth>();
}
