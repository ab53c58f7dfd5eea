//! Decisions hold for every team, whatever its people are up to.

use serde_json::json;

use super::*;

fn person(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn rule(id: u128, content: &Value) -> Rule {
    let mut whole =
        json!({"name": format!("rule {id}"), "conditions": {}, "fall_through": true, "catch_all": false});
    whole.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
    Rule::read(person(id), whole).unwrap()
}

fn team(kind: &str, members: &[Value]) -> Value {
    json!({"action": {"kind": kind, "members": members}})
}

fn situation() -> Situation {
    Situation {
        at: "2026-01-05T12:00:00Z".parse().unwrap(),
        former_members: Vec::new(),
        open: HashMap::new(),
        turns: Turns::new(),
    }
}

#[test]
fn turns_follow_the_weights_exactly_and_are_spread() {
    let weights = [1, 1, 2, 4];
    let members: Vec<Value> =
        weights.iter().zip(1..).map(|(weight, n)| json!({"user_id": person(n), "weight": weight})).collect();
    let rules = [rule(100, &team("round_robin", &members))];
    let mut situation = situation();

    let chosen: Vec<Uuid> =
        (0..800).map(|_| decide(&rules, &json!({}), &mut situation).assigned_to.unwrap()).collect();

    for (weight, n) in weights.iter().zip(1..) {
        assert_eq!(chosen.iter().filter(|user| **user == person(n)).count(), weight * 100);
    }
    assert!(
        chosen.windows(3).all(|three| three.iter().any(|user| *user != person(4))),
        "nobody gets three in a row"
    );
}

#[test]
fn those_who_are_away_full_or_gone_are_passed_over_with_the_reason() {
    let members = [
        json!({"user_id": person(1), "out_of_office": [{"from": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"}]}),
        json!({"user_id": person(2), "capacity": 3}),
        json!({"user_id": person(3), "working_hours":
            {"time_zone": "America/New_York", "shifts": [{"days": ["mon"], "from": "09:00", "until": "17:00"}]}}),
        json!({"user_id": person(4)}),
        json!({"user_id": person(5)}),
    ];
    let rules = [rule(100, &team("round_robin", &members))];
    let mut situation = situation();
    situation.open.insert(person(2), 3);
    situation.former_members.push(person(4));

    let decision = decide(&rules, &json!({}), &mut situation);

    assert_eq!(decision.assigned_to, Some(person(5)));
    let candidates = &decision.rules[0].candidates;
    let reasons: Vec<&str> = candidates.iter().map(|candidate| candidate.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "Out of office until 2026-02-01T00:00:00Z.",
            "Has 3 open leads and takes at most 3.",
            "Outside working hours.",
            "Left the tenant.",
            "It is their turn.",
        ]
    );
    assert!(candidates[4].chosen && candidates.iter().filter(|candidate| candidate.eligible).count() == 1);
}

#[test]
fn the_least_loaded_gets_the_lead_and_then_has_one_more() {
    let members = [json!({"user_id": person(1)}), json!({"user_id": person(2)})];
    let rules = [rule(100, &team("least_loaded", &members))];
    let mut situation = situation();
    situation.open = HashMap::from([(person(1), 2), (person(2), 0)]);

    let chosen: Vec<Uuid> =
        (0..4).map(|_| decide(&rules, &json!({}), &mut situation).assigned_to.unwrap()).collect();

    assert_eq!(chosen, [person(2), person(2), person(1), person(2)]);
}

#[test]
fn rules_are_tried_in_order_and_fall_through_only_when_they_may() {
    let full = team("person", &[json!({"user_id": person(1), "capacity": 0})]);
    let free = team("person", &[json!({"user_id": person(2)})]);
    let only_ads = {
        let mut rule = free.clone();
        rule["conditions"] = json!({"field": "utm.source", "op": "eq", "value": "ads"});
        rule
    };
    let strict = {
        let mut rule = full.clone();
        rule["fall_through"] = json!(false);
        rule
    };
    let row = json!({"utm": {"source": "mail"}});
    let outcomes = |rules: &[Rule]| {
        let decision = decide(rules, &row, &mut situation());
        let outcomes: Vec<String> = decision.rules.iter().map(|rule| rule.outcome.clone()).collect();
        (decision.assigned_to, outcomes.join(" "))
    };

    let falls = [rule(1, &only_ads), rule(2, &full), rule(3, &free), rule(4, &free)];
    assert_eq!(
        outcomes(&falls),
        (Some(person(2)), "not_matched nobody_available chosen not_reached".to_owned())
    );
    let stops = [rule(1, &strict), rule(2, &free)];
    assert_eq!(outcomes(&stops), (None, "nobody_available not_reached".to_owned()));
}

#[test]
fn a_catch_all_takes_somebody_even_when_all_are_away_but_nobody_who_left() {
    let mut content =
        team("round_robin", &[json!({"user_id": person(1), "capacity": 0}), json!({"user_id": person(2)})]);
    content["catch_all"] = json!(true);
    let rules = [rule(1, &content)];
    let mut one_left = situation();
    one_left.former_members.push(person(2));
    let mut all_left = one_left.clone();
    all_left.former_members.push(person(1));

    assert_eq!(decide(&rules, &json!({}), &mut one_left).assigned_to, Some(person(1)));
    assert_eq!(decide(&rules, &json!({}), &mut all_left).assigned_to, None);
}
