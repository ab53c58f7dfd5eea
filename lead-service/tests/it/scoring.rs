//! Scores: explained, kept up with the model, known for every time.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::{
    Service,
    internal::engagements::{Engagement, RecordEngagements},
};
use serde_json::{Value, json};
use testkit::{Caller, caller::read};
use uuid::Uuid;

use crate::arrange::{Leads, api_key, product};

fn model(rules: &Value) -> Value {
    json!({"name": format!("Model {}", Uuid::now_v7()), "rules": rules})
}

async fn add(caller: &Caller, body: &Value) -> Value {
    caller.post("/api/v2/scoring-models", body).await.expect(201)
}

fn industry(name: &str, points: f64) -> Value {
    json!({"name": name, "group": "fit", "points": points, "when": {"industry": [name]}})
}

fn sum(lead: &Value) -> f64 {
    lead["score_breakdown"].as_array().unwrap().iter().map(|part| part["points"].as_f64().unwrap()).sum()
}

fn path(lead: &Value) -> String {
    format!("/api/v2/leads/{}", lead["id"].as_str().unwrap())
}

#[actix_web::test]
async fn a_model_can_be_added_changed_deleted_and_restored_and_another_tenant_does_not_know_it() {
    let app = Leads::start().await;
    let (caller, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let added = add(&caller, &model(&json!([industry("steel", 10.0)]))).await;
    let place = format!("/api/v2/scoring-models/{}", added["id"].as_str().unwrap());
    assert_eq!(added["groups"][1]["half_life_days"], 30.0, "the usual groups");

    let changed = caller.patch(&place, &json!({"enabled": false})).await.expect(200);
    assert_eq!((&changed["enabled"], &changed["rules"]), (&json!(false), &added["rules"]));
    assert_eq!(caller.with("if-match", "\"1\"").delete(&place).await.problem(), (412, "version_conflict"));
    for verb in ["GET", "PUT", "PATCH", "DELETE"] {
        let body = model(&json!([]));
        let body = (verb != "GET" && verb != "DELETE").then_some(&body);
        let foreign = stranger.send(verb.parse().unwrap(), &place, body).await;
        assert_eq!(foreign.problem(), (404, "not_found"), "{verb}");
    }
    assert_eq!(caller.delete(&place).await.status, 204);
    caller.post(&format!("{place}/restore"), &json!({})).await.expect(200);
    assert_eq!(stranger.get("/api/v2/scoring-models").await.body["count"], 0);
    let forbidden = caller.holding(&["scoring_models:read"]);
    assert_eq!(
        forbidden.post("/api/v2/scoring-models", &model(&json!([]))).await.problem(),
        (403, "permission_denied")
    );
}

#[actix_web::test]
async fn what_cannot_be_a_model_is_refused_with_every_fault() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({
        "name": "Bad",
        "groups": [
            {"name": "a", "kind": "fit", "half_life_days": 3, "min_points": 5, "max_points": 1},
            {"name": "a", "kind": "engagement", "half_life_days": 0},
            {"name": "acts", "kind": "engagement"},
        ],
        "rules": [
            {"name": "x", "group": "nowhere", "points": 1, "when": {"persona": ["buyer"]}},
            {"name": "x", "group": "acts", "points": 1, "when": {"persona": ["buyer"]}},
            {"name": "x", "group": "a", "points": 1, "when": {"persona": ["buyer"], "industry": ["x"]}},
            {"name": "x", "group": "a", "points": 1, "when": {"matches": {"field": "shoe", "op": "eq", "value": 1}}},
            {"name": "x", "group": "acts", "points": 1, "when": {"engagement": ["Opened!"]}},
        ]
    });

    let refused = caller.post("/api/v2/scoring-models", &body).await;

    assert_eq!(refused.problem(), (400, "validation_failed"));
    let faults: Vec<String> =
        refused.faults().into_iter().map(|(field, code)| format!("{field} {code}")).collect();
    assert_eq!(
        faults,
        [
            "groups.0.half_life_days not_allowed",
            "groups.0.min_points out_of_range",
            "groups.1.half_life_days out_of_range",
            "groups.1.name already_exists",
            "rules.0.group unknown_reference",
            "rules.1.group not_allowed",
            "rules.2.when ambiguous",
            "rules.3.when.matches.field unknown_field",
            "rules.4.when.engagement.0 not_allowed",
        ]
    );
    let stranger = app.user(app.tenant().await);
    let mut body = model(&json!([]));
    body["product_id"] = json!(product(&stranger).await);
    assert_eq!(caller.post("/api/v2/scoring-models", &body).await.problem(), (422, "unknown_reference"));
    add(&caller, &model(&json!([]))).await;
    assert_eq!(
        caller.post("/api/v2/scoring-models", &model(&json!([]))).await.status,
        409,
        "a second one for all"
    );
}

