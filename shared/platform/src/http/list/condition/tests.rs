//! The condition language: what it takes, what it refuses, and what holds in memory.

use serde_json::{Value, json};

use super::super::{ALL_VALUES_LIMIT, DEPTH_LIMIT, SIZE_LIMIT, Tree, VALUES_LIMIT, Vocabulary};
use crate::{db::value::Kind, http::list::column, zones::Tz};

const VOCABULARY: Vocabulary = Vocabulary {
    columns: &[
        column("name", Kind::Text),
        column("email", Kind::Email),
        column("phone", Kind::Phone),
        column("score", Kind::Float),
        column("status", Kind::Choice(&["new", "old"])),
        column("at", Kind::Time),
        column("closes_on", Kind::Date),
    ],
    objects: &["utm"],
    links: &[],
};

fn holds_in(tree: &Value, row: &Value, zone: Tz) -> bool {
    Tree::parse(tree, VOCABULARY, "where", zone).unwrap().holds(row)
}

#[expect(clippy::needless_pass_by_value, reason = "it is made for this call")]
fn is(field: &str, op: &str, value: Value) -> Value {
    json!({"field": field, "op": op, "value": value})
}

fn refused(tree: &Value) -> Vec<(String, String)> {
    let faults = Tree::parse(tree, VOCABULARY, "where", Tz::UTC).unwrap_err();
    faults.into_iter().map(|fault| (fault.field, fault.code)).collect()
}

#[test]
fn comparisons_hold_in_memory_as_in_the_database() {
    let row = json!({"name": "Ada", "score": 7.5, "status": "new", "at": "2026-01-02T00:00:00Z", "closes_on": "2026-03-01",
                     "email": "ada@example.com", "phone": "+4930901820",
                     "utm": {"source": "ads", "clicks": "12", "seats": 9, "code": "007", "topics": ["a", "b"]}});
    for (tree, expected) in [
        (json!({}), true),
        (json!({"field": "name", "value": "Ada"}), true),
        (is("name", "contains", json!("AD")), true),
        (is("name", "icontains", json!("AD")), true),
        (is("name", "starts_with", json!("da")), false),
        (is("name", "starts_with", json!("aD")), true),
        (is("email", "eq", json!("ADA@Example.com")), true),
        (is("email", "in", json!(["x@example.com", "Ada@EXAMPLE.com"])), true),
        (is("phone", "eq", json!("0049 30 901820")), true),
        (is("phone", "contains", json!("(030) 9018")), true),
        (is("score", "gt", json!(7.5)), false),
        (is("score", "gte", json!("7.5")), true),
        (is("score", "between", json!([7, 8])), true),
        (is("score", "between", json!([8, 9])), false),
        (is("at", "lt", json!("2026-02-01")), true),
        (is("at", "lte", json!("2026-01-02")), true),
        (is("at", "eq", json!("2026-01-02")), true),
        (is("at", "gt", json!("2026-01-02")), false),
        (is("at", "within_days", json!(3)), false),
        (is("closes_on", "between", json!(["2026-03-01", "2026-03-31"])), true),
        (is("status", "in", json!(["old", "new"])), true),
        (is("utm.source", "eq", json!("ads")), true),
        (is("utm.clicks", "gte", json!(9)), true),
        (is("utm.clicks", "eq", json!(12)), true),
        (is("utm.seats", "gt", json!(50)), false),
        (is("utm.seats", "lt", json!("50")), true),
        (is("utm.seats", "eq", json!("9")), true),
        (is("utm.seats", "in", json!([8, 9.0])), true),
        (is("utm.code", "eq", json!("007")), true),
        (is("utm.code", "eq", json!(7)), false),
        (is("utm.topics", "has_any", json!(["b", "c"])), true),
        (is("utm.topics", "has_all", json!(["b", "c"])), false),
        (is("utm.topics", "has_all", json!(["b", "a"])), true),
        (json!({"field": "utm.gclid", "op": "is_null"}), true),
        (json!({"field": "utm.gclid", "op": "isnull", "value": false}), false),
        (json!({"field": "utm.source", "op": "is_not_null"}), true),
        (is("utm.gclid", "ne", json!("x")), true),
        (is("utm.gclid", "eq", json!("x")), false),
        (is("utm.gclid", "eq", Value::Null), true),
        (json!({"not": is("name", "eq", json!("Ada"))}), false),
        (
            json!({"and": [
                {"or": [is("name", "eq", json!("Bob")), is("score", "lt", json!(8))]},
                is("status", "not_in", json!(["old"])),
            ]}),
            true,
        ),
    ] {
        assert_eq!(holds_in(&tree, &row, Tz::UTC), expected, "{tree}");
    }
}

