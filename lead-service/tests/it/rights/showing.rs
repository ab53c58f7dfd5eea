//! Answers, timelines and traces show no more than their reader may read.

use contracts::{UserId, identity::DataScope};
use serde_json::{Value, json};

use super::{lead, named, path, start};

#[actix_web::test]
async fn a_merge_shows_nothing_to_a_caller_who_may_not_read_leads() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let winner = named(&caller, "Ada").await;
    let loser = lead(&caller, json!({"first_name": "Ada", "notes": "secret"})).await;
    let blind = caller.without(&["leads:read"]);

    for dry_run in [true, false] {
        let body = json!({"winner": winner, "losers": [loser], "dry_run": dry_run});
        let shown = blind.post("/api/v2/leads/merge", &body).await.expect(200);

        assert_eq!((&shown["fields"], shown["lead"].as_object().unwrap().len()), (&json!([]), 2));
        assert_eq!((&shown["lead"]["id"], shown["merge_id"].is_null()), (&json!(winner), dry_run));
    }
}

#[actix_web::test]
async fn a_known_person_is_named_by_no_id_to_a_caller_who_may_not_read_leads() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"first_name": "Ada", "email": "ada@example.com"});
    let known = lead(&caller, body.clone()).await;

    let blind = caller.without(&["leads:read"]).post("/api/v2/leads", &body).await;
    let seeing = caller.post("/api/v2/leads", &body).await;

    assert_eq!((blind.problem(), &blind.body["candidates"]), ((409, "possible_duplicate"), &json!([])));
    assert_eq!(seeing.body["candidates"][0]["id"], json!(known));
}

#[actix_web::test]
async fn undoing_a_merge_takes_sight_of_the_winner_and_of_every_loser() {
    let (app, _tenants) = start().await;
    let admin = app.user(app.tenant().await);
    let worker = app.user_named(admin.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    let winner = lead(&admin, json!({"first_name": "Ada", "assigned_to": worker.user()})).await;
    let hidden = lead(&admin, json!({"first_name": "Hidden", "notes": "secret"})).await;
    let merge = json!({"winner": winner, "losers": [hidden]});
    let merged = admin.post("/api/v2/leads/merge", &merge).await.expect(200);
    let undo = format!("/api/v2/merges/{}/undo", merged["merge_id"].as_str().unwrap());

    let refused = worker.post(&undo, &json!({})).await;

    assert_eq!(refused.problem(), (404, "not_found"), "{}", refused.text);
    assert_eq!(admin.get(&path(&hidden)).await.expect(200)["id"], json!(winner), "it is still merged");
    let undone = admin.post(&undo, &json!({})).await.expect(200);
    assert_eq!(undone["restored"][0]["notes"], "secret");
}

#[actix_web::test]
async fn a_timeline_names_no_loser_and_no_activity_that_its_reader_does_not_see() {
    let (app, _tenants) = start().await;
    let admin = app.user(app.tenant().await);
    let worker = app.user_named(admin.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    let winner = lead(&admin, json!({"first_name": "Ada", "assigned_to": worker.user()})).await;
    let hidden = named(&admin, "Hidden").await;
    let seen = lead(&admin, json!({"first_name": "Seen", "assigned_to": worker.user()})).await;
    for (subject, owner) in [("Admin's", admin.user()), ("Worker's", worker.user())] {
        let call = json!({
            "activity_type": "call", "subject": subject, "lead_id": winner, "assigned_to": owner
        });
        admin.post("/api/v2/activities", &call).await.expect(201);
    }
    let merge = json!({"winner": winner, "losers": [hidden, seen]});
    let merged = admin.post("/api/v2/leads/merge", &merge).await.expect(200);
    let undo = format!("/api/v2/merges/{}/undo", merged["merge_id"].as_str().unwrap());
    admin.post(&undo, &json!({})).await.expect(200);

    let timeline = async |caller: &testkit::Caller| {
        let told = caller.get(&format!("{}/timeline", path(&winner))).await.expect(200);
        let rows = told["results"].as_array().unwrap().clone();
        let losers = |field: &str| {
            rows.iter().find_map(|row| row["changes"][field]["to"].get("leads").cloned()).unwrap_or_default()
        };
        let calls: Vec<Value> =
            rows.iter().filter(|row| row["kind"] == "call").map(|row| row["title"].clone()).collect();
        (losers("merge"), losers("merge_undone"), calls)
    };

    let both = json!([hidden, seen]);
    assert_eq!(timeline(&admin).await, (both.clone(), both, vec![json!("Worker's"), json!("Admin's")]));
    let own = json!([seen]);
    assert_eq!(timeline(&worker).await, (own.clone(), own, vec![json!("Worker's")]));
    assert_eq!(timeline(&admin.without(&["activities:read"])).await.2, Vec::<Value>::new());
}

#[actix_web::test]
async fn a_trace_shows_rules_to_those_who_may_read_them_and_workload_within_the_data_scope() {
    let (app, _tenants) = start().await;
    let admin = app.user(app.tenant().await);
    let worker = app.user_named(admin.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    let members = [worker.user(), admin.user()].map(|user| json!({"user_id": user}));
    let rule = json!({"name": "Turns", "action": {"kind": "least_loaded", "members": members}});
    admin.post("/api/v2/assignment-rules", &rule).await.expect(201);
    let id = named(&admin, "Ada").await;
    let trace = format!("{}/assignment_trace", path(&id));

    let blind = worker.without(&["assignment_rules:read"]).get(&trace).await.expect(200);
    let narrow = worker.get(&trace).await.expect(200);
    let whole = admin.get(&trace).await.expect(200);

    assert_eq!((&blind["rules"], &blind["assigned_to"]), (&json!([]), &json!(worker.user())));
    let open = |view: &Value, place: usize| view["rules"][0]["candidates"][place]["open_leads"].clone();
    assert_eq!((open(&whole, 0), open(&whole, 1)), (json!(0), json!(0)));
    assert_eq!((open(&narrow, 0), open(&narrow, 1)), (json!(0), Value::Null));
}
