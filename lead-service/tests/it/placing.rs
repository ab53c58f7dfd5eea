//! Every way to create leads scores and assigns them; other requests take no turn.

use std::time::Duration;

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use testkit::{Caller, caller::read};

use crate::{
    arrange::{Leads, api_key, id_of},
    assignment::{Members, add, counts, rule, team},
};

async fn hand_in(app: &Leads, key: &str, body: &Value) -> Value {
    let request = app.anonymous().with("x-api-key", key).request(Method::POST, "/api/leads/ingest");
    read(request.json(body)).await.body
}

async fn import(caller: &Caller, csv: &str) -> Value {
    let form = Form::new().part("file", Part::bytes(csv.as_bytes().to_vec()).file_name("leads.csv"));
    let accepted = read(caller.request(Method::POST, "/api/v2/imports").multipart(form)).await.expect(202);
    for _ in 0..400 {
        let import = caller.get(&format!("/api/v2/imports/{}", id_of(&accepted))).await.expect(200);
        if import["status"] == "completed" {
            return import;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the import does not get there");
}

#[actix_web::test]
async fn every_way_in_takes_turns_and_only_for_leads_that_are_made() {
    let members = Members::new().await;
    let app = members.app().await.with_background();
    let caller = app.user(app.tenant().await);
    let (people, team) = team(&[1, 1]);
    add(&caller, &rule("All", "round_robin", &team, &json!({}))).await;
    let policy =
        async |policy: &str| api_key(&caller, json!({"kind": "server", "duplicate_policy": policy})).await;
    let (attach, update, hold) = (policy("attach").await, policy("update_empty").await, policy("hold").await);
    let ada = json!({"email": "ada@example.com", "lead_reference_id": "r1"});

    // One new lead; what is known by its reference or its address, or is held, is none.
    let first = hand_in(&app, &attach, &ada).await;
    for (key, body, status) in [
        (&attach, ada.clone(), "duplicate"),
        (&attach, json!({"email": "ADA@example.com"}), "attached"),
        (&update, json!({"email": "ada@example.com", "phone": "+49 30 901820"}), "updated"),
        (&hold, json!({"email": "ada@example.com"}), "held"),
    ] {
        let known = hand_in(&app, key, &body).await;
        assert_eq!(known["status"], status, "{known}");
    }
    assert_eq!(counts(&caller, &people).await, [1, 0], "{first}");

    // Two new ones, one with a known address and one with a known reference.
    let items = json!([
        {"first_name": "B", "email": "b@example.com"}, {"first_name": "A", "email": "ada@example.com"},
        {"first_name": "R", "lead_reference_id": "r1"}, {"first_name": "C", "email": "c@example.com"},
    ]);
    let bulk = caller.post("/api/v2/leads/bulk_create", &json!({"items": items})).await.expect(200);
    assert_eq!(bulk["created"][0]["assigned_to"], json!(people[1]));
    assert_eq!(bulk["created"][1]["assigned_to"], json!(people[0]));

    // One new one; then it is known.
    for _ in 0..2 {
        let body = json!({"first_name": "D", "email": "d@example.com"});
        let reply = caller.put("/api/v2/leads/upsert?match=email", &body).await;
        assert!(reply.status.is_success(), "{}", reply.text);
    }
    assert_eq!(counts(&caller, &people).await, [2, 2]);

    // Two new ones, two known ones.
    let csv =
        "Name,E-Mail\r\nE,e@example.com\r\nAda,ada@example.com\r\nE,E@example.com\r\nF,f@example.com\r\n";
    let import = import(&caller, csv).await;
    assert_eq!((&import["created"], &import["duplicates"]), (&json!(2), &json!(2)), "{import}");

    assert_eq!(counts(&caller, &people).await, [3, 3]);
    let number = async |of: &str| app.database.number(&format!("SELECT count(*) AS number FROM {of}")).await;
    assert_eq!(number("assignment_traces").await, 6);
    let truthful = "leads l JOIN events e ON e.entity_id = l.id AND e.event_type = 'Lead.CREATE' \
                    AND e.current_state ->> 'assigned_to' = l.assigned_to::text";
    assert_eq!(number(truthful).await, 6);
}

#[actix_web::test]
async fn a_lead_whose_empty_fields_are_filled_is_scored_anew() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let key = api_key(&caller, json!({"kind": "server", "duplicate_policy": "update_empty"})).await;
    let called = json!([{"name": "can be called", "group": "fit", "points": 8,
        "when": {"matches": {"field": "phone", "op": "is_not_null"}}}]);
    caller.post("/api/v2/scoring-models", &json!({"name": "M", "rules": called})).await.expect(201);
    let lead = hand_in(&app, &key, &json!({"email": "ada@example.com"})).await;
    let place = format!("/api/v2/leads/{}", id_of(&lead));
    assert_eq!(caller.get(&place).await.expect(200)["score"], 0.0);

    let known = hand_in(&app, &key, &json!({"email": "ada@example.com", "phone": "+49 30 901820"})).await;

    assert_eq!(known["status"], "updated");
    assert_eq!(caller.get(&place).await.expect(200)["score"], 8.0);
}
