//! Products: the conventions of every resource, shown once in full.

use serde_json::json;

use crate::arrange::{Leads, product};

#[actix_web::test]
async fn a_product_can_be_added_read_changed_deleted_and_restored() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({
        "name": "Rockets", "description": "They fly.", "website": "rockets.example", "keywords": ["fast", " Fast ", ""],
        "persona_role_titles": {"buyers": ["CTO"]}
    });

    let created = caller.post("/api/v2/products", &body).await;
    let location = created.header("location").unwrap().to_owned();
    let etag = created.header("etag").unwrap().to_owned();
    let product = created.expect(201);
    assert_eq!(product["website"], "https://rockets.example/");
    assert_eq!(product["keywords"], json!(["fast"]));
    assert_eq!(
        product["persona_role_titles"],
        json!({"buyers": ["CTO"], "influencers": [], "end_users": []})
    );
    assert_eq!(product["created_by"], json!(caller.user()));

    let read = caller.get(&location).await;
    assert_eq!(read.header("etag"), Some(etag.as_str()));
    assert_eq!(read.expect(200), product);

    let changed = caller.patch(&location, &json!({"website": null, "name": "Big rockets"})).await.expect(200);
    assert_eq!((&changed["website"], &changed["name"]), (&json!(null), &json!("Big rockets")));
    assert_eq!(changed["description"], "They fly.");

    assert_eq!(caller.delete(&location).await.status, 204);
    assert_eq!(caller.get(&location).await.problem(), (404, "not_found"));
    let restored = caller.post(&format!("{location}/restore"), &json!({})).await.expect(200);
    assert_eq!(restored["name"], "Big rockets");
    assert_eq!(caller.post(&format!("{location}/restore"), &json!({})).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn a_name_is_taken_within_a_tenant_only_and_only_while_it_lives() {
    let app = Leads::start().await;
    let (one, other) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let body = json!({"name": "Rockets", "description": "They fly."});
    let first = one.post("/api/v2/products", &body).await.expect(201);

    assert_eq!(one.post("/api/v2/products", &body).await.problem(), (409, "already_exists"));
    other.post("/api/v2/products", &body).await.expect(201);
    one.delete(&format!("/api/v2/products/{}", first["id"].as_str().unwrap())).await;
    one.post("/api/v2/products", &body).await.expect(201);
}

#[actix_web::test]
async fn a_stale_version_is_refused() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let path = format!("/api/v2/products/{}", product(&caller).await);
    caller.with("if-match", "\"1\"").patch(&path, &json!({"name": "Two"})).await.expect(200);

    for stale in [caller.with("if-match", "\"1\""), caller.with("if-match", "nonsense")] {
        assert_eq!(stale.patch(&path, &json!({"name": "Three"})).await.problem(), (412, "version_conflict"));
        assert_eq!(stale.delete(&path).await.problem(), (412, "version_conflict"));
    }
    assert_eq!(caller.get(&path).await.body["name"], "Two");
}

#[actix_web::test]
async fn another_tenants_product_is_like_a_random_id_for_every_verb() {
    let app = Leads::start().await;
    let (owner, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let theirs = product(&owner).await;
    let before = app.database.number("SELECT sum(version)::bigint AS number FROM products").await;

    for verb in ["GET", "PUT", "PATCH", "DELETE"] {
        let body = json!({"name": "Mine now", "description": "x"});
        let body = (verb != "GET" && verb != "DELETE").then_some(&body);
        let method: reqwest::Method = verb.parse().unwrap();
        let foreign = stranger.send(method.clone(), &format!("/api/v2/products/{theirs}"), body).await;
        let random = stranger.send(method, &format!("/api/v2/products/{}", uuid::Uuid::now_v7()), body).await;
        assert_eq!(foreign.problem(), (404, "not_found"), "{verb}");
        assert_eq!(foreign.body["detail"], random.body["detail"]);
    }
    assert_eq!(stranger.get("/api/v2/products").await.body["count"], 0);
    assert_eq!(app.database.number("SELECT sum(version)::bigint AS number FROM products").await, before);
}

#[actix_web::test]
async fn every_change_is_an_event_with_before_and_after() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let path = format!("/api/v2/products/{}", product(&caller).await);
    caller.patch(&path, &json!({"name": "Renamed"})).await.expect(200);
    caller.delete(&path).await;

    let events =
        app.database.number("SELECT count(*) AS number FROM events WHERE entity_type = 'Product'").await;
    let queued = "SELECT count(*) AS number FROM outbox o JOIN events e ON e.id = o.event_id \
                  WHERE e.entity_type = 'Product'";
    let queued = app.database.number(queued).await;
    let renamed = app
        .database
        .number(
            "SELECT count(*) AS number FROM events WHERE event_type = 'Product.UPDATE' \
             AND current_state = '{\"name\": \"Renamed\"}' AND previous_state ->> 'name' LIKE 'Product %' \
             AND changed_fields = '{name}' AND actor ->> 'kind' = 'user'",
        )
        .await;
    assert_eq!((events, queued, renamed), (3, 3, 1));
}
