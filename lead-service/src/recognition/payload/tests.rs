//! Payloads as trees, and their leaves.

use std::collections::HashMap;

use serde_json::json;

use super::*;

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(members) = value else { panic!("an object") };
    members
}

fn named(value: Value) -> Vec<(String, Value)> {
    let tree = tree(&object(value));
    leaves(&tree, &HashMap::new()).leaves.into_iter().map(|leaf| (leaf.name, leaf.value)).collect()
}

#[test]
fn names_with_brackets_are_paths_and_json_in_text_is_opened_twice() {
    let sent = json!({
        "data[merges][EMAIL]": "a@x.example", "data__name": "Ada", "topic[]": ["a", "b"],
        "rawRequest": "{\"q3_name\":{\"first\":\"Ada\"},\"inner\":\"{\\\"mail\\\":\\\"b@x.example\\\"}\"}"
    });
    let tree = tree(&object(sent));
    assert_eq!(at(&tree, "data.merges.EMAIL"), Some(&json!("a@x.example")));
    assert_eq!(at(&tree, "data.name"), Some(&json!("Ada")));
    assert_eq!(at(&tree, "$.rawRequest.q3_name.first"), Some(&json!("Ada")));
    assert_eq!(at(&tree, "rawRequest.inner.mail"), Some(&json!("b@x.example")));
    assert_eq!(at(&tree, "rawRequest.q9"), None);
}

#[test]
fn a_path_reaches_into_lists_and_names_with_dots() {
    let tree = object(json!({"a": [{"b.c": {"d": 1}}], "data.json": {"e": 2}}));
    assert_eq!(at(&tree, "a[0].b.c.d"), Some(&json!(1)));
    assert_eq!(at(&tree, "data.json.e"), Some(&json!(2)));
    assert_eq!(at(&tree, "$.a[0]['b.c'].d"), Some(&json!(1)));
    assert_eq!(at(&tree, "a[1]"), None);
}

#[test]
fn answers_are_named_by_what_they_answer() {
    let answers = json!({"answers": [
        {"label": "Your name", "value": "Ada"}, {"name": "email", "values": ["a@x.example"]},
        {"question": "Company?", "answer": "Acme"}, {"column_id": "PHONE", "string_value": "1"},
        {"title": "Topics", "value": ["a", "b"]}
    ]});
    let expected = [
        ("Your name", json!("Ada")),
        ("email", json!("a@x.example")),
        ("Company?", json!("Acme")),
        ("PHONE", json!("1")),
        ("Topics", json!(["a", "b"])),
    ];
    assert_eq!(named(answers), expected.map(|(name, value)| (name.to_owned(), value)));
    // A person may have something called a value.
    assert_eq!(named(json!({"name": "Ada", "value": "5", "email": "a@x.example"})).len(), 3);
}

#[test]
fn depth_is_bounded() {
    let mut value = json!({"email": "a@x.example"});
    for _ in 0..200 {
        value = json!({ "a": value });
    }
    assert_eq!(named(value), []);
}

/// The leaves of what was sent, as far as they are looked at.
fn found(sent: Value) -> Leaves {
    leaves(&tree(&object(sent)), &HashMap::new())
}

fn bytes(leaves: &[Leaf]) -> usize {
    leaves
        .iter()
        .map(|leaf| leaf.path.len() + leaf.name.len() + leaf.parent.as_ref().map_or(0, String::len))
        .sum()
}

#[test]
fn a_long_name_above_a_long_list_does_not_multiply() {
    let items: Vec<Value> = (0..2_000).map(|n| json!({ "a": n })).collect();
    for long in [900, 100_000] {
        let sent = json!({"email": "a@x.example", "x".repeat(long): {"list": items}});
        let found = found(sent);
        assert!(found.is_cut, "{long}");
        assert!(bytes(&found.leaves) <= 256 << 10, "{}", bytes(&found.leaves));
        assert!(found.leaves.iter().any(|leaf| leaf.name == "email"), "what is in reach is found");
    }
    // A question is the name of each of its answers.
    let question = "q".repeat(900);
    let answers: Vec<Value> =
        (0..1_000).map(|_| json!({"label": question, "value": [{"x": "1"}, {"y": "2"}]})).collect();
    let found = found(json!({ "answers": answers }));
    assert!(found.is_cut && bytes(&found.leaves) <= 256 << 10);
}

#[test]
fn what_is_not_looked_at_is_told() {
    let many: Map<String, Value> = (0..2_100).map(|n| (format!("f{n}"), json!("x"))).collect();
    let found_many = found(json!({ "form": many }));
    assert_eq!((found_many.leaves.len(), found_many.is_cut), (2_000, true));
    let mut deep = json!("a@x.example");
    for _ in 0..70 {
        deep = json!({ "a": deep });
    }
    assert!(found(deep).is_cut);
    let whole = found(json!({"form": {"email": "a@x.example", "empty": {}, "none": null}}));
    assert_eq!((whole.leaves.len(), whole.is_cut), (1, false));
}
