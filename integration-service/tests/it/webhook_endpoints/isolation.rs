//! Another tenant's endpoint is as if it were not there.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::stage::Stage;

#[actix_web::test]
async fn another_tenants_endpoint_is_answered_like_a_random_id() {
    let stage = Stage::set_quiet().await;
    let endpoint = stage.endpoint("https://hooks.example.com/", &["*"]).await;
    let stranger = stage.app.user(stage.app.tenant().await);
    let write = json!({"url": "https://evil.example.com/", "events": ["*"]});
    let requests: [(Method, &str, Option<&Value>); 6] = [
        (Method::GET, "", None),
        (Method::PUT, "", Some(&write)),
        (Method::PATCH, "", Some(&write)),
        (Method::DELETE, "", None),
        (Method::POST, "/restore", None),
        (Method::POST, "/rotate_secret", None),
    ];

    for (method, rest, body) in requests {
        let ask = async |id: &str| {
            let path = format!("/api/v2/webhook-endpoints/{id}{rest}");
            let mut reply = stranger.send(method.clone(), &path, body).await;
            let members = reply.body.as_object_mut().unwrap();
            members.remove("instance");
            members.remove("request_id");
            (reply.status.as_u16(), reply.body)
        };
        let (theirs, random) =
            (ask(endpoint["id"].as_str().unwrap()).await, ask(&Uuid::now_v7().to_string()).await);
        assert_eq!(theirs.0, 404, "{method} {rest}");
        assert_eq!(theirs, random, "{method} {rest}");
    }

    assert_eq!(stranger.get("/api/v2/webhook-endpoints").await.expect(200)["count"], 0);
    let path = format!("/api/v2/webhook-endpoints/{}", endpoint["id"].as_str().unwrap());
    assert_eq!(stage.caller.get(&path).await.expect(200)["version"], 1);
}