#[actix_web::test]
async fn a_lead_is_scored_when_it_is_added_and_when_it_changes() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"name": "Rockets", "description": "Fly.", "keywords": ["orbit"],
        "persona_role_titles": {"buyers": ["CTO"], "end_users": ["Pilot"]}});
    let rockets = caller.post("/api/v2/products", &body).await.expect(201)["id"].clone();
    let mut own = model(&json!([
        {"name": "signs", "group": "fit", "points": 40, "when": {"persona": ["buyer"]}},
        {"name": "flies", "group": "fit", "points": 15, "when": {"persona": ["end_user"]}},
        {"name": "speaks of it", "group": "fit", "points": 5.25, "when": {"keywords": []}},
        {"name": "no mail", "group": "fit", "points": -10, "when": {"matches": {"field": "email", "op": "is_null"}}},
    ]));
    own["product_id"] = rockets.clone();
    own["groups"] = json!([{"name": "fit", "kind": "fit", "max_points": 30}]);
    add(&caller, &own).await;
    add(&caller, &model(&json!([industry("steel", 3.0)]))).await;

    let lead =
        json!({"first_name": "Ada", "role_title": "Group CTO", "notes": "To orbit!", "product_id": rockets});
    let lead = caller.post("/api/v2/leads", &lead).await.expect(201);
    let other = json!({"first_name": "Bob", "custom_fields": {"industry": "Steel"}, "score": 99});
    let other = caller.post("/api/v2/leads", &other).await.expect(201);

    assert_eq!(lead["persona"], "buyer");
    assert_eq!(lead["score"], 30.0, "40 + 5.25 - 10, of which the group gives 30");
    assert!((sum(&lead) - 30.0).abs() < 1e-9);
    let parts: Vec<&str> = lead["score_breakdown"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["rule"].as_str().unwrap())
        .collect();
    assert_eq!(parts, ["signs", "speaks of it", "no mail", "cap"]);
    assert_eq!(
        (&other["score"], sum(&other)),
        (&json!(3.0), 3.0),
        "the tenant's model, whatever was written"
    );

    let changed = caller.patch(&path(&lead), &json!({"role_title": "Pilot"})).await.expect(200);
    assert_eq!((&changed["persona"], &changed["score"]), (&json!("end_user"), &json!(10.25)));
    let chosen = caller.patch(&path(&lead), &json!({"persona": "influencer"})).await.expect(200);
    assert_eq!((&chosen["persona"], &chosen["score"]), (&json!("influencer"), &json!(-4.75)));
    let kept = caller.patch(&path(&lead), &json!({"role_title": "CTO"})).await.expect(200);
    assert_eq!(kept["persona"], "influencer", "what somebody chose stays");
    let told = app
        .database
        .number(
            "SELECT count(*) AS number FROM events WHERE event_type = 'Lead.score.UPDATE' \
             AND previous_state = '{\"score\": 30.0}' AND current_state = '{\"score\": 10.25}'",
        )
        .await;
    assert_eq!(told, 1);
}

#[actix_web::test]
async fn a_score_set_by_hand_stays_where_no_model_is_and_is_explained() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);

    let lead = caller.post("/api/v2/leads", &json!({"first_name": "Ada", "score": 7.5})).await.expect(201);
    let changed = caller.patch(&path(&lead), &json!({"notes": "x"})).await.expect(200);
    let score = caller.get(&format!("{}/score", path(&lead))).await.expect(200);

    assert_eq!((&lead["score"], sum(&lead)), (&json!(7.5), 7.5));
    assert_eq!(lead["score_breakdown"][0]["rule"], "manual");
    assert_eq!(changed["score_breakdown"], lead["score_breakdown"]);
    assert_eq!((&score["score"], &score["fit"]), (&json!(7.5), &json!(0.0)));
    let cleared = caller.patch(&path(&lead), &json!({"score": null})).await.expect(200);
    assert_eq!((&cleared["score"], &cleared["score_breakdown"]), (&Value::Null, &Value::Null));
}

