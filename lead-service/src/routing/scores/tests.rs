//! A score is its contributions, whatever the model.

use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;

fn model(content: Value) -> Model {
    Model::read(Uuid::nil(), content).unwrap()
}

fn at(days: f64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
    #[expect(clippy::cast_possible_truncation, reason = "days of a test")]
    let seconds = (days * 86_400.0) as i64;
    start + TimeDelta::seconds(seconds)
}

fn of(model: &Model, row: &Value, persona: Option<Persona>, deeds: &[Deed], days: f64) -> Vec<Contribution> {
    let keywords = ["CRM".to_owned()];
    contributions(model, &Subject { row, persona, keywords: &keywords, deeds, at: at(days) })
}

#[test]
fn each_rule_that_holds_contributes_with_its_reason() {
    let model = model(json!({"product_id": null, "groups": [{"name": "fit", "kind": "fit"}], "rules": [
        {"name": "signs", "group": "fit", "points": 30, "when": {"persona": ["buyer"]}},
        {"name": "speaks", "group": "fit", "points": 5.5, "when": {"keywords": []}},
        {"name": "trade", "group": "fit", "points": 10, "when": {"industry": ["Steel"]}},
        {"name": "size", "group": "fit", "points": 7, "when": {"employees": {"min": 10, "max": 50}}},
        {"name": "free mail", "group": "fit", "points": -12,
         "when": {"matches": {"field": "email", "op": "contains", "value": "@gmail."}}},
        {"name": "elsewhere", "group": "fit", "points": 100, "when": {"industry": ["Glass"]}},
    ]}));
    let row = json!({"notes": "We need a crm.", "industry": " steel", "employee_count": "50", "email": "a@gmail.com"});

    let all = of(&model, &row, Some(Persona::Buyer), &[], 0.0);

    let named: Vec<(&str, f64)> = all.iter().map(|part| (part.rule.as_str(), part.points)).collect();
    assert_eq!(
        named,
        [("signs", 30.0), ("speaks", 5.5), ("trade", 10.0), ("size", 7.0), ("free mail", -12.0)]
    );
    assert!(all.iter().all(|part| !part.reason.is_empty() && part.kind == "fit"));
    assert!((total(&all) - 40.5).abs() < f64::EPSILON);
}

#[test]
fn parts_of_words_are_not_the_word() {
    assert!(stands_in("crm", "a crm, please"));
    assert!(stands_in("c++", "we write c++"));
    assert!(!stands_in("crm", "scrmble"));
    assert!(!stands_in("", "anything"));
}

#[test]
fn what_was_done_counts_half_after_each_half_life_and_not_before_it_was_done() {
    let model = model(json!({"product_id": null,
        "groups": [{"name": "acts", "kind": "engagement", "half_life_days": 10}], "rules": [
        {"name": "replies", "group": "acts", "points": 8, "when": {"engagement": ["email_replied"]}},
    ]}));
    let deeds = [
        Deed { kind: "email_replied".into(), at: at(0.0) },
        Deed { kind: "email_replied".into(), at: at(10.0) },
        Deed { kind: "email_opened".into(), at: at(0.0) },
    ];
    let score = |days| total(&of(&model, &json!({}), None, &deeds, days));

    assert!((score(0.0) - 8.0).abs() < f64::EPSILON);
    assert!((score(10.0) - 12.0).abs() < f64::EPSILON);
    assert!((score(20.0) - 6.0).abs() < f64::EPSILON);
    assert!(score(400.0).abs() < f64::EPSILON);
}

fn any_model() -> impl Strategy<Value = Value> {
    let group = (any::<bool>(), prop::option::of(-50.0..80.0_f64), prop::option::of(0.0..60.0_f64));
    let rule = (0..4_usize, -40.0..60.0_f64, 0..5_usize);
    (prop::collection::vec(group, 1..4), prop::collection::vec(rule, 0..12)).prop_map(|(groups, rules)| {
        let groups: Vec<Value> = groups
            .iter()
            .enumerate()
            .map(|(index, (engages, min, span))| {
                json!({
                    "name": format!("g{index}"), "kind": if *engages { "engagement" } else { "fit" },
                    "min_points": min, "max_points": min.zip(*span).map(|(min, span)| min + span),
                    "half_life_days": engages.then_some(7.0),
                })
            })
            .collect();
        let rules: Vec<Value> = rules
            .iter()
            .enumerate()
            .map(|(index, (group, points, test))| {
                let group = &groups[group % groups.len()];
                let when = if group["kind"] == "engagement" {
                    json!({"engagement": ["email_opened"]})
                } else {
                    [
                        json!({"persona": ["buyer"]}),
                        json!({"industry": ["steel"]}),
                        json!({"employees": {"min": 20}}),
                        json!({"matches": {}}),
                        json!({"keywords": ["crm"]}),
                    ][*test]
                        .clone()
                };
                json!({"name": format!("r{index}"), "group": group["name"], "points": points, "when": when})
            })
            .collect();
        json!({"product_id": null, "groups": groups, "rules": rules})
    })
}

proptest! {
    #[test]
    fn a_score_is_the_sum_of_its_contributions_and_no_group_leaves_its_bounds(
        content in any_model(),
        opened in prop::collection::vec(0.0..90.0_f64, 0..20),
        now in 0.0..120.0_f64,
        industry in prop::sample::select(vec!["steel", "glass"]),
    ) {
        let model = model(content);
        let deeds: Vec<Deed> =
            opened.iter().map(|days| Deed { kind: "email_opened".into(), at: at(*days) }).collect();
        let row = json!({"industry": industry, "employee_count": 30, "notes": "crm"});

        let all = of(&model, &row, Some(Persona::Buyer), &deeds, now);

        let sum: f64 = all.iter().map(|part| part.points).sum();
        prop_assert!((sum - total(&all)).abs() < 1e-6);
        for group in &model.groups {
            let own: Vec<Contribution> = all.iter().filter(|part| part.group == group.name).cloned().collect();
            prop_assert!(own.iter().all(|part| part.kind == group.kind.word()));
            let sum = total(&own);
            // Bounds are hundredths, too.
            prop_assert!(group.max_points.is_none_or(|most| sum <= most + 0.005 + 1e-9));
            prop_assert!(group.min_points.is_none_or(|least| sum >= least - 0.005 - 1e-9));
        }
        let again = of(&model, &row, Some(Persona::Buyer), &deeds, now);
        prop_assert_eq!(all, again);
    }
}
