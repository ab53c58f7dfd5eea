//! The service's document, as programs read it that make clients of it.

use platform::{command::App, http::openapi};
use tenant_service::TenantService;

#[test]
fn the_document_is_sound() {
    testkit::app::assert_document_is_sound::<TenantService>();
}

#[test]
fn what_a_query_must_say_is_required_in_the_document() {
    let document = openapi::document("tenant-service", "0", &TenantService::routes());
    let required = |path: &str| -> Vec<String> {
        let parameters = document["paths"][path]["get"]["parameters"].as_array().unwrap();
        let required = parameters.iter().filter(|one| one["in"] == "query" && one["required"] == true);
        required.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };

    assert_eq!(required("/api/v2/tenants/check"), ["client_id"]);
    assert_eq!(required("/api/v2/invitations/lookup"), ["token"]);
    assert_eq!(required("/api/v2/authz/explain"), ["permission", "user_id"]);
    assert!(required("/api/v2/context").is_empty());
}

#[test]
fn the_explanation_of_a_context_is_not_that_of_a_decision() {
    let document = openapi::document("tenant-service", "0", &TenantService::routes());
    let schemas = &document["components"]["schemas"];

    let context = schemas["ContextView"]["properties"]["explain"].to_string();
    assert!(context.contains("ContextExplanation"), "{context}");
    assert!(schemas["ContextExplanation"]["properties"]["settings"].is_object());
    assert!(schemas["Explanation"]["properties"]["allowed"].is_object());
}

#[test]
fn pictures_have_their_media_types() {
    let document = openapi::document("tenant-service", "0", &TenantService::routes());

    let logo = &document["paths"]["/api/v2/tenants/{id}/logo"]["get"]["responses"]["200"]["content"];

    assert!(logo["image/png"]["schema"].is_object() && logo["image/webp"]["schema"].is_object(), "{logo}");
}
