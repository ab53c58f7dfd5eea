//! Assignment of leads: exact under load, explained, and without former members.

use std::sync::{Arc, Mutex};

use contracts::{
    UserId,
    identity::DataScope,
    internal::tenants::{CheckMembers, CheckedMembers, Leaver},
};
use futures::{StreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Caller, caller::read};
use uuid::Uuid;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

use crate::arrange::{Granted, Leads, account, api_key};

/// A fake tenant-service with every user except these as member.
pub struct Members {
    server: MockServer,
    pub gone: Arc<Mutex<Vec<Uuid>>>,
    /// Those who are known to have left, and how.
    pub leavers: Arc<Mutex<Vec<Leaver>>>,
}

impl Members {
    pub async fn new() -> Self {
        let server = MockServer::start().await;
        let gone: Arc<Mutex<Vec<Uuid>>> = Arc::default();
        let leavers: Arc<Mutex<Vec<Leaver>>> = Arc::default();
        let (strangers, left) = (Arc::clone(&gone), Arc::clone(&leavers));
        Mock::given(method("POST"))
            .and(path("/internal/members/check"))
            .respond_with(move |request: &Request| {
                let call: CheckMembers = request.body_json().unwrap();
                let (gone, left) = (strangers.lock().unwrap(), left.lock().unwrap());
                let leavers: Vec<Leaver> =
                    left.iter().filter(|leaver| call.user_ids.contains(&leaver.user_id)).cloned().collect();
                let is_stranger = |user: &UserId| {
                    gone.contains(&user.0) || leavers.iter().any(|leaver| leaver.user_id == *user)
                };
                let strangers = call.user_ids.iter().copied().filter(is_stranger).collect();
                ResponseTemplate::new(200).set_body_json(CheckedMembers { strangers, leavers })
            })
            .mount(&server)
            .await;
        Granted::by(&server).await;
        Self { server, gone, leavers }
    }

    pub async fn app(&self) -> Leads {
        Leads::start_with(&[("TENANT_URL", &self.server.uri())]).await
    }
}

pub fn rule(name: &str, kind: &str, members: &[Value], more: &Value) -> Value {
    let mut body = json!({"name": name, "action": {"kind": kind, "members": members}});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

pub async fn add(caller: &Caller, body: &Value) -> Value {
    caller.post("/api/v2/assignment-rules", body).await.expect(201)
}

pub fn team(weights: &[i64]) -> (Vec<Uuid>, Vec<Value>) {
    let people: Vec<Uuid> = weights.iter().map(|_| Uuid::now_v7()).collect();
    let members =
        people.iter().zip(weights).map(|(user, weight)| json!({"user_id": user, "weight": weight})).collect();
    (people, members)
}

pub async fn counts(caller: &Caller, people: &[Uuid]) -> Vec<i64> {
    let mut counts = Vec::new();
    for person in people {
        let found = caller.get(&format!("/api/v2/leads?assigned_to={person}&page_size=1")).await.expect(200);
        counts.push(found["count"].as_i64().unwrap());
    }
    counts
}

#[actix_web::test]
async fn eight_hundred_leads_at_once_are_shared_exactly_as_the_weights_say() {
    let members = Members::new().await;
    let app = members.app().await;
    let caller = app.user(app.tenant().await);
    let key = api_key(&caller, json!({})).await;
    let (people, team) = team(&[1, 1, 2, 4]);
    add(&caller, &rule("All", "round_robin", &team, &json!({}))).await;

    // Most by forms, some by people, all at once.
    let (app, caller, key) = (&app, &caller, &key);
    let by_forms = stream::iter(0..720).map(async |n| {
        let form = app.anonymous().with("x-api-key", key);
        // Each reference comes twice: a duplicate takes no turn.
        let body =
            json!({"name": "P", "email": format!("p{n}@example.com"), "lead_reference_id": format!("r{n}")});
        let request = || read(form.request(Method::POST, "/api/leads/ingest").json(&body));
        let (one, other) = futures::future::join(request(), request()).await;
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 201], "{} {}", one.text, other.text);
    });
    let by_people = stream::iter(0..80).map(async |n| {
        let body = json!({"first_name": "P", "email": format!("q{n}@example.com")});
        caller.post("/api/v2/leads", &body).await.expect(201);
    });
    futures::future::join(
        by_forms.buffer_unordered(80).collect::<Vec<()>>(),
        by_people.buffer_unordered(8).collect::<Vec<()>>(),
    )
    .await;

    assert_eq!(counts(caller, &people).await, [100, 100, 200, 400]);
    let truthful = app
        .database
        .number(
            "SELECT count(*) AS number FROM leads l JOIN events e ON e.entity_id = l.id AND e.event_type = 'Lead.CREATE' \
             AND e.current_state ->> 'assigned_to' = l.assigned_to::text \
             JOIN assignment_traces t ON t.lead_id = l.id AND t.assigned_to = l.assigned_to",
        )
        .await;
    assert_eq!(truthful, 800, "each creation says whose the lead is, and each has its trace");
    let later = "SELECT count(*) AS number FROM events WHERE event_type = 'Lead.assigned_to.UPDATE'";
    assert_eq!(app.database.number(later).await, 0);
}

