//! Every write of a lead's assignee requires `leads:assign`.

use contracts::UserId;
use serde_json::{Value, json};

use super::{assert_denied, lead, named, path, start};

#[actix_web::test]
async fn a_leads_owner_changes_only_with_the_permission_to_assign() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let (worker, other) = (caller.without(&["leads:assign"]), UserId::new());
    let known = lead(&caller, json!({"first_name": "Ada", "email": "ada@example.com"})).await;
    let taken = lead(&caller, json!({"first_name": "Bob", "assigned_to": other})).await;
    let upsert = "/api/v2/leads/upsert?match=email";

    let refused = [
        worker.post(&format!("{}/assign", path(&known)), &json!({"user_id": other})).await,
        worker.patch(&path(&known), &json!({"assigned_to": other})).await,
        worker.patch(&path(&known), &json!({"assigned_to": worker.user()})).await,
        worker.put(&path(&known), &json!({"first_name": "Ada", "assigned_to": other})).await,
        worker.patch(&path(&taken), &json!({"assigned_to": null})).await,
        worker.put(&path(&taken), &json!({"first_name": "Bob"})).await,
        worker.put(upsert, &json!({"email": "ada@example.com", "assigned_to": other})).await,
    ];

    for reply in &refused {
        assert_denied(reply, "leads:assign");
    }
    let (known_now, taken_now) = (caller.get(&path(&known)).await, caller.get(&path(&taken)).await);
    let (known_now, taken_now) = (known_now.expect(200), taken_now.expect(200));
    assert_eq!((&known_now["assigned_to"], &taken_now["assigned_to"]), (&Value::Null, &json!(other)));
    assert_eq!((&known_now["version"], &taken_now["version"]), (&json!(1), &json!(1)));
    worker.patch(&path(&taken), &json!({"notes": "x", "assigned_to": other})).await.expect(200);
    caller.patch(&path(&known), &json!({"assigned_to": other})).await.expect(200);
}

#[actix_web::test]
async fn a_new_lead_may_be_ones_own_and_another_persons_only_with_the_permission_to_assign() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let (worker, other) = (caller.without(&["leads:assign"]), UserId::new());
    let of = |person: UserId, name: &str| json!({"first_name": name, "assigned_to": person});

    assert_denied(&worker.post("/api/v2/leads", &of(other, "Ada")).await, "leads:assign");
    let upsert = json!({"email": "new@example.com", "assigned_to": other});
    assert_denied(&worker.put("/api/v2/leads/upsert?match=email", &upsert).await, "leads:assign");
    let items = json!({"items": [of(other, "Ada"), of(worker.user(), "Bob"), {"first_name": "Eve"}]});
    let bulk = worker.post("/api/v2/leads/bulk_create", &items).await.expect(200);

    assert_eq!(bulk["created"].as_array().unwrap().len(), 2);
    let fault = &bulk["errors"][0];
    assert_eq!(
        (&fault["index"], &fault["errors"][0]["field"], &fault["errors"][0]["code"]),
        (&json!(0), &json!("assigned_to"), &json!("permission_denied"))
    );
    let own = worker.post("/api/v2/leads", &of(worker.user(), "Carl")).await.expect(201);
    assert_eq!(own["assigned_to"], json!(worker.user()));
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 3);
}

#[actix_web::test]
async fn a_merge_and_its_undoing_do_not_assign_without_the_permission() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let (worker, other) = (caller.without(&["leads:assign"]), UserId::new());
    let winner = named(&caller, "Ada").await;
    let loser = lead(&caller, json!({"first_name": "Ada", "assigned_to": other})).await;
    let merge = json!({"winner": winner, "losers": [loser]});
    let dry_run = json!({"winner": winner, "losers": [loser], "dry_run": true});

    for body in [&merge, &dry_run] {
        assert_denied(&worker.post("/api/v2/leads/merge", body).await, "leads:assign");
    }
    assert_eq!(caller.get(&path(&loser)).await.expect(200)["id"], json!(loser), "it is still there");
    let merged = caller.post("/api/v2/leads/merge", &merge).await.expect(200);
    assert_eq!(merged["lead"]["assigned_to"], json!(other));
    let undo = format!("/api/v2/merges/{}/undo", merged["merge_id"].as_str().unwrap());

    assert_denied(&worker.post(&undo, &json!({})).await, "leads:assign");
    caller.post(&undo, &json!({})).await.expect(200);
}
