//! The service's document, as programs read it that make clients of it.

use enrichment_service::Enrichment;

#[test]
fn the_document_is_sound() {
    testkit::app::assert_document_is_sound::<Enrichment>();
}
