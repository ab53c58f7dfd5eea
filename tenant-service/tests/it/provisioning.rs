//! The saga: a tenant is active when every service knows of it, and whatever is missing is made up for.

use std::time::Duration;

use contracts::{
    TenantId, UserId,
    internal::tenants::{FoundTenant, TenantRef, TenantStatus},
    invalidation::Invalidation,
};
use serde_json::json;
use wiremock::{Mock, ResponseTemplate, matchers::any};

use crate::world::{World, describe_people, eventually, make_room, new_tenant, news, person_of};

async fn status(world: &World, client_id: &str) -> Option<TenantStatus> {
    world
        .access(UserId::new(), TenantRef::ClientId(client_id.into()))
        .await
        .tenant
        .map(|tenant| tenant.status)
}

#[actix_web::test]
async fn every_service_hears_of_the_room_to_make_and_then_that_the_tenant_is_active() {
    let world = World::start().await;
    world.staff().post("/api/v2/tenants", &new_tenant("acme")).await.expect(201);
    for server in [&world.lead, &world.enrichment, &world.integration] {
        assert_eq!(news(server).await, [("provisioning".to_owned(), 1), ("active".to_owned(), 2)]);
    }
}

#[actix_web::test]
async fn while_a_service_is_away_the_tenant_is_not_served_and_the_same_request_goes_on() {
    let world = World::start_with(&[]).await;
    make_room(&world.lead).await;
    make_room(&world.integration).await;
    let staff = world.staff();

    let waiting = staff.post("/api/v2/tenants", &new_tenant("acme")).await;

    assert_eq!(waiting.problem(), (503, "tenant_provisioning"));
    assert_eq!(waiting.header("retry-after"), Some("2"));
    assert_eq!(status(&world, "acme").await, Some(TenantStatus::Provisioning));
    let path = format!("/api/v2/tenants/{}/suspend", waiting.body["tenant_id"].as_str().unwrap());
    assert_eq!(staff.post(&path, &json!({})).await.problem(), (422, "tenant_provisioning"));
    assert_eq!(news(&world.lead).await, [("provisioning".to_owned(), 1)], "who has heard is not told again");

    make_room(&world.enrichment).await;
    let made = staff.post("/api/v2/tenants", &new_tenant("acme")).await.expect(201);

    assert_eq!(made["id"], waiting.body["tenant_id"]);
    assert_eq!(status(&world, "acme").await, Some(TenantStatus::Active));
    assert_eq!(news(&world.lead).await, [("provisioning".to_owned(), 1), ("active".to_owned(), 2)]);
}

#[actix_web::test]
async fn somebody_else_cannot_take_over_a_tenant_that_is_being_made() {
    let world = World::start_with(&[]).await;
    let call = FoundTenant {
        tenant_id: TenantId::new(),
        client_id: "acme".into(),
        name: "Acme".into(),
        website: "https://acme.example".into(),
        admin: UserId::new(),
    };
    assert_eq!(world.ask(&call).await.status, TenantStatus::Provisioning);

    let other = world.staff().post("/api/v2/tenants", &new_tenant("acme")).await;

    assert_eq!(other.problem(), (409, "client_id_taken"));
}

#[actix_web::test]
async fn the_worker_finishes_what_nobody_waits_for() {
    let world = World::start_with(&[]).await;
    let call = FoundTenant {
        tenant_id: TenantId::new(),
        client_id: "acme".into(),
        name: "Acme".into(),
        website: "acme.example".into(),
        admin: UserId::new(),
    };
    assert_eq!(world.ask(&call).await.status, TenantStatus::Provisioning);
    assert!(world.access(call.admin, TenantRef::Id(call.tenant_id)).await.grant.is_some());

    let world = World { app: world.app.with_background(), ..world };
    for server in [&world.lead, &world.enrichment, &world.integration] {
        make_room(server).await;
    }

    // A failed try is followed by a pause that grows; the first ones are short.
    tokio::time::sleep(Duration::from_secs(2)).await;
    eventually("the tenant is active", async || status(&world, "acme").await == Some(TenantStatus::Active))
        .await;
    eventually("nothing is left to do", async || {
        world
            .app
            .database
            .number("SELECT count(*) AS number FROM tenants WHERE next_attempt_at IS NOT NULL")
            .await
            == 0
    })
    .await;
}

#[actix_web::test]
async fn the_first_admin_is_admitted_before_the_tenant_is_active() {
    let world = World::start_with(&[]).await;
    for server in [&world.lead, &world.enrichment, &world.integration] {
        make_room(server).await;
    }
    let away = Mock::given(any()).respond_with(ResponseTemplate::new(503)).mount_as_scoped(&world.auth).await;
    let mut body = new_tenant("acme");
    body["admin"] = json!({ "email": "ada@acme.example" });
    let staff = world.staff();

    assert_eq!(staff.post("/api/v2/tenants", &body).await.problem(), (503, "tenant_provisioning"));
    assert_eq!(status(&world, "acme").await, Some(TenantStatus::Provisioning));

    drop(away);
    describe_people(&world.auth).await;
    // After a long outage the next attempt may be far off; a repeated request does not wait for it.
    world.app.database.execute("UPDATE tenants SET next_attempt_at = now() + interval '1 hour'").await;
    staff.post("/api/v2/tenants", &body).await.expect(201);
    let admin = world.access(person_of("ada@acme.example"), TenantRef::ClientId("acme".into())).await;
    assert_eq!(admin.grant.map(|grant| grant.role), Some("tenant_admin".into()));
}

