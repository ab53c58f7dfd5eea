//! The service's document, as programs read it that make clients of it.

use lead_service::LeadService;
use platform::{command::App, http::openapi};
use serde_json::{Value, json};

use crate::arrange::Leads;

fn document() -> Value {
    openapi::document("lead-service", "0", &LeadService::routes())
}

fn parameter<'d>(document: &'d Value, path: &str, name: &str) -> Option<&'d Value> {
    let parameters = document["paths"][path]["get"]["parameters"].as_array().unwrap();
    parameters.iter().find(|one| one["name"] == name)
}

#[test]
fn the_document_is_sound() {
    testkit::app::assert_document_is_sound::<LeadService>();
}

#[test]
fn filters_of_lists_are_parameters_with_types_and_choices() {
    let document = document();
    let schema = |name: &str| {
        let one = parameter(&document, "/api/v2/leads", name);
        one.unwrap_or_else(|| panic!("there is no {name}"))["schema"].clone()
    };

    assert_eq!(schema("created_at__gte")["format"], "date-time");
    assert_eq!(schema("account_id__isnull")["type"], "boolean");
    assert!(schema("status")["enum"].as_array().unwrap().contains(&json!("qualified")));
    assert!(schema("status__in")["items"]["enum"].as_array().unwrap().contains(&json!("qualified")));
    assert_eq!(schema("account_id__in")["items"]["format"], "uuid");
    assert!(schema("ordering")["items"]["enum"].as_array().unwrap().contains(&json!("-score")));
    assert!(schema("fields")["items"]["enum"].as_array().unwrap().contains(&json!("email")));
    assert!(parameter(&document, "/api/v2/leads", "status__gte").is_none());
}

#[test]
fn a_file_of_leads_has_the_filters_of_their_list_and_its_media_types() {
    let document = document();

    let format = parameter(&document, "/api/v2/leads/export", "format").unwrap();
    assert_eq!(format["schema"]["enum"], json!(["csv", "ndjson"]));
    assert!(parameter(&document, "/api/v2/leads/export", "status__in").is_some());
    assert!(parameter(&document, "/api/v2/leads/export", "page").is_none());
    for path in ["/api/v2/leads/export", "/api/v2/imports/{id}/errors"] {
        let content = &document["paths"][path]["get"]["responses"]["200"]["content"];
        assert!(content["text/csv"].is_object() && content["application/x-ndjson"].is_object(), "{path}");
    }
}

#[test]
fn what_a_query_must_say_is_required() {
    let document = document();

    let at = parameter(&document, "/api/v2/leads/{id}/as_of", "at").unwrap();

    assert_eq!(at["required"], true);
    assert_eq!(parameter(&document, "/api/v2/leads/{id}/score", "at").unwrap()["required"], false);
}

#[test]
fn items_of_bulk_creations_are_what_one_creation_takes() {
    let document = document();

    for (path, written) in [("leads", "WriteLead"), ("accounts", "WriteAccount")] {
        let body = &document["paths"][format!("/api/v2/{path}/bulk_create")]["post"]["requestBody"];
        let name = format!("BulkCreate_{written}");
        let expected = format!("#/components/schemas/{name}");
        assert_eq!(body["content"]["application/json"]["schema"]["$ref"], expected);
        let items = document["components"]["schemas"][name]["properties"]["items"].to_string();
        assert!(items.contains("email") || items.contains(written) || items.contains("website"), "{items}");
    }
}

#[test]
fn generics_of_different_types_are_answers_of_different_types() {
    let document = document();
    let answer = |path: &str| {
        let operation = &document["paths"][path]["post"]["responses"]["200"];
        operation["content"]["application/json"]["schema"]["$ref"].clone()
    };

    assert_eq!(answer("/api/v2/leads/bulk_create"), "#/components/schemas/BulkView_LeadView");
    assert_eq!(answer("/api/v2/accounts/bulk_create"), "#/components/schemas/BulkView_NewAccountView");
}

#[test]
fn operations_are_named_like_methods_and_say_what_they_do() {
    let document = document();

    for (method, path, name, summary) in [
        ("post", "/api/v2/leads", "create_lead", "Create a lead"),
        ("get", "/api/v2/leads", "list_leads", "List leads"),
        ("post", "/api/v2/leads/{id}/convert", "convert_lead", "Convert a lead"),
        ("post", "/api/v2/merges/{id}/undo", "undo_merge", "Undo a merge"),
        ("post", "/api/leads/ingest", "submit_lead", "Submit a lead"),
    ] {
        let operation = &document["paths"][path][method];
        assert_eq!((&operation["operationId"], &operation["summary"]), (&json!(name), &json!(summary)));
    }
    let convert = &document["paths"]["/api/v2/leads/{id}/convert"]["post"]["description"];
    assert!(convert.as_str().unwrap().contains("Requires the permission `"), "{convert}");
}

#[actix_web::test]
async fn the_example_of_a_lead_creates_one() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let document = document();
    let body = &document["paths"]["/api/v2/leads"]["post"]["requestBody"]["content"]["application/json"];

    let created = caller.post("/api/v2/leads", &body["example"]).await.expect(201);

    assert_eq!(created["email"], "ada@example.com");
    assert_eq!(created["phone"], "+4930901820");
}

#[actix_web::test]
async fn a_filter_by_several_values_may_be_written_once_or_repeated() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    for (name, status) in [("Ada", "new"), ("Bob", "qualified"), ("Cy", "contacted")] {
        caller.post("/api/v2/leads", &json!({"first_name": name, "status": status})).await.expect(201);
    }
    let names = async |query: &str| -> Vec<String> {
        let page = caller.get(&format!("/api/v2/leads?{query}")).await.expect(200);
        let rows = page["results"].as_array().unwrap().iter();
        rows.map(|lead| lead["first_name"].as_str().unwrap().to_owned()).collect()
    };

    let once = names("status__in=new,qualified&ordering=-status,first_name&fields=first_name,status").await;
    let repeated = "status__in=new&status__in=qualified&ordering=-status&ordering=first_name&fields=first_name&fields=status";

    assert_eq!(once.len(), 2);
    assert_eq!(names(repeated).await, once);
    assert_eq!(caller.get("/api/v2/leads?status=new&status=qualified").await.status, 400);
}
