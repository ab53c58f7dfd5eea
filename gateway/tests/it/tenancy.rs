//! Tenant resolution and access in a tenant.

use contracts::{
    Service, UserId,
    identity::{Caller, PlatformRole},
    invalidation::{CHANNEL, Invalidation},
};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::{
    tokens::Person,
    world::{Answer, LEADS, Tenant, World},
};

async fn leads(world: &World, person: &Person, header: Option<&str>, host: Option<&str>) -> Answer {
    let mut request = world.request(Method::GET, LEADS).bearer_auth(person.token());
    if let Some(tenant) = header {
        request = request.header("x-tenant-id", tenant);
    }
    if let Some(host) = host {
        request = request.header("host", host);
    }
    Answer::read(request).await
}

async fn tell(world: &World, invalidation: Invalidation) {
    world.gateway.redis.publish(CHANNEL, &serde_json::to_string(&invalidation).unwrap()).await;
}

fn path(tenant: &Tenant) -> String {
    format!("/api/v2/tenants/{}", tenant.id)
}

#[actix_web::test]
async fn a_tenant_is_named_by_uuid_client_id_or_host() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["leads:read"]);
    let (id, host) = (tenant.id.to_string(), format!("{}:8000", tenant.host()));

    for (header, host) in [
        (Some(id.as_str()), None),
        (Some(tenant.client_id.as_str()), None),
        (None, Some(host.as_str())),
        (Some(id.as_str()), Some(host.as_str())),
        (Some(tenant.client_id.as_str()), Some("app.example.test")),
        // An alias of our own that is no tenant's domain.
        (Some(id.as_str()), Some("gateway.internal:8000")),
    ] {
        let answer = leads(&world, &person, header, host).await;
        assert_eq!(answer.status, 200, "{header:?} {host:?} {answer:?}");
        let Caller::User(user) = world.last_seen().identity.who else { panic!("not a person") };
        let acting = user.tenant.unwrap();
        assert_eq!((acting.id, acting.client_id.as_str()), (tenant.id, tenant.client_id.as_str()));
        assert_eq!(user.permission.as_deref(), Some("leads:read"));
        assert_eq!((acting.role.as_str(), acting.team.len()), ("user", 1));
    }
}

#[actix_web::test]
async fn a_member_of_exactly_one_tenant_need_not_name_it() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["leads:read"]);

    let answer = leads(&world, &person, None, None).await;

    assert_eq!(answer.status, 200, "{answer:?}");
    let Caller::User(user) = world.last_seen().identity.who else { panic!("not a person") };
    assert_eq!(user.tenant.unwrap().id, tenant.id);
    let another = world.tenant("active");
    world.grant(&person, &another, "active", &["leads:read"]);
    tell(&world, Invalidation::Access { tenant_id: Some(another.id), user_id: Some(person.id) }).await;
    world
        .wait("the second membership counts", async || leads(&world, &person, None, None).await.status == 400)
        .await;
    assert_eq!(leads(&world, &person, None, None).await.problem(), (400, "tenant_required"));
    assert_eq!(leads(&world, &person, Some(&tenant.client_id), None).await.status, 200);
}

#[actix_web::test]
async fn a_person_of_no_tenant_and_staff_are_asked_for_one() {
    let world = World::start().await;

    for person in [Person::new(), Person::staff(PlatformRole::InternalAdmin)] {
        assert_eq!(leads(&world, &person, None, None).await.problem(), (400, "tenant_required"));
    }
}

#[actix_web::test]
async fn each_fault_has_its_status_and_code() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["leads:create"]);
    let (suspended, strange) = (world.tenant("suspended"), world.tenant("active"));
    world.grant(&person, &suspended, "suspended", &["leads:read"]);
    let id = tenant.id.to_string();

    for (header, host, expected) in [
        (None, None, (400, "tenant_required")),
        (None, Some("localhost:8000"), (400, "tenant_required")),
        (None, Some("127.0.0.1"), (400, "tenant_required")),
        (None, Some("app.example.test"), (400, "tenant_required")),
        (Some(""), None, (400, "tenant_required")),
        (Some("nobody"), None, (404, "tenant_not_found")),
        (Some("Not A Name"), None, (404, "tenant_not_found")),
        (Some(&*Uuid::now_v7().to_string()), None, (404, "tenant_not_found")),
        (None, Some("nobody.example.org"), (404, "tenant_not_found")),
        (Some(&*suspended.client_id), None, (403, "tenant_inactive")),
        (Some(&*strange.client_id), None, (403, "not_a_member")),
        (Some(&*id), None, (403, "permission_denied")),
        (Some(&*id), Some(&*strange.host()), (400, "tenant_mismatch")),
        (Some("nobody"), Some(&*tenant.host()), (400, "tenant_mismatch")),
    ] {
        let answer = leads(&world, &person, header, host).await;
        assert_eq!(answer.problem(), expected, "{header:?} {host:?}");
    }
    let denied = leads(&world, &person, Some(&id), None).await;
    assert_eq!(denied.body["permission"], "leads:read");
    assert!(denied.body["detail"].as_str().unwrap().contains("leads:read"));
    assert_eq!(world.seen(), 0);
}

