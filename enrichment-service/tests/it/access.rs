//! Access to every declared route.

use contracts::{Service, identity::PlatformRole};
use enrichment_service::Enrichment;
use platform::{command::App, http::openapi};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::stage::Stage;

fn concrete(path: &str) -> String {
    path.replace("{id}", &Uuid::now_v7().to_string())
}

#[actix_web::test]
async fn nothing_is_served_to_a_caller_without_an_identity_or_not_signed_in() {
    let stage = Stage::set().await;
    for route in Enrichment::routes().iter() {
        let method: Method = route.method.parse().unwrap();
        for caller in [stage.app.nobody(), stage.app.anonymous()] {
            let reply = caller.send(method.clone(), &concrete(route.path), Some(&json!({}))).await;
            assert_eq!(reply.problem(), (401, "not_authenticated"), "{} {}", route.method, route.path);
        }
    }
}

#[actix_web::test]
async fn people_need_the_permission_and_a_tenant_and_stay_out_of_internal_routes() {
    let stage = Stage::set().await;
    let unentitled = stage.app.user(stage.tenant).holding(&[]);
    let nowhere = stage.app.signed_in(PlatformRole::InternalAdmin);
    for route in Enrichment::routes().iter() {
        let method: Method = route.method.parse().unwrap();
        let refused = unentitled.send(method.clone(), &concrete(route.path), Some(&json!({}))).await;
        let without_tenant = nowhere.send(method, &concrete(route.path), Some(&json!({}))).await;
        let internal = route.rule.access == "internal";
        let name = format!("{} {}", route.method, route.path);
        assert_eq!(refused.status.as_u16(), if internal { 401 } else { 403 }, "{name}");
        assert_eq!(without_tenant.status.as_u16(), if internal { 401 } else { 400 }, "{name}");
    }
}

#[actix_web::test]
async fn seeing_jobs_and_running_them_are_two_permissions() {
    let stage = Stage::set().await;
    let reader = stage.app.user(stage.tenant).holding(&["enrichment:read"]);

    assert_eq!(reader.get("/api/v2/enrichment/jobs").await.status, 200);
    for verb in ["retry", "cancel"] {
        let path = format!("/api/v2/enrichment/jobs/{}/{verb}", Uuid::now_v7());
        let refused = reader.post(&path, &json!({})).await;
        assert_eq!(refused.problem(), (403, "permission_denied"));
        assert_eq!(refused.body["permission"], "enrichment:run");
    }
}

#[actix_web::test]
async fn services_do_not_use_the_routes_of_people() {
    let stage = Stage::set().await;
    let reply = stage.app.service(Service::Lead).get("/api/v2/enrichment/jobs").await;
    assert_eq!(reply.problem(), (401, "not_authenticated"));
}

#[test]
fn no_route_answers_with_a_record_to_a_caller_who_may_not_read_it() {
    let document = openapi::document("enrichment-service", "0", &Enrichment::routes());

    assert_eq!(testkit::shown::faults(&document), Vec::<String>::new());
}

#[actix_web::test]
async fn every_post_gives_its_first_answer_again() {
    testkit::app::assert_posts_are_kept::<Enrichment>();
}
