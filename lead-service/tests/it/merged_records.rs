//! Merged leads: their records hang on the winner, and their ids resolve to it.

use chrono::Utc;
use contracts::{UserId, identity::DataScope};
use serde_json::{Value, json};
use testkit::Caller;

use crate::arrange::{Leads, api_key, id_of, product, tenant_service};

async fn made(caller: &Caller, collection: &str, body: Value) -> String {
    id_of(&caller.post(&format!("/api/v2/{collection}"), &body).await.expect(201))
}

async fn merge(caller: &Caller, winner: &str, loser: &str) -> String {
    let body = json!({"winner": winner, "losers": [loser]});
    let merged = caller.post("/api/v2/leads/merge", &body).await.expect(200);
    merged["merge_id"].as_str().unwrap().to_owned()
}

/// A lead with a task, an activity, a deal and a contact, one of each deleted, too.
async fn worked_on(caller: &Caller, name: &str) -> String {
    let lead = made(caller, "leads", json!({"first_name": name})).await;
    for n in 0..2 {
        let things = [
            ("tasks", json!({"title": format!("{name}'s task"), "entity_type": "lead", "entity_id": lead})),
            (
                "activities",
                json!({"activity_type": "call", "subject": format!("{name}'s call"), "lead_id": lead}),
            ),
            ("deals", json!({"title": format!("{name}'s deal"), "lead_id": lead})),
            ("contacts", json!({"last_name": format!("{name}'s contact"), "lead_id": lead})),
        ];
        for (collection, body) in things {
            let id = made(caller, collection, body).await;
            if n == 1 {
                caller.delete(&format!("/api/v2/{collection}/{id}")).await.expect(204);
            }
        }
    }
    lead
}

/// How many tasks, activities, deals and contacts a lead has.
async fn counts(caller: &Caller, lead: &str) -> Vec<i64> {
    let mut counts = Vec::new();
    for list in
        ["tasks?entity_type=lead&entity_id=", "activities?lead_id=", "deals?lead_id=", "contacts?lead_id="]
    {
        let found = caller.get(&format!("/api/v2/{list}{lead}")).await.expect(200);
        counts.push(found["count"].as_i64().unwrap());
    }
    counts
}

async fn titles(caller: &Caller, path: &str) -> Vec<String> {
    let timeline = caller.get(&format!("{path}/timeline?page_size=200")).await.expect(200);
    let rows = timeline["results"].as_array().unwrap();
    rows.iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_merge_takes_tasks_activities_deals_and_contacts_along_and_its_undoing_brings_them_back() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let (winner, loser) = (worked_on(&caller, "Keep").await, worked_on(&caller, "Lose").await);

    let merged = merge(&caller, &winner, &loser).await;

    for id in [&winner, &loser] {
        assert_eq!(counts(&caller, id).await, [2, 2, 2, 2], "{id}");
    }
    let recorded = "SELECT count(*) AS number FROM events WHERE event_type IN \
                ('Task.UPDATE', 'Activity.UPDATE', 'Deal.UPDATE', 'Contact.UPDATE')";
    assert_eq!(app.database.number(recorded).await, 4);
    let left = "SELECT (SELECT count(*) FROM tasks WHERE entity_id = l.id) + (SELECT count(*) FROM activities \
                WHERE lead_id = l.id) + (SELECT count(*) FROM deals WHERE lead_id = l.id) + (SELECT count(*) \
                FROM contacts WHERE lead_id = l.id) AS number FROM leads l WHERE l.merged_into IS NOT NULL";
    assert_eq!(app.database.number(left).await, 0, "deleted records went along");
    let since = json!({"activity_type": "note", "subject": "Since", "lead_id": winner});
    made(&caller, "activities", since).await;

    caller.post(&format!("/api/v2/merges/{merged}/undo"), &json!({})).await.expect(200);

    assert_eq!(counts(&caller, &winner).await, [1, 2, 1, 1], "what came since stays");
    assert_eq!(counts(&caller, &loser).await, [1, 1, 1, 1]);
    let task = caller.get(&format!("/api/v2/tasks?entity_id={loser}")).await.expect(200);
    assert_eq!(task["results"][0]["title"], "Lose's task");
    assert_eq!(app.database.number(recorded).await, 8);
}

