//! The API document declares which answers show which records.

use lead_service::LeadService;
use platform::{command::App, http::openapi};
use serde_json::{Value, json};

#[test]
fn no_route_answers_with_a_record_to_a_caller_who_may_not_read_it() {
    let document = openapi::document("lead-service", "0", &LeadService::routes());

    assert_eq!(testkit::shown::faults(&document), Vec::<String>::new());
}

fn operation(permission: &str, schema: &str, effects: &Value) -> Value {
    json!({
        "x-permission": permission, "x-tenant": "header", "x-effects": effects,
        "responses": {"200": {"content": {"application/json": {"schema": {
            "$ref": format!("#/components/schemas/{schema}")
        }}}}},
    })
}

#[test]
fn an_answer_that_has_a_record_whole_without_its_read_permission_is_found() {
    let list = json!({
        "x-permission": "a:read", "x-tenant": "header",
        "responses": {"200": {"content": {"application/json": {"schema": {
            "properties": {"results": {"items": {"$ref": "#/components/schemas/A"}}}
        }}}}},
    });
    let shows = json!([{"when": "shows", "permission": "a:read"}]);
    let needs = json!([{"when": "needs", "permission": "a:read"}]);
    let document = json!({
        "paths": {
            "/a": {"get": list, "post": operation("a:create", "A", &json!([]))},
            "/b": {"post": operation("b:create", "Nested", &shows)},
            "/c": {"post": operation("c:create", "Shown_A", &json!([]))},
            "/d": {"post": operation("d:create", "Shown_A", &shows)},
            "/e": {"post": operation("e:create", "Nested", &needs)},
            "/f": {"post": operation("f:create", "Other", &json!([]))},
            "/g": {"post": operation("g:create", "Missing", &json!([]))},
        },
        "components": {"schemas": {
            "A": {"properties": {"id": {}}}, "Other": {"properties": {"id": {}}},
            "Nested": {"properties": {"one": {"$ref": "#/components/schemas/A"}}},
            "Shown_A": {"oneOf": [{"$ref": "#/components/schemas/A"}]},
        }},
    });

    assert_eq!(
        testkit::shown::faults(&document),
        [
            "post /a shows A to callers who may not read it",
            "post /b shows A to callers who may not read it",
            "post /c does not declare that it shows A",
            "post /g answers with Missing, which has no schema",
        ]
    );
}