#[actix_web::test]
async fn a_service_is_told_which_of_a_routes_further_permissions_the_person_holds() {
    let world = World::start().await;
    let held: &[&str] = &["leads:update", "leads:read", "leads:delete"];
    let (person, tenant) = world.member(held);
    let told = async |method: Method| {
        let request = world.request(method, &format!("{LEADS}/7")).bearer_auth(person.token());
        let answer = Answer::read(request.header("x-tenant-id", &tenant.client_id)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let Caller::User(user) = world.last_seen().identity.who else { panic!("not a person") };
        (user.permission.unwrap(), user.effects)
    };

    assert_eq!(told(Method::PATCH).await, ("leads:update".to_owned(), vec!["leads:read".to_owned()]));
    assert_eq!(told(Method::GET).await, ("leads:read".to_owned(), Vec::new()));
}

#[actix_web::test]
async fn nothing_is_said_about_tenants_to_somebody_who_is_not_signed_in() {
    let world = World::start().await;

    let answer = Answer::read(world.request(Method::GET, LEADS).header("x-tenant-id", "nobody")).await;

    assert_eq!(answer.problem(), (401, "not_authenticated"));
    assert!(world.script.look_ups.lock().unwrap().is_empty());
}

#[actix_web::test]
async fn two_tenant_headers_contradict_each_other() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["leads:read"]);
    let request = world.request(Method::GET, LEADS).bearer_auth(person.token());

    let request = request.header("x-tenant-id", &tenant.client_id).header("x-tenant-id", "other");

    assert_eq!(Answer::read(request).await.problem(), (400, "tenant_mismatch"));
}

#[actix_web::test]
async fn a_route_for_any_member_needs_membership_and_no_permission() {
    let world = World::start().await;
    let (person, tenant) = world.member(&[]);

    let answer = world.as_person(&person, Some(&tenant.client_id), "/api/v2/context").await;
    assert_eq!(answer.status, 200);
    let stranger = world.as_person(&Person::new(), Some(&tenant.client_id), "/api/v2/context").await;
    assert_eq!(stranger.problem(), (403, "not_a_member"));
}

#[actix_web::test]
async fn on_a_path_a_tenant_one_may_not_know_of_is_like_one_that_does_not_exist() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["tenant:read"]);
    let strange = world.tenant("active");

    assert_eq!(world.as_person(&person, None, &path(&tenant)).await.status, 200);
    let hidden = world.as_person(&person, None, &path(&strange)).await;
    let absent = world.as_person(&person, None, &format!("/api/v2/tenants/{}", Uuid::now_v7())).await;
    let malformed = world.as_person(&person, None, &format!("/api/v2/tenants/{}", tenant.client_id)).await;
    for answer in [&hidden, &absent, &malformed] {
        assert_eq!(answer.problem(), (404, "not_found"));
        assert_eq!(answer.body["detail"], absent.body["detail"]);
    }
}

#[actix_web::test]
async fn a_header_that_contradicts_the_path_is_refused() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["tenant:read"]);
    let other = world.tenant("active");

    for name in [tenant.id.to_string(), tenant.client_id.clone()] {
        assert_eq!(world.as_person(&person, Some(&name), &path(&tenant)).await.status, 200);
    }
    for name in [other.id.to_string(), other.client_id.clone(), "Not A Name".to_owned()] {
        let answer = world.as_person(&person, Some(&name), &path(&tenant)).await;
        assert_eq!(answer.problem(), (400, "tenant_mismatch"), "{name}");
    }
}

#[actix_web::test]
async fn platform_staff_reach_a_suspended_tenant_by_its_path() {
    let world = World::start().await;
    let (staff, member) = (Person::staff(PlatformRole::InternalAdmin), Person::new());
    let tenant = world.tenant("suspended");
    for person in [&staff, &member] {
        world.grant(person, &tenant, "suspended", &["tenant:read", "leads:read"]);
    }

    assert_eq!(world.as_person(&staff, None, &path(&tenant)).await.status, 200);
    assert_eq!(world.as_person(&member, None, &path(&tenant)).await.problem(), (403, "tenant_inactive"));
}

#[actix_web::test]
async fn outside_any_tenant_the_platform_role_decides() {
    let world = World::start().await;
    world.script.platform.lock().unwrap().insert("internal_admin".into(), vec!["users:read".into()]);

    let admin = world.as_person(&Person::staff(PlatformRole::InternalAdmin), None, "/api/v2/users").await;
    assert_eq!(admin.status, 200);
    for role in [PlatformRole::InternalCs, PlatformRole::None] {
        let answer = world.as_person(&Person::staff(role), None, "/api/v2/users").await;
        assert_eq!(answer.problem(), (403, "permission_denied"));
    }
}