#[actix_web::test]
async fn rules_look_at_the_lead_and_the_trace_says_why() {
    let members = Members::new().await;
    let app = members.app().await;
    let caller = app.user(app.tenant().await);
    let (ads, de, rest) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let person = |user: Uuid| vec![json!({"user_id": user})];
    let from_ads = json!({"conditions": {"and": [
        {"field": "utm.source", "op": "eq", "value": "ads"}, {"field": "score", "op": "gte", "value": 50}]}});
    add(&caller, &rule("Ads", "person", &person(ads), &from_ads)).await;
    let german = json!({"conditions": {"or": [{"field": "country", "value": "DE"}, {"field": "email", "op": "contains", "value": ".de"}]}});
    add(&caller, &rule("Germany", "person", &person(de), &german)).await;
    add(&caller, &rule("Rest", "person", &person(rest), &json!({"catch_all": true, "position": 1}))).await;

    let cases = [
        (json!({"first_name": "A", "utm": {"source": "ads"}, "score": 60}), ads),
        (json!({"first_name": "B", "utm": {"source": "ads"}, "score": 40}), rest),
        (json!({"first_name": "C", "phone": "+49 30 901820"}), de),
        (json!({"first_name": "D", "email": "d@firma.DE"}), de),
        (json!({"first_name": "E", "custom_fields": {"country": "FR"}}), rest),
    ];
    for (body, expected) in cases {
        let lead = caller.post("/api/v2/leads", &body).await.expect(201);
        assert_eq!(lead["assigned_to"], json!(expected), "{body}");
    }
    let named = Uuid::now_v7();
    let lead =
        caller.post("/api/v2/leads", &json!({"first_name": "F", "assigned_to": named})).await.expect(201);
    assert_eq!(lead["assigned_to"], json!(named), "whoever is named gets it");
    let untold = caller
        .get(&format!("/api/v2/leads/{}/assignment_trace", lead["id"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!((&untold["cause"], &untold["rules"]), (&Value::Null, &json!([])));

    let lead =
        caller.post("/api/v2/leads", &json!({"first_name": "G", "email": "g@firma.de"})).await.expect(201);
    let place = format!("/api/v2/leads/{}/assignment_trace", lead["id"].as_str().unwrap());
    let trace = caller.get(&place).await.expect(200);
    assert_eq!((&trace["assigned_to"], &trace["cause"]), (&json!(de), &json!("created")));
    let outcomes: Vec<(&str, &str)> = trace["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| (rule["name"].as_str().unwrap(), rule["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(outcomes, [("Ads", "not_matched"), ("Germany", "chosen"), ("Rest", "not_reached")]);
    assert_eq!(trace["rules"][1]["candidates"][0]["user_id"], json!(de));
    let stranger = app.user(app.tenant().await);
    assert_eq!(stranger.get(&place).await.problem(), (404, "not_found"));
    let narrow = app.user_named(caller.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    assert_eq!(narrow.get(&place).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn capacity_is_exact_for_many_at_once_and_what_is_left_goes_on() {
    let members = Members::new().await;
    let app = members.app().await;
    let caller = app.user(app.tenant().await);
    let (few, all) = (Uuid::now_v7(), Uuid::now_v7());
    add(&caller, &rule("Few", "least_loaded", &[json!({"user_id": few, "capacity": 7})], &json!({}))).await;
    add(&caller, &rule("All", "person", &[json!({"user_id": all})], &json!({}))).await;

    let caller = &caller;
    let sent = stream::iter(0..30).map(async |n| {
        caller.post("/api/v2/leads", &json!({"first_name": format!("N{n}")})).await.expect(201)
    });
    let leads: Vec<Value> = sent.buffer_unordered(15).collect().await;

    assert_eq!(counts(caller, &[few, all]).await, [7, 23]);
    let worked = leads.iter().find(|lead| lead["assigned_to"] == json!(few)).unwrap();
    let place = format!("/api/v2/leads/{}", worked["id"].as_str().unwrap());
    caller.patch(&place, &json!({"status": "unqualified"})).await.expect(200);
    let next = caller.post("/api/v2/leads", &json!({"first_name": "Next"})).await.expect(201);
    assert_eq!(next["assigned_to"], json!(few), "a lead that is closed makes room");
}

#[actix_web::test]
async fn a_simulation_says_who_and_why_and_changes_nothing() {
    let members = Members::new().await;
    let app = members.app().await;
    let caller = app.user(app.tenant().await);
    let (people, team) = team(&[1, 1]);
    let mut away = team.clone();
    away[0]["working_hours"] = json!({"time_zone": "Europe/Berlin", "shifts": [{"days": ["mon"], "from": "09:00", "until": "17:00"}]});
    add(&caller, &rule("All", "round_robin", &away, &json!({}))).await;
    let state = async || {
        app.database
            .number(
                "SELECT count(*) + (SELECT count(*) FROM leads) + (SELECT count(*) FROM assignment_traces) + \
             (SELECT count(*) FROM playbooks WHERE turns <> '{}') AS number FROM events",
            )
            .await
    };
    let before = state().await;

    let simulate = async |at: &str| {
        let body = json!({"lead": {"first_name": "Ada", "score": 5}, "at": at});
        caller.post("/api/v2/assignment-rules/simulate", &body).await.expect(200)
    };
    let (monday, again, sunday) = (
        simulate("2026-01-05T09:00:00Z").await,
        simulate("2026-01-05T09:00:00Z").await,
        simulate("2026-01-04T09:00:00Z").await,
    );

    assert_eq!(monday, again, "nobody lost a turn");
    assert_eq!((&monday["assigned_to"], &sunday["assigned_to"]), (&json!(people[0]), &json!(people[1])));
    assert_eq!(sunday["rules"][0]["candidates"][0]["reason"], "Outside working hours.");
    assert_eq!(sunday["score"], 5.0);
    assert_eq!(state().await, before);
    let unknown = caller.post("/api/v2/assignment-rules/simulate", &json!({"lead": {"shoe": 42}})).await;
    assert_eq!(unknown.faults(), [("lead.shoe".to_owned(), "unknown_field".to_owned())]);
    let stranger = app.user(app.tenant().await);
    let theirs = json!({"lead": {"first_name": "A", "account_id": account(&stranger).await}});
    assert_eq!(
        caller.post("/api/v2/assignment-rules/simulate", &theirs).await.problem(),
        (422, "unknown_reference")
    );
}

#[actix_web::test]
async fn what_cannot_be_a_rule_is_refused_by_its_field() {
    let members = Members::new().await;
    let app = members.app().await;
    let caller = app.user(app.tenant().await);
    let someone = Uuid::now_v7();
    let body = json!({
        "name": "Bad", "catch_all": false, "conditions": {"and": [{"field": "shoe", "op": "eq", "value": 1}]},
        "action": {"kind": "person", "members": [
            {"user_id": someone, "working_hours": {"time_zone": "Mars", "shifts": [{"days": ["mon"], "from": "09:00", "until": "10:00"}]}},
            {"user_id": someone, "out_of_office": [{"from": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"}]},
        ]}
    });

    let refused = caller.post("/api/v2/assignment-rules", &body).await;

    assert_eq!(refused.problem(), (400, "validation_failed"));
    let fields: Vec<String> = refused.faults().into_iter().map(|(field, _)| field).collect();
    assert_eq!(
        fields,
        [
            "action.members",
            "action.members.0.working_hours.time_zone",
            "action.members.1.out_of_office.0.until",
            "action.members.1.user_id",
            "conditions.and.0.field",
        ]
    );
    members.gone.lock().unwrap().push(someone);
    let stranger = rule("S", "person", &[json!({"user_id": someone})], &json!({}));
    let refused = caller.post("/api/v2/assignment-rules", &stranger).await;
    assert_eq!(refused.problem(), (422, "unknown_reference"));
    assert_eq!(refused.faults(), [("action.members.0.user_id".to_owned(), "unknown_reference".to_owned())]);
    assert_eq!(caller.get("/api/v2/assignment-rules").await.body["count"], 0);
}

#[actix_web::test]
async fn rules_are_listed_in_their_order_reordered_changed_and_kept_from_other_tenants() {
    let members = Members::new().await;
    let app = members.app().await;
    let (caller, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let mut ids = Vec::new();
    for name in ["A", "B", "C"] {
        let body = json!({"name": name, "action": {"kind": "person", "user_id": Uuid::now_v7()}});
        ids.push(add(&caller, &body).await["id"].clone());
    }
    let names = async || {
        let listed = caller.get("/api/v2/assignment-rules").await.expect(200);
        let names: Vec<String> = listed["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rule| rule["name"].as_str().unwrap().to_owned())
            .collect();
        names.concat()
    };
    assert_eq!(names().await, "ABC");

    let order = json!({"rule_ids": [ids[2], ids[0], ids[1]]});
    let reordered = caller.post("/api/v2/assignment-rules/reorder", &order).await.expect(200);
    assert_eq!(reordered["results"][0]["position"], 1);
    assert_eq!(names().await, "CAB");
    let bad = json!({"rule_ids": [ids[2], ids[2], Uuid::now_v7()]});
    let refused = caller.post("/api/v2/assignment-rules/reorder", &bad).await;
    assert_eq!(refused.problem(), (422, "invalid_order"));
    assert_eq!(
        stranger.post("/api/v2/assignment-rules/reorder", &order).await.problem(),
        (422, "invalid_order")
    );

    let place = format!("/api/v2/assignment-rules/{}", ids[0].as_str().unwrap());
    let changed = caller.patch(&place, &json!({"enabled": false})).await.expect(200);
    assert_eq!(
        (&changed["enabled"], &changed["position"], &changed["name"]),
        (&json!(false), &json!(2), &json!("A"))
    );
    assert_eq!(
        caller.with("if-match", "\"1\"").patch(&place, &json!({"name": "X"})).await.problem(),
        (412, "version_conflict")
    );
    for verb in ["GET", "PATCH", "DELETE"] {
        let body = (verb == "PATCH").then(|| json!({"name": "Mine"}));
        let foreign = stranger.send(verb.parse().unwrap(), &place, body.as_ref()).await;
        assert_eq!(foreign.problem(), (404, "not_found"), "{verb}");
    }
    assert_eq!(caller.delete(&place).await.status, 204);
    caller.post(&format!("{place}/restore"), &json!({})).await.expect(200);
    assert_eq!(stranger.get("/api/v2/assignment-rules").await.body["count"], 0);
    let told = app
        .database
        .number("SELECT count(*) AS number FROM events WHERE event_type LIKE 'AssignmentRule.%' AND actor ->> 'kind' = 'user'")
        .await;
    assert_eq!(told, 9, "three made, three moved, one switched off, deleted and restored");
}

#[actix_web::test]
async fn a_rule_that_names_a_former_member_can_be_changed_in_all_that_does_not_name_people() {
    let members = Members::new().await;
    let app = members.app().await;
    let caller = app.user(app.tenant().await);
    let (people, team) = team(&[1, 1]);
    let made = add(&caller, &rule("All", "round_robin", &team, &json!({}))).await;
    let place = format!("/api/v2/assignment-rules/{}", made["id"].as_str().unwrap());
    members.gone.lock().unwrap().push(people[0]);

    let changes = json!({"enabled": false, "name": "Off", "position": 7, "fall_through": false,
        "conditions": {"field": "status", "op": "eq", "value": "new"}, "action": {"kind": "least_loaded"}});
    let changed = caller.patch(&place, &changes).await.expect(200);

    assert_eq!((&changed["enabled"], &changed["name"]), (&json!(false), &json!("Off")));
    assert_eq!(changed["action"]["members"], made["action"]["members"]);
    let named = caller.patch(&place, &json!({"action": {"members": team}})).await;
    assert_eq!(named.faults(), [("action.members.0.user_id".to_owned(), "unknown_reference".to_owned())]);
    let whole = rule("All", "round_robin", &team, &json!({}));
    assert_eq!(caller.put(&place, &whole).await.problem(), (422, "unknown_reference"));
    caller.patch(&place, &json!({"enabled": true})).await.expect(200);
    for _ in 0..2 {
        let lead = caller.post("/api/v2/leads", &json!({"first_name": "Ada"})).await.expect(201);
        assert_eq!(lead["assigned_to"], json!(people[1]), "the former member is passed over");
    }
    let single = json!({"action": {"kind": "person", "user_id": people[1]}, "conditions": {}});
    let single = caller.patch(&place, &single).await.expect(200);
    assert_eq!(single["action"]["members"].as_array().unwrap().len(), 1);
    assert_eq!((&single["action"]["kind"], &single["conditions"]), (&json!("person"), &json!({})));
}