#[actix_web::test]
async fn what_is_handed_in_is_scored_by_the_model_that_holds_and_its_event_says_so() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let key = api_key(&caller, json!({})).await;
    let send = async |body: Value| {
        let request =
            app.anonymous().with("x-api-key", &key).request(reqwest::Method::POST, "/api/leads/ingest");
        read(request.json(&body)).await.expect(201)["id"].as_str().unwrap().to_owned()
    };
    let lead = async |id: &str| caller.get(&format!("/api/v2/leads/{id}")).await.expect(200);

    let before = send(json!({"email": "ada@example.com", "industry": "steel"})).await;
    let added = add(&caller, &model(&json!([industry("steel", 12.0)]))).await;
    let after = send(json!({"email": "bob@example.com", "industry": "steel"})).await;
    let place = format!("/api/v2/scoring-models/{}", added["id"].as_str().unwrap());
    caller.patch(&place, &json!({"rules": [industry("steel", 20.0)]})).await.expect(200);
    let last = send(json!({"email": "cy@example.com", "industry": "steel"})).await;

    assert_eq!(lead(&before).await["score"], Value::Null);
    let scored = lead(&after).await;
    assert_eq!((&scored["score"], sum(&scored)), (&json!(12.0), 12.0));
    assert_eq!(lead(&last).await["score"], 20.0, "no process decides by a model that was changed");
    let told = app
        .database
        .number(
            "SELECT count(*) AS number FROM events WHERE event_type = 'Lead.CREATE' \
             AND current_state ->> 'score' = '12.0' AND jsonb_array_length(current_state -> 'score_breakdown') = 1",
        )
        .await;
    assert_eq!(told, 1);
}

async fn engage(
    app: &Leads,
    caller: &Caller,
    lead: &Value,
    kind: &str,
    at: DateTime<Utc>,
    reference: Uuid,
) -> u64 {
    let lead_id = lead["id"].as_str().unwrap().parse().unwrap();
    let engagement = Engagement { lead_id, kind: kind.to_owned(), at, reference };
    let call = RecordEngagements { tenant_id: caller.tenant(), engagements: vec![engagement] };
    let answer =
        app.service(Service::Integration).put("/internal/engagements", &json!(call)).await.expect(200);
    answer["leads"].as_u64().unwrap()
}

#[actix_web::test]
async fn engagement_counts_once_fades_and_is_known_for_every_time() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let mut body = model(&json!([
        industry("steel", 10.0),
        {"name": "opens", "group": "acts", "points": 8, "when": {"engagement": ["email_opened"]}},
    ]));
    body["groups"] = json!([
        {"name": "fit", "kind": "fit"}, {"name": "acts", "kind": "engagement", "half_life_days": 10, "max_points": 12}
    ]);
    add(&caller, &body).await;
    let lead = json!({"first_name": "Ada", "custom_fields": {"industry": "steel"}});
    let lead = caller.post("/api/v2/leads", &lead).await.expect(201);
    let now = Utc::now();
    let reference = Uuid::now_v7();

    assert_eq!(engage(&app, &caller, &lead, "email_opened", now, reference).await, 1);
    assert_eq!(engage(&app, &caller, &lead, "email_opened", now, reference).await, 0, "told twice");
    let once = caller.get(&path(&lead)).await.expect(200);
    assert_eq!((&once["score"], sum(&once)), (&json!(18.0), 18.0));
    engage(&app, &caller, &lead, "email_opened", now, Uuid::now_v7()).await;
    assert_eq!(caller.get(&path(&lead)).await.body["score"], 22.0, "capped at 12");

    let at = async |time: DateTime<Utc>| {
        let time = time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        caller.get(&format!("{}/score?at={time}", path(&lead))).await
    };
    let later = at(now + TimeDelta::days(20)).await.expect(200);
    assert_eq!(
        (&later["fit"], &later["engagement"], &later["score"]),
        (&json!(10.0), &json!(4.0), &json!(14.0))
    );
    let sent: DateTime<Utc> = lead["created_at"].as_str().unwrap().parse().unwrap();
    let first = at(sent).await.expect(200);
    assert_eq!((&first["score"], &first["engagement"]), (&json!(10.0), &json!(0.0)));
    assert_eq!(at(sent - TimeDelta::seconds(1)).await.problem(), (422, "before_creation"));

    caller.patch(&path(&lead), &json!({"custom_fields": {"industry": "glass"}})).await.expect(200);
    let past = at(now).await.expect(200);
    assert_eq!(past["fit"], 10.0, "as the lead was then");
    let refreshed = caller.post(&format!("{}/score", path(&lead)), &json!({})).await.expect(200);
    assert_eq!(refreshed["fit"], 0.0);
    let stranger = app.user(app.tenant().await);
    for reply in [
        stranger.get(&format!("{}/score", path(&lead))).await,
        stranger.post(&format!("{}/score", path(&lead)), &json!({})).await,
    ] {
        assert_eq!(reply.problem(), (404, "not_found"));
    }
    assert_eq!(
        engage(&app, &stranger, &lead, "email_opened", now, Uuid::now_v7()).await,
        0,
        "another tenant's lead"
    );
}