#[test]
fn a_date_is_the_whole_day_of_the_zone() {
    // In Tokyo the third has begun.
    let row = json!({"at": "2026-01-02T16:00:00Z"});
    for (op, day, in_utc, in_tokyo) in [
        ("eq", "2026-01-02", true, false),
        ("eq", "2026-01-03", false, true),
        ("gt", "2026-01-02", false, true),
        ("lte", "2026-01-02", true, false),
        ("lt", "2026-01-03", true, false),
    ] {
        let tree = is("at", op, json!(day));
        assert_eq!(holds_in(&tree, &row, Tz::UTC), in_utc, "{tree}");
        assert_eq!(holds_in(&tree, &row, Tz::Asia__Tokyo), in_tokyo, "{tree}");
    }
}

#[test]
fn within_days_counts_from_now_in_both_directions() {
    let at = |days: i64| json!({"at": (chrono::Utc::now() + chrono::TimeDelta::days(days)).to_rfc3339()});
    for (days, expected) in [(-8, false), (-6, true), (6, true), (8, false)] {
        assert_eq!(holds_in(&is("at", "within_days", json!(7)), &at(days), Tz::UTC), expected, "{days}");
    }
}

#[test]
fn every_fault_is_named_by_its_place() {
    let tree = json!({"and": [
        is("colour", "eq", json!(1)),
        is("score", "gte", json!("many")),
        is("status", "eq", json!("lost")),
        is("status", "gte", json!("new")),
        is("name", "like", json!("x")),
        is("score", "between", json!([1])),
        is("at", "within_days", json!(-1)),
        {"field": "name", "op": "contains"},
        {"or": 1},
        {"or": []},
        {"xor": []},
        {"and": [], "or": []},
        7,
    ]});

    let expected = [
        ("where.and.0.field", "unknown_field"),
        ("where.and.1.value", "wrong_type"),
        ("where.and.2.value", "not_allowed"),
        ("where.and.3.op", "not_allowed"),
        ("where.and.4.op", "not_allowed"),
        ("where.and.5.value", "wrong_type"),
        ("where.and.6.value", "wrong_type"),
        ("where.and.7.value", "required"),
        ("where.and.8.or", "wrong_type"),
        ("where.and.9.or", "too_few"),
        ("where.and.10.xor", "unknown_field"),
        ("where.and.11", "ambiguous"),
        ("where.and.12", "wrong_type"),
    ];
    assert_eq!(refused(&tree), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
}

#[test]
fn depth_and_size_are_bounded() {
    let leaf = json!({"field": "name", "op": "eq", "value": "x"});
    let nested = |levels: usize| (0..levels).fold(leaf.clone(), |tree, _| json!({"not": tree}));
    assert!(Tree::parse(&nested(DEPTH_LIMIT), VOCABULARY, "where", Tz::UTC).is_ok());
    assert_eq!(refused(&nested(DEPTH_LIMIT + 1))[0].1, "nested_too_deep");
    let wide = |size: usize| json!({"or": vec![leaf.clone(); size]});
    assert!(Tree::parse(&wide(SIZE_LIMIT), VOCABULARY, "where", Tz::UTC).is_ok());
    assert_eq!(refused(&wide(SIZE_LIMIT + 9)), [("where.or.200".to_owned(), "too_many".to_owned())]);
}

#[test]
fn the_values_of_all_comparisons_are_bounded_together() {
    let one_of = |number: usize| is("utm.source", "in", json!(vec!["a"; number]));
    let full = ALL_VALUES_LIMIT / VALUES_LIMIT;
    let mut conditions = vec![one_of(VALUES_LIMIT); full];
    assert!(Tree::parse(&json!({ "and": conditions }), VOCABULARY, "where", Tz::UTC).is_ok());

    conditions.extend([one_of(1), json!({"not": is("utm.topics", "has_any", json!(["b"]))})]);
    let tree = json!({ "and": conditions });

    assert_eq!(refused(&tree), [(format!("where.and.{full}.value"), "too_many".to_owned())], "told once");
    assert!(Tree::parse_stored(&tree, VOCABULARY, Tz::UTC).is_ok(), "it was taken before");
}
