//! The published document, made of what the services say (`openapi/`).

use std::path::Path;

use contracts::Service;
use gateway::routes::{
    merged::{self, Described},
    owners,
};
use platform::http::openapi::{self, groups};
use serde_json::Value;

fn documents() -> Vec<Described> {
    merged::documents(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi")).unwrap()
}

fn published() -> Value {
    merged::schema(&documents(), &"https://leads.example.org".parse().unwrap())
}

fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        let operations = item.as_object().unwrap().iter();
        operations.map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

#[test]
fn every_reference_resolves_and_no_operation_has_anothers_name() {
    assert_eq!(openapi::faults_of(&published()), Vec::<String>::new());
}

#[test]
fn every_path_that_a_service_publishes_is_served_here() {
    for (service, document) in documents() {
        for (name, operation) in operations(&document) {
            let path = name.split_once(' ').unwrap().1;
            if operation["x-access"] != "internal" {
                assert_eq!(owners::owner(path), Some(service), "{name}: see owners.rs");
            }
        }
    }
}

#[test]
fn every_operation_belongs_to_one_group_that_is_described() {
    let document = published();
    let known: Vec<&str> = groups::GROUPS.iter().map(|(name, _)| *name).collect();

    for (name, operation) in operations(&document) {
        let tags = operation["tags"].as_array().unwrap();
        assert!(tags.len() == 1 && known.contains(&tags[0].as_str().unwrap()), "{name}: {tags:?}");
    }
    let tags = document["tags"].as_array().unwrap();
    assert_eq!(tags[0]["name"], "Authentication");
    assert_eq!(tags.len(), known.len(), "a group without operations");
}

#[test]
fn names_of_operations_are_names_of_methods() {
    let document = published();

    for (name, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        let sane = id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        assert!(sane && !id.contains("__") && id.len() <= 50, "{name}: {id}");
    }
}

#[test]
fn no_two_services_give_different_schemas_one_name() {
    let document = published();
    let names = document["components"]["schemas"].as_object().unwrap().keys();

    let prefixed: Vec<&String> = names
        .filter(|name| Service::OWNERS_OF_DATA.iter().any(|service| name.starts_with(&format!("{service}_"))))
        .collect();
    assert!(prefixed.is_empty(), "give one of each its own name with #[schema(as = …)]: {prefixed:?}");
}

#[test]
fn a_choice_is_no_part_of_an_all_of() {
    let document = published();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let is_choice = |part: &Value| {
        let name = part["$ref"].as_str().and_then(|target| target.strip_prefix(openapi::SCHEMA_PATH));
        name.is_some_and(|name| schemas[name].get("anyOf").is_some())
    };

    for (name, schema) in schemas {
        let parts = schema["allOf"].as_array();
        assert!(!parts.into_iter().flatten().any(is_choice), "{name}");
    }
}

#[test]
fn a_body_of_a_file_has_one_media_type() {
    let document = published();

    for (name, operation) in operations(&document) {
        let content = operation["requestBody"]["content"].as_object();
        let is_file = |body: &Value| body["schema"]["format"] == "binary";
        assert!(!content.is_some_and(|all| all.len() > 1 && all.values().any(is_file)), "{name}");
    }
}

#[test]
fn every_answer_has_a_media_type_or_no_body() {
    let document = published();

    for (name, operation) in operations(&document) {
        let answer = &operation["responses"]["200"];
        assert!(answer.is_null() || answer["content"].is_object(), "{name}");
    }
}

#[test]
fn what_people_read_is_written_for_them() {
    let document = published();

    for (name, operation) in operations(&document) {
        let summary = operation["summary"].as_str().unwrap();
        assert!(summary.starts_with(char::is_uppercase) && !summary.ends_with('.'), "{name}: {summary}");
        let words = format!("{summary} {}", operation["description"].as_str().unwrap()).to_lowercase();
        for private in ["whoever", "whom", "somebody", "nobody", "everybody", "anew", "one's", "the how"] {
            assert!(!words.contains(private), "{name}: {words}");
        }
    }
}
