//! Access to every declared route.

use contracts::identity::DataScope;
use integration_service::Integration;
use platform::{command::App, http::openapi};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::stage::{Stage, lead_created};

#[actix_web::test]
async fn nobody_calls_a_route_without_an_identity_or_without_its_permission() {
    let stage = Stage::set_quiet().await;
    let bystander = stage.caller.holding(&[]);

    for route in Integration::routes().iter() {
        let method: Method = route.method.parse().unwrap();
        let path = route.path.replace("{id}", &Uuid::now_v7().to_string());
        let status =
            async |caller: &testkit::Caller| caller.send(method.clone(), &path, None).await.status.as_u16();

        assert_eq!(status(&stage.app.nobody()).await, 401, "{} {}", route.method, route.path);
        assert_eq!(status(&stage.app.anonymous()).await, 401, "{} {}", route.method, route.path);
        let expected = if route.rule.access == "internal" { 401 } else { 403 };
        assert_eq!(status(&bystander).await, expected, "{} {}", route.method, route.path);
    }
}

#[test]
fn no_route_answers_with_a_record_to_a_caller_who_may_not_read_it() {
    let document = openapi::document("integration-service", "0", &Integration::routes());

    assert_eq!(testkit::shown::faults(&document), Vec::<String>::new());
}

#[actix_web::test]
async fn what_holds_whole_records_is_only_for_the_data_scope_all() {
    let stage = Stage::set_quiet().await;
    let endpoint = stage.endpoint("https://hooks.example.com/", &["*"]).await;
    let event = lead_created(stage.tenant, &json!({"notes": "secret"}));
    stage.take_in(std::slice::from_ref(&event)).await;
    let delivery = stage.delivery("queued", |_| true).await;
    let (event, delivery) = (event.id.to_string(), delivery["id"].as_str().unwrap().to_owned());
    let endpoint = format!("/api/v2/webhook-endpoints/{}", endpoint["id"].as_str().unwrap());
    let hook = json!({"url": "https://hooks.example.com/", "events": ["*"]});

    for caller in [
        stage.caller.scoped(DataScope::Own, &[]),
        stage.caller.scoped(DataScope::Team, &[stage.caller.user()]),
    ] {
        let replies = [
            caller.get("/api/v2/events").await,
            caller.get(&format!("/api/v2/events/{event}")).await,
            caller.post(&format!("/api/v2/events/{event}/retry"), &json!({})).await,
            caller.get("/api/v2/deliveries").await,
            caller.get(&format!("/api/v2/deliveries/{delivery}")).await,
            caller.post(&format!("/api/v2/deliveries/{delivery}/replay"), &json!({})).await,
            caller.post("/api/v2/webhook-endpoints", &hook).await,
            caller.put(&endpoint, &hook).await,
            caller.patch(&endpoint, &json!({"url": "https://elsewhere.example.com/"})).await,
            caller.post(&format!("{endpoint}/rotate_secret"), &json!({})).await,
            caller.post(&format!("{endpoint}/restore"), &json!({})).await,
        ];
        for reply in &replies {
            assert_eq!(reply.problem(), (403, "permission_denied"), "{}", reply.text);
            assert_eq!(reply.body["data_scope"], "all", "{}", reply.text);
        }
    }
    assert_eq!(stage.caller.get(&endpoint).await.expect(200)["version"], 1);
}

#[actix_web::test]
async fn a_new_endpoint_is_shown_with_its_secret_and_nothing_else_to_a_caller_who_may_not_read_endpoints() {
    let stage = Stage::set_quiet().await;
    let blind = stage.caller.without(&["webhook_endpoints:read"]);

    let hook = json!({"url": "https://hooks.example.com/", "events": ["*"]});
    let made = blind.post("/api/v2/webhook-endpoints", &hook).await.expect(201);
    let path = format!("/api/v2/webhook-endpoints/{}", made["id"].as_str().unwrap());
    let changed = blind.patch(&path, &json!({"description": "x"})).await.expect(200);

    let members = |body: &serde_json::Value| body.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(members(&made), ["id", "secret", "version"]);
    assert_eq!(members(&changed), ["id", "version"]);
}

#[actix_web::test]
async fn every_post_gives_its_first_answer_again() {
    testkit::app::assert_posts_are_kept::<Integration>();
}
