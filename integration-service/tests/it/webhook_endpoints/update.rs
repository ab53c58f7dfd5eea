//! Changing, deleting and restoring webhook endpoints.

use serde_json::json;

use crate::stage::{Stage, lead_created};

#[actix_web::test]
async fn a_patch_changes_what_it_names_and_a_put_everything() {
    let stage = Stage::set_quiet().await;
    let id =
        stage.endpoint("https://hooks.example.com/", &["Lead.*"]).await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v2/webhook-endpoints/{id}");

    let patched =
        stage.caller.patch(&path, &json!({"description": "for the CRM", "status": "disabled"})).await;

    assert_eq!(patched.header("etag"), Some("\"2\""));
    let patched = patched.expect(200);
    assert_eq!((&patched["description"], &patched["events"]), (&json!("for the CRM"), &json!(["Lead.*"])));
    assert_eq!(
        (&patched["status"], &patched["disabled_reason"]),
        (&json!("disabled"), &json!("Switched off by hand."))
    );

    let put = stage
        .caller
        .put(&path, &json!({"url": "https://other.example.com/", "events": ["*"]}))
        .await
        .expect(200);

    assert_eq!((&put["url"], &put["description"]), (&json!("https://other.example.com/"), &json!(null)));
    assert_eq!((&put["status"], &put["disabled_reason"]), (&json!("enabled"), &json!(null)));
    let faults = stage.caller.patch(&path, &json!({"events": ["nonsense"], "secret": "mine"})).await.faults();
    assert_eq!(faults, [("secret".to_owned(), "unknown_field".to_owned())]);
    let faults =
        stage.caller.patch(&path, &json!({"events": ["nonsense"], "url": "http://10.1.1.1/"})).await.faults();
    let expected = [("events.0", "invalid_pattern"), ("url", "invalid_url")];
    assert_eq!(faults, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
}

#[actix_web::test]
async fn a_stale_version_changes_nothing() {
    let stage = Stage::set_quiet().await;
    let id = stage.endpoint("https://hooks.example.com/", &["*"]).await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v2/webhook-endpoints/{id}");
    stage.caller.patch(&path, &json!({"description": "newer"})).await.expect(200);
    let stale = stage.caller.with("if-match", "\"1\"");

    assert_eq!(
        stale.patch(&path, &json!({"description": "older"})).await.problem(),
        (412, "version_conflict")
    );
    assert_eq!(stale.delete(&path).await.problem(), (412, "version_conflict"));
    assert_eq!(stage.caller.get(&path).await.expect(200)["description"], "newer");
}

#[actix_web::test]
async fn a_deleted_endpoint_is_gone_its_waiting_deliveries_are_cancelled_and_it_comes_back_by_a_restore() {
    let stage = Stage::set_quiet().await;
    let id = stage.endpoint("https://hooks.example.com/", &["*"]).await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v2/webhook-endpoints/{id}");
    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;

    stage.caller.delete(&path).await.expect(204);

    assert_eq!(stage.caller.get(&path).await.problem(), (404, "not_found"));
    assert_eq!(stage.caller.delete(&path).await.problem(), (404, "not_found"));
    let delivery = stage.delivery("cancelled", |delivery| delivery["status"] == "cancelled").await;
    assert_eq!(delivery["last_error"], "The endpoint was deleted.");
    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;
    stage.delivery("the only one", |_| true).await;

    let restored = stage.caller.post(&format!("{path}/restore"), &json!({})).await.expect(200);

    assert_eq!((&restored["id"], &restored["version"]), (&json!(id), &json!(3)));
    assert_eq!(stage.caller.post(&format!("{path}/restore"), &json!({})).await.problem(), (404, "not_found"));
    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;
    stage.deliveries("two", |all| all.len() == 2).await;
}

#[actix_web::test]
async fn every_change_of_an_endpoint_is_recorded_as_an_event() {
    let stage = Stage::set_quiet().await;
    let id = stage.endpoint("https://hooks.example.com/", &["*"]).await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v2/webhook-endpoints/{id}");
    stage.caller.patch(&path, &json!({"status": "disabled", "description": "x"})).await.expect(200);
    stage.caller.post(&format!("{path}/rotate_secret"), &json!({})).await.expect(200);
    stage.caller.delete(&path).await.expect(204);
    stage.caller.post(&format!("{path}/restore"), &json!({})).await.expect(200);

    for (event_type, number) in [
        ("WebhookEndpoint.CREATE", 1),
        ("WebhookEndpoint.status.UPDATE", 1),
        ("WebhookEndpoint.UPDATE", 2),
        ("WebhookEndpoint.DELETE", 1),
        ("WebhookEndpoint.deleted.UPDATE", 1),
    ] {
        let sql = format!(
            "SELECT count(*) AS number FROM events WHERE event_type = '{event_type}' AND entity_id = '{id}' \
             AND actor ->> 'id' = '{}'",
            stage.caller.user()
        );
        assert_eq!(stage.app.database.number(&sql).await, number, "{event_type}");
    }
}