#[actix_web::test]
async fn the_winners_timeline_shows_what_happened_to_the_losers() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let winner = made(&caller, "leads", json!({"first_name": "Keep"})).await;
    let loser = made(&caller, "leads", json!({"first_name": "Lose"})).await;
    let call = json!({"activity_type": "call", "subject": "Agreed on price", "lead_id": loser});
    made(&caller, "activities", call).await;
    caller.patch(&format!("/api/v2/leads/{loser}"), &json!({"status": "contacted"})).await.expect(200);
    let third = made(&caller, "leads", json!({"first_name": "Third"})).await;

    merge(&caller, &winner, &loser).await;
    let outer = merge(&caller, &third, &winner).await;

    let expected = [
        "Merge changed",
        "Merge changed",
        "Lead created",
        "Status changed",
        "Agreed on price",
        "Lead created",
        "Lead created",
    ];
    for id in [&third, &winner, &loser] {
        assert_eq!(titles(&caller, &format!("/api/v2/leads/{id}")).await, expected, "{id}");
    }
    caller.post(&format!("/api/v2/merges/{outer}/undo"), &json!({})).await.expect(200);
    assert!(
        !titles(&caller, &format!("/api/v2/leads/{third}")).await.contains(&"Agreed on price".to_owned())
    );
    assert!(titles(&caller, &format!("/api/v2/leads/{loser}")).await.contains(&"Agreed on price".to_owned()));
}

#[actix_web::test]
async fn every_route_takes_a_merged_id_for_the_winner() {
    let tenants = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenants.uri())]).await;
    let caller = app.user(app.tenant().await);
    let winner = made(&caller, "leads", json!({"first_name": "Keep", "score": 3.0})).await;
    let loser = made(&caller, "leads", json!({"first_name": "Lose"})).await;
    merge(&caller, &winner, &loser).await;
    let old = format!("/api/v2/leads/{loser}");

    let now = Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    for (path, member) in [
        (old.clone(), "id"),
        (format!("{old}/as_of?at={now}"), "id"),
        (format!("{old}/score"), "lead_id"),
        (format!("{old}/assignment_trace"), "lead_id"),
    ] {
        assert_eq!(caller.get(&path).await.expect(200)[member], json!(winner), "{path}");
    }
    let patched = caller.patch(&old, &json!({"notes": "by the old id"})).await.expect(200);
    assert_eq!((&patched["id"], &patched["notes"]), (&json!(winner), &json!("by the old id")));
    let replaced = caller.put(&old, &json!({"first_name": "Keep", "last_name": "On"})).await.expect(200);
    assert_eq!((&replaced["id"], &replaced["last_name"]), (&json!(winner), &json!("On")));
    for (verb, body) in [
        ("assign", json!({"user_id": caller.user()})),
        ("approve", json!({})),
        ("reject", json!({})),
        ("enrich_linkedin_activity", json!({"posts_html": "<p>Hi</p>"})),
        ("score", json!({})),
    ] {
        let answer = caller.post(&format!("{old}/{verb}"), &body).await;
        assert!(answer.status.is_success(), "{verb}: {}", answer.text);
        let member = if answer.body.get("lead_id").is_some() { "lead_id" } else { "id" };
        assert_eq!(answer.body[member], json!(winner), "{verb}");
    }
    let found = caller.get(&format!("/api/v2/leads?id={loser}")).await.expect(200);
    assert_eq!(found["results"][0]["id"], json!(winner));
    let found = json!({"where": {"or": [{"field": "id", "op": "in", "value": [loser]}]}});
    let found = caller.post("/api/v2/leads/search", &found).await.expect(200);
    assert_eq!(found["results"][0]["id"], json!(winner));
    let file = caller.get(&format!("/api/v2/leads/export?format=ndjson&fields=id&id={loser}")).await;
    assert_eq!(serde_json::from_str::<Value>(&file.text).unwrap(), json!({ "id": winner }));
    let converted = caller.post(&format!("{old}/convert"), &json!({})).await.expect(200);
    assert_eq!((&converted["lead"]["id"], &converted["deal"]["lead_id"]), (&json!(winner), &json!(winner)));
    caller.delete(&old).await.expect(204);
    assert_eq!(caller.get(&format!("/api/v2/leads/{winner}")).await.problem(), (404, "not_found"));
    assert_eq!(caller.get(&old).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn a_new_record_that_names_a_merged_lead_is_the_winners() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let winner = made(&caller, "leads", json!({"first_name": "Keep"})).await;
    let loser = made(&caller, "leads", json!({"first_name": "Lose"})).await;
    let other = made(&caller, "leads", json!({"first_name": "Other"})).await;
    merge(&caller, &winner, &loser).await;

    for (collection, body, field) in [
        ("tasks", json!({"title": "T", "entity_type": "lead", "entity_id": loser}), "entity_id"),
        ("activities", json!({"activity_type": "call", "subject": "S", "lead_id": loser}), "lead_id"),
        ("deals", json!({"title": "D", "lead_id": loser}), "lead_id"),
        ("contacts", json!({"first_name": "C", "lead_id": loser}), "lead_id"),
    ] {
        let path = format!("/api/v2/{collection}");
        let added = caller.post(&path, &body).await.expect(201);
        assert_eq!(added[field], json!(winner), "{collection}");
        let path = format!("{path}/{}", id_of(&added));
        caller.patch(&path, &json!({ field: other })).await.expect(200);
        let changed = caller.patch(&path, &json!({ field: loser })).await.expect(200);
        assert_eq!(changed[field], json!(winner), "{collection}");
    }
    assert_eq!(counts(&caller, &loser).await, [1, 1, 1, 1]);
    let both = caller.get(&format!("/api/v2/activities?lead_id__in={loser},{other}")).await.expect(200);
    assert_eq!(both["count"], 1);
    let again = json!({"winner": other, "losers": [loser]});
    caller.post("/api/v2/leads/merge", &again).await.expect(200);
    assert_eq!(caller.get(&format!("/api/v2/leads/{winner}")).await.expect(200)["id"], json!(other));
    let itself = json!({"winner": other, "losers": [loser]});
    let refused = caller.post("/api/v2/leads/merge", &itself).await;
    assert_eq!(refused.faults(), [("losers.0".to_owned(), "ambiguous".to_owned())]);
}