#[actix_web::test]
async fn access_is_asked_for_once_and_again_when_it_has_changed() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["leads:read"]);
    let header = Some(tenant.client_id.as_str());
    for _ in 0..5 {
        assert_eq!(leads(&world, &person, header, None).await.status, 200);
    }
    assert_eq!(world.script.look_ups.lock().unwrap().len(), 1);

    world.grant(&person, &tenant, "active", &[]);
    assert_eq!(leads(&world, &person, header, None).await.status, 200, "nobody said that it changed");
    tell(&world, Invalidation::Access { tenant_id: Some(tenant.id), user_id: Some(person.id) }).await;
    world.wait("the change", async || leads(&world, &person, header, None).await.status == 403).await;

    world.grant(&person, &tenant, "active", &["leads:read"]);
    tell(&world, Invalidation::Access { tenant_id: Some(tenant.id), user_id: None }).await;
    world.wait("the change", async || leads(&world, &person, header, None).await.status == 200).await;

    world.grant(&person, &tenant, "suspended", &["leads:read"]);
    tell(&world, Invalidation::Access { tenant_id: None, user_id: None }).await;
    world.wait("the change", async || leads(&world, &person, header, None).await.status == 403).await;
}

#[actix_web::test]
async fn a_new_tenant_is_known_as_soon_as_it_is_announced() {
    let world = World::start().await;
    let person = Person::new();
    let tenant = Tenant { id: contracts::TenantId::new(), client_id: "newcomer".into() };
    assert_eq!(leads(&world, &person, Some("newcomer"), None).await.problem(), (404, "tenant_not_found"));

    world.grant(&person, &tenant, "active", &["leads:read"]);
    tell(&world, Invalidation::Access { tenant_id: Some(tenant.id), user_id: None }).await;

    world
        .wait("the tenant", async || leads(&world, &person, Some("newcomer"), None).await.status == 200)
        .await;
}

#[actix_web::test]
async fn many_first_requests_at_once_ask_once() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["leads:read"]);
    let header = Some(tenant.client_id.as_str());

    let answers = futures::future::join_all((0..20).map(|_| leads(&world, &person, header, None))).await;

    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(world.script.look_ups.lock().unwrap().len(), 1);
}

#[actix_web::test]
async fn while_tenant_service_is_away_the_known_go_on_and_the_unknown_are_503() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["leads:read"]);
    let header = Some(tenant.client_id.as_str());
    assert_eq!(leads(&world, &person, header, None).await.status, 200);

    world.stop(Service::Tenant).await;

    assert_eq!(leads(&world, &person, header, None).await.status, 200);
    let unknown = leads(&world, &Person::new(), header, None).await;
    assert_eq!(unknown.problem(), (503, "unavailable"));
    assert!(unknown.header("retry-after").is_some());
}

#[actix_web::test]
async fn a_withdrawn_right_is_not_used_because_tenant_service_is_away() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["leads:read"]);
    let header = Some(tenant.client_id.as_str());
    assert_eq!(leads(&world, &person, header, None).await.status, 200);

    world.stop(Service::Tenant).await;
    tell(&world, Invalidation::Access { tenant_id: Some(tenant.id), user_id: Some(person.id) }).await;

    world.wait("the change", async || leads(&world, &person, header, None).await.status == 503).await;
    let body = json!(leads(&world, &person, header, None).await.body);
    assert_eq!(body["code"], "unavailable");
}

#[actix_web::test]
async fn a_team_of_thousands_travels_as_its_digest_and_the_request_stays_small() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["leads:read"]);
    let team: Vec<UserId> = (0..5_000).map(|_| UserId::new()).collect();
    for answer in world.script.access.lock().unwrap().values_mut() {
        answer["grant"]["team"] = json!(team);
    }

    let answer = leads(&world, &person, Some(&tenant.client_id), None).await;

    assert_eq!(answer.status, 200, "{answer:?}");
    let seen = world.last_seen().identity;
    assert!(serde_json::to_string(&seen).unwrap().len() < 1_000);
    let Caller::User(user) = seen.who else { panic!("not a person") };
    let acting = user.tenant.unwrap();
    assert_eq!((acting.team.len(), acting.team_digest), (0, Some(platform::auth::teams::digest(&team))));
}

#[actix_web::test]
async fn a_tenant_that_demands_a_second_factor_lets_in_only_sessions_begun_with_one() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["leads:read", "tenant:read"]);
    for answer in world.script.access.lock().unwrap().values_mut() {
        answer["grant"]["demands_second_factor"] = json!(true);
    }
    let asks = async |claims: serde_json::Value, path: &str| {
        let token = person.token_with(&claims, &json!({}), 0);
        let request = world.request(Method::GET, path).bearer_auth(token);
        Answer::read(request.header("x-tenant-id", &tenant.client_id)).await
    };

    for route in [LEADS, &path(&tenant)] {
        for claims in [json!({}), json!({ "amr": [] }), json!({ "amr": ["pwd"] })] {
            assert_eq!(asks(claims, route).await.problem(), (403, "second_factor_required"));
        }
        assert_eq!(asks(json!({ "amr": ["mfa"] }), route).await.status, 200);
    }
    assert_eq!(asks(json!({}), "/api/v2/auth/me").await.status, 200, "outside the tenant nothing changes");
}