#[actix_web::test]
async fn whoever_asks_again_takes_a_tenant_from_nobody_who_is_making_it() {
    let world = World::start_with(&[]).await;
    for server in [&world.lead, &world.enrichment, &world.integration] {
        make_room(server).await;
    }
    let away = Mock::given(any()).respond_with(ResponseTemplate::new(503)).mount_as_scoped(&world.auth).await;
    let mut body = new_tenant("acme");
    body["admin"] = json!({ "email": "ada@acme.example" });
    let staff = world.staff();
    assert_eq!(staff.post("/api/v2/tenants", &body).await.problem(), (503, "tenant_provisioning"));
    // A try may have outlasted the caller's patience.
    let waiting = "SELECT count(*) AS number FROM tenants WHERE last_error IS NOT NULL";
    eventually("no try is under way", async || world.app.database.number(waiting).await == 1).await;
    drop(away);
    describe_people(&world.auth).await;

    // As a claim leaves it.
    let taken = "UPDATE tenants SET next_attempt_at = now() + interval '1 hour', last_error = NULL";
    world.app.database.execute(taken).await;

    assert_eq!(staff.post("/api/v2/tenants", &body).await.problem(), (503, "tenant_provisioning"));
    assert_eq!(status(&world, "acme").await, Some(TenantStatus::Provisioning));
}

#[actix_web::test]
async fn a_tenant_whose_maker_died_is_taken_over_when_the_lease_ends() {
    let world = World::start().await;
    world.tenant("acme").await;
    // As a process leaves it that died after its claim: the lease is running.
    let world = World { app: world.app.with_background(), ..world };
    world
        .app
        .database
        .execute("UPDATE tenants SET revision = 9, provisioned_services = '{lead}', next_attempt_at = now() + interval '1 second'")
        .await;
    eventually("the others are told", async || {
        news(&world.enrichment).await.last() == Some(&("active".to_owned(), 9))
    })
    .await;
    assert_eq!(news(&world.lead).await.last(), Some(&("active".to_owned(), 2)), "lead-service knew already");
}

#[actix_web::test]
async fn a_deleted_tenant_is_unreachable_and_every_service_is_told_until_it_has_heard() {
    let world = World::start_with(&[]).await;
    for server in [&world.lead, &world.integration] {
        make_room(server).await;
    }
    describe_people(&world.auth).await;
    let busy = Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({})))
        .mount_as_scoped(&world.enrichment)
        .await;
    let admin = world.tenant("acme").await;
    let mailed = crate::invitations::invite_by_mail(&world, &admin, "new@acme.example", "user").await;
    drop(busy);
    let world = World { app: world.app.with_background(), ..world };
    let mut listener = world.listen().await;

    let path = format!("/api/v2/tenants/{}", admin.tenant());
    assert_eq!(world.staff().delete(&path).await.status.as_u16(), 204);

    let accepted = crate::invitations::accept(&world, &mailed).await;
    assert_eq!(accepted.problem(), (404, "not_found"));
    for name in [
        TenantRef::Id(admin.tenant()),
        TenantRef::ClientId("acme".into()),
        TenantRef::Host("acme.localhost".into()),
    ] {
        assert!(world.access(admin.user(), name).await.tenant.is_none());
    }
    eventually("the services that are there have heard", async || {
        news(&world.lead).await.last() == Some(&("inactive".to_owned(), 3))
            && news(&world.integration).await.last() == Some(&("inactive".to_owned(), 3))
    })
    .await;
    make_room(&world.enrichment).await;
    world
        .app
        .database
        .execute("UPDATE tenants SET next_attempt_at = now() WHERE next_attempt_at IS NOT NULL")
        .await;
    eventually("the last one has heard", async || {
        world
            .app
            .database
            .number("SELECT count(*) AS number FROM tenants WHERE next_attempt_at IS NOT NULL")
            .await
            == 0
    })
    .await;
    assert_eq!(news(&world.enrichment).await.last(), Some(&("inactive".to_owned(), 3)));
    // Cached keys are invalidated before the services are notified, and again in every replica after one was.
    let mut keys = 0;
    while keys < 2 {
        keys += usize::from(matches!(listener.next().await, Invalidation::ApiKeys { .. }));
    }
    let rows = world.app.database.number("SELECT count(*) AS number FROM memberships").await;
    assert_eq!(rows, 1, "its rows stay");
}
