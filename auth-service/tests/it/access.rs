//! Access to every declared route.

use auth_service::Auth;
use contracts::{Service, identity::PlatformRole};
use platform::command::App;
use reqwest::Method;
use serde_json::json;

use crate::stage::Stage;

fn concrete(path: &str) -> String {
    path.replace("{id}", &uuid::Uuid::now_v7().to_string())
}

#[actix_web::test]
async fn nothing_is_served_to_a_caller_without_an_identity() {
    let stage = Stage::set().await;
    for route in Auth::routes().iter() {
        let method: Method = route.method.parse().unwrap();
        let reply = stage.app.nobody().send(method, &concrete(route.path), Some(&json!({}))).await;
        assert_eq!(reply.problem(), (401, "not_authenticated"), "{} {}", route.method, route.path);
        assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
    }
}

#[actix_web::test]
async fn only_public_routes_and_those_with_a_key_of_their_own_take_somebody_who_is_not_signed_in() {
    let stage = Stage::set().await;
    for route in Auth::routes().iter() {
        let method: Method = route.method.parse().unwrap();
        let reply = stage.app.anonymous().send(method, &concrete(route.path), Some(&json!({}))).await;
        let refused = reply.problem() == (401, "not_authenticated");
        let checks_itself = ["public", "signed"].contains(&route.rule.access);
        assert_eq!(refused, !checks_itself, "{} {}", route.method, route.path);
    }
}

#[actix_web::test]
async fn a_route_with_a_permission_refuses_those_who_lack_it() {
    let stage = Stage::set().await;
    let somebody = stage.app.signed_in(PlatformRole::None).holding(&[]);
    for route in Auth::routes().iter().filter(|route| route.rule.permission.is_some()) {
        let method: Method = route.method.parse().unwrap();
        let reply = somebody.send(method, &concrete(route.path), Some(&json!({}))).await;
        assert_eq!(reply.problem(), (403, "permission_denied"), "{} {}", route.method, route.path);
    }
}

#[actix_web::test]
async fn internal_routes_take_services_and_not_people() {
    let stage = Stage::set().await;
    let path = "/internal/revocations";
    let body = json!({"after": 0});

    let person = stage.app.signed_in(PlatformRole::InternalAdmin).post(path, &body).await;
    let service = stage.app.service(Service::Gateway).post(path, &body).await;

    assert_eq!(person.problem(), (401, "not_authenticated"));
    assert_eq!(service.expect(200), json!([]));
}

#[actix_web::test]
async fn the_two_greetings_tell_whether_one_is_signed_in() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;

    let hello = stage.app.anonymous().get("/api/v2/auth/hello").await.expect(200);
    let with_auth = stage.send(&session, Method::GET, "/api/v2/auth/hello_with_auth", None).await.expect(200);

    assert!(hello["message"].is_string());
    assert_eq!(with_auth["user_id"], json!(session.user));
}
