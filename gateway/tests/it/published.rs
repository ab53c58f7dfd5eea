//! The published document, made of what the services say (`openapi/`).

use std::path::Path;

use contracts::Service;
use gateway::routes::{
    merged::{self, Described},
    overview, owners,
};
use platform::http::openapi;
use serde_json::Value;

fn documents() -> Vec<Described> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let read = |service: Service| {
        let path = folder.join(format!("{service}-service.json"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}", path.display()));
        (service, serde_json::from_str(&text).unwrap())
    };
    Service::OWNERS_OF_DATA.into_iter().map(read).collect()
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
    let known: Vec<&str> = overview::GROUPS.iter().map(|(name, _)| *name).collect();

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
