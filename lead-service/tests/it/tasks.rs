//! Tasks and activities.

use chrono::{Duration, Utc};
use contracts::{UserId, identity::DataScope};
use serde_json::{Value, json};

use crate::arrange::{Leads, tenant_service};

#[actix_web::test]
async fn a_task_notes_when_it_was_done() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);

    let created = caller.post("/api/v2/tasks", &json!({"title": "Call"})).await;
    let path = created.header("location").unwrap().to_owned();
    let task = created.expect(201);
    assert_eq!((&task["status"], &task["priority"]), (&json!("open"), &json!("medium")));
    let done = caller.patch(&path, &json!({"status": "done"})).await.expect(200);
    let renamed = caller.patch(&path, &json!({"title": "Called"})).await.expect(200);
    let opened = caller.patch(&path, &json!({"status": "in_progress"})).await.expect(200);

    assert!(done["completed_at"].is_string());
    assert_eq!(renamed["completed_at"], done["completed_at"]);
    assert_eq!(opened["completed_at"], json!(null));
    let refused =
        caller.post("/api/v2/tasks", &json!({"title": "x", "priority": "asap", "status": "later"})).await;
    assert_eq!(refused.faults().len(), 2);
}

#[actix_web::test]
async fn a_task_is_about_something_that_its_writer_sees() {
    let app = Leads::start().await;
    let (caller, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let deal = caller.post("/api/v2/deals", &json!({"title": "Rockets"})).await.expect(201);
    let about = json!({"title": "Call", "entity_type": "deal", "entity_id": deal["id"]});

    caller.post("/api/v2/tasks", &about).await.expect(201);
    let foreign = stranger.post("/api/v2/tasks", &about).await;
    let kindless = caller.post("/api/v2/tasks", &json!({"title": "Call", "entity_id": deal["id"]})).await;
    let mistaken = caller
        .post("/api/v2/tasks", &json!({"title": "Call", "entity_type": "lead", "entity_id": deal["id"]}))
        .await;

    assert_eq!(foreign.faults(), [("entity_id".to_owned(), "unknown_reference".to_owned())]);
    assert_eq!(kindless.faults(), [("entity_type".to_owned(), "required".to_owned())]);
    assert_eq!(mistaken.faults(), [("entity_id".to_owned(), "unknown_reference".to_owned())]);
    let listed =
        caller.get(&format!("/api/v2/tasks?entity_id={}", deal["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(listed["count"], 1);

    let customer = caller.post("/api/v2/customers", &json!({"name": "Acme"})).await.expect(201)["id"].clone();
    let items = json!([{"product_name": "Pad", "quantity": 1, "unit_price": 1}]);
    let order = json!({"customer_id": customer, "title": "Pads", "items": items});
    let order = caller.post("/api/v2/orders", &order).await.expect(201)["id"].clone();
    let issue = json!({"title": "Broken", "issue_type": "bug"});
    let issue = caller.post("/api/v2/issues", &issue).await.expect(201)["id"].clone();
    for (kind, id) in [("customer", customer), ("order", order), ("issue", issue)] {
        let about = json!({"title": "Call", "entity_type": kind, "entity_id": id});
        caller.post("/api/v2/tasks", &about).await.expect(201);
        let foreign = stranger.post("/api/v2/tasks", &about).await;
        assert_eq!(foreign.faults(), [("entity_id".to_owned(), "unknown_reference".to_owned())], "{kind}");
    }
}

#[actix_web::test]
async fn overdue_and_todays_tasks_are_those_that_wait_to_be_done() {
    let tenant_service = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenant_service.uri())]).await;
    let caller = app.user(app.tenant().await);
    let now = Utc::now();
    let noon = now.date_naive().and_hms_opt(12, 0, 0).unwrap().and_utc();
    for (title, due, status) in [
        ("long past", Some(now - Duration::days(3)), "open"),
        ("past but done", Some(now - Duration::days(3)), "done"),
        ("today", Some(noon), "in_progress"),
        ("today but cancelled", Some(noon), "cancelled"),
        ("in a week", Some(now + Duration::days(7)), "open"),
        ("some day", None, "open"),
    ] {
        caller
            .post("/api/v2/tasks", &json!({"title": title, "due_at": due, "status": status}))
            .await
            .expect(201);
    }
    let titles = async |caller: &testkit::Caller, path: &str| -> Vec<String> {
        let rows = caller.get(path).await.expect(200)["results"].as_array().unwrap().clone();
        rows.iter().map(|row: &Value| row["title"].as_str().unwrap().to_owned()).collect()
    };

    assert!(titles(&caller, "/api/v2/tasks/overdue").await.contains(&"long past".to_owned()));
    assert!(!titles(&caller, "/api/v2/tasks/overdue").await.contains(&"past but done".to_owned()));
    assert!(!titles(&caller, "/api/v2/tasks/overdue").await.contains(&"some day".to_owned()));
    assert_eq!(titles(&caller, "/api/v2/tasks/today").await, ["today"]);
    let narrow = app.user_named(caller.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    assert!(titles(&narrow, "/api/v2/tasks/overdue").await.is_empty());
    let linked = caller.get("/api/v2/tasks/overdue?page_size=1&page=2").await.expect(200);
    assert!(linked["previous"].as_str().unwrap().contains("/api/v2/tasks/overdue?"), "{linked}");
}

#[actix_web::test]
async fn activities_are_read_by_cursor_and_by_what_they_concern() {
    let app = Leads::start().await;
    let (caller, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let lead = caller.post("/api/v2/leads", &json!({"first_name": "Ada"})).await.expect(201)["id"].clone();
    for n in 0..5 {
        let body = json!({"activity_type": "call", "subject": format!("Call {n}"), "lead_id": lead});
        caller.post("/api/v2/activities", &body).await.expect(201);
    }
    caller.post("/api/v2/activities", &json!({"activity_type": "note", "subject": "Else"})).await.expect(201);

    let path = format!("/api/v2/activities?lead_id={}&page_size=3&cursor=", lead.as_str().unwrap());
    let first = caller.get(&path).await.expect(200);
    let rest = caller.get(&format!("{path}{}", first["next_cursor"].as_str().unwrap())).await.expect(200);

    let subject = |row: &Value| row["subject"].as_str().unwrap().to_owned();
    let walked: Vec<String> = [&first, &rest]
        .iter()
        .flat_map(|page| page["results"].as_array().unwrap().iter().map(subject))
        .collect();
    assert_eq!(walked, ["Call 4", "Call 3", "Call 2", "Call 1", "Call 0"]);
    let id = first["results"][0]["id"].as_str().unwrap();
    assert_eq!(stranger.get(&format!("/api/v2/activities/{id}")).await.problem(), (404, "not_found"));
    let body = json!({"activity_type": "call", "subject": "x", "lead_id": lead});
    let foreign = stranger.post("/api/v2/activities", &body).await;
    assert_eq!(foreign.faults(), [("lead_id".to_owned(), "unknown_reference".to_owned())]);
    let unknown = caller.post("/api/v2/activities", &json!({"activity_type": "dance", "subject": ""})).await;
    assert_eq!(unknown.faults().len(), 2);
}
