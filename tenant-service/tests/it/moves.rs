//! Moves between the pool and schemas: what the services are asked, in which order, and what becomes of the tenant.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use contracts::{
    TenantId,
    identity::PlatformRole,
    internal::{
        moves::{Isolation, MoveProgress, MoveStep, MoveTenant},
        tenants::ProvisionTenant,
    },
};
use serde_json::{Value, json};
use testkit::Caller;
use uuid::Uuid;
use wiremock::{
    Mock, MockServer, Request, Respond, ResponseTemplate,
    matchers::{body_partial_json, method, path_regex},
};

use crate::world::{World, eventually, id, new_tenant};

const MOVES: &str = "^/internal/tenants/[^/]+/move$";

/// Lets a fake service do at once whatever it is asked.
async fn obey(server: &MockServer) {
    Mock::given(method("PUT"))
        .and(path_regex(MOVES))
        .respond_with(ResponseTemplate::new(200).set_body_json(MoveProgress { is_done: true }))
        .with_priority(4)
        .mount(server)
        .await;
}

/// As long as it lives, a fake service answers some orders otherwise.
struct Interference(Arc<AtomicBool>);

impl Drop for Interference {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Lets a fake service answer such orders like this.
async fn answer(server: &MockServer, order: &Value, answer: impl Respond + 'static) -> Interference {
    let lives = Arc::new(AtomicBool::new(true));
    let seen = lives.clone();
    Mock::given(method("PUT"))
        .and(path_regex(MOVES))
        .and(body_partial_json(order))
        .and(move |_: &Request| seen.load(Ordering::Relaxed))
        .respond_with(answer)
        .with_priority(1)
        .mount(server)
        .await;
    Interference(lives)
}

fn refusal(code: &str) -> ResponseTemplate {
    let problem = json!({
        "type": "about:blank", "title": "Unprocessable", "status": 422, "detail": "Table leads differs.", "code": code,
    });
    ResponseTemplate::new(422).set_body_json(problem)
}

fn services(world: &World) -> [&MockServer; 3] {
    [&world.lead, &world.enrichment, &world.integration]
}

async fn orders(server: &MockServer) -> Vec<MoveTenant> {
    let requests = server.received_requests().await.expect("requests are recorded");
    requests.iter().filter_map(|request: &Request| request.body_json::<MoveTenant>().ok()).collect()
}

/// Steps and targets a service was asked for, each once, in order.
async fn asked(server: &MockServer) -> Vec<(Isolation, MoveStep)> {
    let mut asked: Vec<(Isolation, MoveStep)> = Vec::new();
    for order in orders(server).await {
        if asked.last() != Some(&(order.to, order.step)) {
            asked.push((order.to, order.step));
        }
    }
    asked
}

fn all_steps(to: Isolation) -> Vec<(Isolation, MoveStep)> {
    [MoveStep::Copy, MoveStep::Switch, MoveStep::Clear].into_iter().map(|step| (to, step)).collect()
}

/// Everything obeys, and there is a tenant in the pool.
async fn world_and_tenant() -> (World, Caller, TenantId, String) {
    let world = World::start().await;
    for server in services(&world) {
        obey(server).await;
    }
    let staff = world.staff();
    let tenant = TenantId(id(&staff.post("/api/v2/tenants", &new_tenant("acme")).await.expect(201)));
    let path = format!("/api/v2/tenants/{tenant}/isolation");
    (world, staff, tenant, path)
}

async fn ends(staff: &Caller, path: &str, status: &str) -> Value {
    eventually(status, async || staff.get(path).await.expect(200)["status"] == status).await;
    staff.get(path).await.expect(200)
}

#[actix_web::test]
async fn a_tenant_is_copied_switched_and_cleared_by_every_service_and_back_again() {
    let (world, staff, tenant, path) = world_and_tenant().await;

    let started = staff.post(&path, &json!({ "isolation": "schema" })).await.expect(202);
    assert_eq!((started["from"].as_str(), started["to"].as_str()), (Some("pool"), Some("schema")));
    let there = ends(&staff, &path, "succeeded").await;

    assert_eq!(
        (there["isolation"].as_str(), there["schema_name"].as_str()),
        (Some("schema"), Some("t_acme"))
    );
    assert_eq!(there["move"]["id"], started["id"]);
    let followed = staff.get(&format!("{path}/{}", id(&started))).await.expect(200);
    assert_eq!(followed["status"], "succeeded");
    assert!(followed["finished_at"].is_string() && followed["reason"].is_null());
    for server in services(&world) {
        assert_eq!(asked(server).await, all_steps(Isolation::Schema));
    }
    let view = staff.get("/api/v2/tenants?client_id=acme").await.expect(200)["results"][0].clone();
    assert_eq!((view["isolation"].as_str(), view["schema_name"].as_str()), (Some("schema"), Some("t_acme")));
    assert!(world.event_types(tenant.0).await.contains(&"Tenant.UPDATE".to_owned()));

    staff.post(&path, &json!({ "isolation": "pool" })).await.expect(202);
    let back = ends(&staff, &path, "succeeded").await;
    assert_eq!((back["isolation"].as_str(), back["schema_name"].as_str()), (Some("pool"), None));
    let numbers: Vec<i64> = orders(&world.lead).await.iter().map(|order| order.order).collect();
    assert!(
        numbers.is_sorted() && numbers.first() < numbers.last(),
        "later orders void earlier ones: {numbers:?}"
    );
}

#[actix_web::test]
async fn nobody_switches_before_all_have_copied() {
    let (world, staff, _, path) = world_and_tenant().await;
    let patience = AtomicUsize::new(0);
    let slowly = move |_: &Request| {
        let is_done = patience.fetch_add(1, Ordering::Relaxed) >= 3;
        ResponseTemplate::new(200).set_body_json(MoveProgress { is_done })
    };
    let slow = answer(&world.enrichment, &json!({ "step": "copy" }), slowly).await;

    staff.post(&path, &json!({ "isolation": "schema" })).await.expect(202);
    eventually("the slow one is asked", async || orders(&world.enrichment).await.len() >= 2).await;
    assert_eq!(asked(&world.lead).await, [(Isolation::Schema, MoveStep::Copy)]);
    let under_way = staff.get(&path).await.expect(200);
    assert_eq!(
        (under_way["status"].as_str(), under_way["isolation"].as_str()),
        (Some("running"), Some("pool"))
    );

    ends(&staff, &path, "succeeded").await;
    assert_eq!(orders(&world.lead).await.len(), 3, "who is done is not asked again");
    drop(slow);
}

#[actix_web::test]
async fn when_a_service_finds_a_difference_all_go_back_and_the_tenant_stays_where_it_was() {
    let (world, staff, tenant, path) = world_and_tenant().await;
    let there = json!({ "step": "switch", "to": "schema" });
    let broken = answer(&world.enrichment, &there, refusal("verification_failed")).await;

    staff.post(&path, &json!({ "isolation": "schema" })).await.expect(202);
    let back = ends(&staff, &path, "rolled_back").await;

    assert_eq!(back["isolation"], "pool");
    let reason = back["move"]["reason"].as_str().unwrap();
    assert!(reason.contains("enrichment") && reason.contains("verification_failed"), "{reason}");
    for server in services(&world) {
        let asked = asked(server).await;
        assert_eq!(asked[..2], all_steps(Isolation::Schema)[..2]);
        assert_eq!(asked[2..], all_steps(Isolation::Pool));
    }
    assert!(!world.event_types(tenant.0).await.contains(&"Tenant.UPDATE".to_owned()));

    drop(broken);
    staff.post(&path, &json!({ "isolation": "schema" })).await.expect(202);
    ends(&staff, &path, "succeeded").await;
}

#[actix_web::test]
async fn a_service_that_is_away_for_a_moment_is_asked_again() {
    let (world, staff, _, path) = world_and_tenant().await;
    let away = answer(&world.integration, &json!({ "step": "switch" }), ResponseTemplate::new(503)).await;

    staff.post(&path, &json!({ "isolation": "schema" })).await.expect(202);
    eventually("the failure is noted", async || {
        staff.get(&path).await.expect(200)["move"]["last_error"].is_string()
    })
    .await;
    drop(away);
    let world = World { app: world.app.with_background(), ..world };

    let there = ends(&staff, &path, "succeeded").await;
    assert_eq!(there["isolation"], "schema");
    assert_eq!(asked(&world.lead).await, all_steps(Isolation::Schema));
}

#[actix_web::test]
async fn a_move_whose_mover_died_is_taken_up_at_any_stage() {
    let (world, staff, tenant, path) = world_and_tenant().await;
    let world = World { app: world.app.with_background(), ..world };
    let stages = [
        ("running", "copy", "{lead}", "succeeded"),
        ("running", "switch", "{}", "succeeded"),
        ("running", "clear", "{lead,enrichment}", "succeeded"),
        ("rolling_back", "copy", "{}", "rolled_back"),
        ("rolling_back", "switch", "{integration}", "rolled_back"),
        ("rolling_back", "clear", "{}", "rolled_back"),
    ];
    for (ordinal, (status, step, done, end)) in stages.into_iter().enumerate() {
        // As a process leaves it that died after the tenant was, or was not, switched.
        let isolation = if (status, step) == ("running", "clear") { "schema" } else { "pool" };
        world
            .app
            .database
            .execute(&format!(
                "UPDATE tenants SET isolation = '{isolation}'; INSERT INTO isolation_moves \
                 (id, tenant_id, ordinal, origin, target, status, step, services_done, next_attempt_at) VALUES \
                 ('{}', '{tenant}', {ordinal}, 'pool', 'schema', '{status}', '{step}', '{done}', \
                 now() + interval '200 ms')",
                Uuid::now_v7()
            ))
            .await;

        let view = ends(&staff, &path, end).await;

        let expected = if end == "succeeded" { "schema" } else { "pool" };
        assert_eq!(view["isolation"], expected, "{status} {step}");
    }
    let heard = orders(&world.lead).await;
    let distinct: BTreeSet<i64> = heard.iter().map(|order| order.order).collect();
    assert_eq!(
        distinct.into_iter().collect::<Vec<_>>(),
        [0, 2, 7, 9, 11],
        "lead-service was done in the third"
    );
}

#[actix_web::test]
async fn what_cannot_be_moved_is_refused() {
    let (world, staff, tenant, path) = world_and_tenant().await;
    let unchanged = staff.post(&path, &json!({ "isolation": "pool" })).await;
    assert_eq!(unchanged.problem(), (409, "isolation_unchanged"));
    let unknown = format!("/api/v2/tenants/{}/isolation", Uuid::now_v7());
    assert_eq!(staff.post(&unknown, &json!({ "isolation": "schema" })).await.problem(), (404, "not_found"));
    assert_eq!(staff.get(&unknown).await.problem(), (404, "not_found"));
    assert_eq!(staff.get(&format!("{path}/{}", Uuid::now_v7())).await.problem(), (404, "not_found"));
    for body in [json!({}), json!({ "isolation": "moon" }), json!({ "isolation": "schema", "fast": true })] {
        assert_eq!(staff.post(&path, &body).await.problem(), (400, "validation_failed"), "{body}");
    }
    for caller in [world.app.user(tenant).holding(&[]), world.app.signed_in(PlatformRole::None).holding(&[])]
    {
        assert_eq!(
            caller.post(&path, &json!({ "isolation": "schema" })).await.problem(),
            (403, "permission_denied")
        );
    }
    assert!(orders(&world.lead).await.is_empty());

    let waiting = ResponseTemplate::new(200).set_body_json(MoveProgress { is_done: false });
    let slow = answer(&world.lead, &json!({ "step": "copy" }), waiting).await;
    let keyed = staff.with("Idempotency-Key", "once");
    let first = keyed.post(&path, &json!({ "isolation": "schema" })).await.expect(202);
    let again = keyed.post(&path, &json!({ "isolation": "schema" })).await.expect(202);
    assert_eq!(first["id"], again["id"]);
    let second = staff.post(&path, &json!({ "isolation": "schema" })).await;
    assert_eq!(second.problem(), (409, "move_in_progress"));
    drop(slow);
    ends(&staff, &path, "succeeded").await;
}

#[actix_web::test]
async fn a_tenant_that_is_still_being_made_cannot_be_moved() {
    let world = World::start_with(&[]).await;
    let waiting = world.staff().post("/api/v2/tenants", &new_tenant("acme")).await;
    let tenant = waiting.body["tenant_id"].as_str().unwrap();

    let path = format!("/api/v2/tenants/{tenant}/isolation");
    let refused = world.staff().post(&path, &json!({ "isolation": "schema" })).await;

    assert_eq!(refused.problem(), (422, "tenant_provisioning"));
}

#[actix_web::test]
async fn a_tenant_can_start_with_a_schema_of_its_own() {
    let world = World::start().await;
    let mut body = new_tenant("ac-me");
    body["isolation"] = json!("schema");

    let made = world.staff().post("/api/v2/tenants", &body).await.expect(201);

    assert_eq!((made["isolation"].as_str(), made["schema_name"].as_str()), (Some("schema"), Some("t_ac-me")));
    tokio::time::sleep(Duration::from_millis(50)).await;
    for server in services(&world) {
        let requests = server.received_requests().await.expect("requests are recorded");
        let told: Vec<ProvisionTenant> = requests.iter().filter_map(|told| told.body_json().ok()).collect();
        assert!(!told.is_empty() && told.iter().all(|told| told.isolation == Isolation::Schema));
    }
}
