//! The same service under SimpleJWT's names.

use serde_json::json;

use crate::stage::{PASSWORD, Stage};

#[actix_web::test]
async fn a_pair_is_obtained_refreshed_and_blacklisted() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let anonymous = stage.app.anonymous();

    let body = json!({"username": "ada@example.com", "password": PASSWORD});
    let first = anonymous.post("/api/token", &body).await.expect(200);
    let second =
        anonymous.post("/api/token/refresh", &json!({"refresh": first["refresh"]})).await.expect(200);
    let nothing =
        anonymous.post("/api/token/blacklist", &json!({"refresh": second["refresh"]})).await.expect(200);

    assert_eq!(nothing, json!({}));
    let mut members: Vec<&String> = second.as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(members, ["access", "refresh"]);
    let ended = anonymous.post("/api/token/refresh", &json!({"refresh": second["refresh"]})).await;
    assert_eq!(ended.problem(), (401, "token_revoked"));
}

#[actix_web::test]
async fn wrong_credentials_and_tokens_are_refused() {
    let stage = Stage::set().await;
    let anonymous = stage.app.anonymous();

    let obtained =
        anonymous.post("/api/token", &json!({"username": "nobody", "password": "wrong wrong"})).await;
    let blacklisted = anonymous.post("/api/token/blacklist", &json!({"refresh": "nonsense"})).await;

    assert_eq!(obtained.problem(), (401, "invalid_credentials"));
    assert_eq!(blacklisted.problem(), (401, "invalid_token"));
}

#[actix_web::test]
async fn both_names_continue_the_same_session() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;

    let answer = stage
        .app
        .anonymous()
        .post("/api/token/refresh", &json!({"refresh": session.refresh}))
        .await
        .expect(200);

    assert_eq!(stage.session(&answer["access"], &answer["refresh"]).await.id, session.id);
}