#[actix_web::test]
async fn submissions_and_what_a_loser_did_count_for_the_winner() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let product = product(&caller).await;
    let rules = json!([{"name": "calls", "group": "acts", "points": 10, "when": {"engagement": ["call"]}}]);
    let groups = json!([{"name": "acts", "kind": "engagement", "half_life_days": 30}]);
    made(&caller, "scoring-models", json!({"name": "M", "groups": groups, "rules": rules})).await;
    let form = app.anonymous().with("x-api-key", &api_key(&caller, json!({})).await);
    let sent = json!({"name": "Lose", "email": "lose@example.com", "product_id": product});
    let loser = id_of(&form.post("/api/leads/ingest", &sent).await.expect(201));
    let winner = made(&caller, "leads", json!({"first_name": "Keep", "product_id": product})).await;
    let call = json!({"activity_type": "call", "subject": "S", "lead_id": loser});
    made(&caller, "activities", call).await;

    let merged = merge(&caller, &winner, &loser).await;

    for id in [&winner, &loser] {
        let ledger = caller.get(&format!("/api/v2/ingests?lead_id={id}")).await.expect(200);
        assert_eq!((&ledger["count"], &ledger["results"][0]["lead_id"]), (&json!(1), &json!(winner)));
    }
    let lead = caller.get(&format!("/api/v2/leads/{winner}")).await.expect(200);
    assert!(lead["score"].as_f64().unwrap() > 0.0, "{lead}");
    caller.post(&format!("/api/v2/merges/{merged}/undo"), &json!({})).await.expect(200);
    let ledger = caller.get(&format!("/api/v2/ingests?lead_id={loser}")).await.expect(200);
    assert_eq!(ledger["results"][0]["lead_id"], json!(loser));
}

#[actix_web::test]
async fn a_merged_loser_is_not_restored_but_by_undoing_the_merge() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let winner = made(&caller, "leads", json!({"first_name": "Keep"})).await;
    let loser = made(&caller, "leads", json!({"email": "lose@example.com"})).await;
    let inner = merge(&caller, &winner, &loser).await;
    let restore = format!("/api/v2/leads/{loser}/restore");

    let refused = caller.post(&restore, &json!({})).await;

    assert_eq!((refused.problem(), &refused.body["merge_id"]), ((409, "merged"), &json!(inner)));
    let third = made(&caller, "leads", json!({"first_name": "Third"})).await;
    let outer = merge(&caller, &third, &winner).await;
    let early = caller.post(&format!("/api/v2/merges/{inner}/undo"), &json!({})).await;
    assert_eq!((early.problem(), &early.body["merge_id"]), ((409, "merged"), &json!(outer)));
    for merge in [&outer, &inner] {
        caller.post(&format!("/api/v2/merges/{merge}/undo"), &json!({})).await.expect(200);
    }
    let back = caller.get(&format!("/api/v2/leads/{loser}")).await.expect(200);
    assert_eq!((&back["id"], &back["email"]), (&json!(loser), &json!("lose@example.com")));
    let stranger = app.user(app.tenant().await);
    assert_eq!(stranger.post(&restore, &json!({})).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn a_merge_is_not_undone_while_what_a_loser_belongs_to_is_deleted() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let account = crate::arrange::account(&caller).await;
    let winner = made(
        &caller,
        "leads",
        json!({"first_name": "Keep", "account_id": crate::arrange::account(&caller).await}),
    )
    .await;
    let loser = made(&caller, "leads", json!({"first_name": "Lose", "account_id": account})).await;
    let merged = merge(&caller, &winner, &loser).await;
    let (undo, account) = (format!("/api/v2/merges/{merged}/undo"), format!("/api/v2/accounts/{account}"));
    caller.delete(&account).await.expect(204);

    assert_eq!(caller.post(&undo, &json!({})).await.problem(), (409, "parent_deleted"));

    caller.post(&format!("{account}/restore"), &json!({})).await.expect(200);
    caller.post(&undo, &json!({})).await.expect(200);
}