async fn rescored(caller: &Caller) -> Value {
    for _ in 0..200 {
        let progress = caller.get("/api/v2/scoring-models/rescoring").await.expect(200);
        if progress["status"] == "completed" {
            return progress;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("leads were not scored anew in time");
}

#[actix_web::test]
async fn a_changed_model_scores_all_leads_anew_in_the_background_from_where_it_stopped() {
    let app = Leads::start().await.with_background();
    let (caller, other) = (app.user(app.tenant().await), app.user(app.tenant().await));
    for owner in [&caller, &other] {
        owner
            .post("/api/v2/leads", &json!({"first_name": "Ada", "custom_fields": {"industry": "steel"}}))
            .await
            .expect(201);
    }
    let tenant = caller.tenant();
    app.database
        .execute(&format!(
            "INSERT INTO leads (id, tenant_id, first_name, custom_fields) SELECT gen_random_uuid(), '{tenant}', \
             'L' || n, '{{\"industry\": \"steel\"}}' FROM generate_series(1, 650) n"
        ))
        .await;
    assert_eq!(caller.get("/api/v2/scoring-models/rescoring").await.body["status"], "none");

    let added = add(&caller, &model(&json!([industry("steel", 5.0)]))).await;
    let progress = rescored(&caller).await;

    assert_eq!((&progress["visited"], &progress["changed"]), (&json!(651), &json!(651)));
    let fives = format!("SELECT count(*) AS number FROM leads WHERE tenant_id = '{tenant}' AND score = 5");
    assert_eq!(app.database.number(&fives).await, 651);
    assert_eq!(
        app.database.number("SELECT count(*) AS number FROM leads WHERE score IS NULL").await,
        1,
        "the other's"
    );
    let told = "SELECT count(*) AS number FROM events WHERE event_type = 'Lead.score.UPDATE'";
    assert_eq!(app.database.number(told).await, 651);

    let place = format!("/api/v2/scoring-models/{}", added["id"].as_str().unwrap());
    assert_eq!(caller.delete(&place).await.status, 204);
    rescored(&caller).await;
    let bare = "SELECT count(*) AS number FROM leads WHERE score IS NULL AND score_breakdown IS NULL";
    assert_eq!(app.database.number(bare).await, 652, "what a model gave goes with it");
}

#[actix_web::test]
async fn a_walk_goes_on_behind_the_last_lead_that_was_scored() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let mut ids = Vec::new();
    for n in 0..3 {
        let lead = json!({"first_name": format!("L{n}"), "custom_fields": {"industry": "steel"}});
        ids.push(caller.post("/api/v2/leads", &lead).await.expect(201)["id"].as_str().unwrap().to_owned());
    }
    add(&caller, &model(&json!([industry("steel", 5.0)]))).await;
    app.database
        .execute(&format!("UPDATE rescorings SET position = '{}', due_at = now(), visited = 1", ids[0]))
        .await;

    let app = app.with_background();
    rescored(&caller).await;

    let scored = app.database.number("SELECT count(*) AS number FROM leads WHERE score = 5").await;
    assert_eq!(scored, 2, "the first counts as done, the lease of whoever did it has run out");
}