#[actix_web::test]
async fn a_merged_id_shows_no_more_than_the_winners_would() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let narrow = app.user_named(caller.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    let winner = made(&caller, "leads", json!({"first_name": "Keep"})).await;
    let loser = made(&narrow, "leads", json!({"first_name": "Lose"})).await;
    merge(&caller, &winner, &loser).await;

    for path in ["", "/timeline", "/score", "/assignment_trace"] {
        let hidden = narrow.get(&format!("/api/v2/leads/{loser}{path}")).await;
        assert_eq!(hidden.problem(), (404, "not_found"), "{path}");
    }
    let task = json!({"title": "T", "entity_type": "lead", "entity_id": loser});
    assert_eq!(narrow.post("/api/v2/tasks", &task).await.problem(), (422, "unknown_reference"));
}

#[actix_web::test]
async fn a_converted_lead_stays_converted_when_it_is_merged() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let winner = made(&caller, "leads", json!({"first_name": "Keep"})).await;
    let loser = made(&caller, "leads", json!({"first_name": "Lose"})).await;
    let converted = caller.post(&format!("/api/v2/leads/{loser}/convert"), &json!({})).await.expect(200);
    let deal = converted["deal"]["id"].clone();
    let dry = json!({"winner": winner, "losers": [loser], "dry_run": true});

    let tried = caller.post("/api/v2/leads/merge", &dry).await.expect(200);
    assert_eq!(caller.get(&format!("/api/v2/leads/{winner}")).await.expect(200)["status"], "new");
    let merged = merge(&caller, &winner, &loser).await;

    let lead = caller.get(&format!("/api/v2/leads/{winner}")).await.expect(200);
    for shown in [&tried["lead"], &lead] {
        assert_eq!((&shown["status"], &shown["converted_to_deal_id"]), (&json!("converted"), &deal));
        assert_eq!(shown["converted_at"], converted["lead"]["converted_at"]);
    }
    let refused = caller.post(&format!("/api/v2/leads/{winner}/convert"), &json!({})).await;
    assert_eq!(refused.problem(), (409, "already_converted"));
    caller.post(&format!("/api/v2/merges/{merged}/undo"), &json!({})).await.expect(200);
    let apart = caller.get(&format!("/api/v2/leads/{winner}")).await.expect(200);
    assert_eq!((&apart["status"], &apart["converted_to_deal_id"]), (&json!("new"), &json!(null)));
    let back = caller.get(&format!("/api/v2/leads/{loser}")).await.expect(200);
    assert_eq!((&back["status"], &back["converted_to_deal_id"]), (&json!("converted"), &deal));
    caller.post(&format!("/api/v2/leads/{winner}/convert"), &json!({})).await.expect(200);
}

#[actix_web::test]
async fn people_without_a_last_name_are_found_by_name_and_company() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    for body in [
        json!({"first_name": "Ludwika", "company_name": "ACME"}),
        json!({"first_name": "ludwika", "company_name": "Acme"}),
        json!({"first_name": "Ada Lovelace", "company_name": "Engines"}),
        json!({"first_name": "Ada", "last_name": "Lovelace", "company_name": "engines"}),
        json!({"first_name": "Bob", "company_name": "Acme"}),
    ] {
        made(&caller, "leads", body).await;
    }

    let found = caller.get("/api/v2/leads/duplicates?reason=name_and_company").await.expect(200);

    let groups = found["results"].as_array().unwrap();
    let sizes: Vec<usize> = groups.iter().map(|group| group["leads"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [2, 2], "{found}");
}
