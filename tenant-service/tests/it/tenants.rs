//! Tenants: made, shown, changed, suspended, deleted.

use contracts::{
    TenantId, UserId,
    identity::PlatformRole,
    internal::tenants::{FoundTenant, TenantRef, TenantStatus},
    invalidation::Invalidation,
};
use serde_json::json;

use crate::world::{World, eventually, id, new_tenant, news, person_of};

#[actix_web::test]
async fn a_tenant_is_made_with_its_hosts_and_its_first_admin() {
    let world = World::start_with(&[("PUBLIC_URL", "https://leads.example")]).await;
    for server in [&world.lead, &world.enrichment, &world.integration] {
        crate::world::make_room(server).await;
    }
    crate::world::describe_people(&world.auth).await;
    let mut body = new_tenant("acme");
    body["admin"] = json!({ "email": "Ada@acme.example", "first_name": "Ada" });

    let reply = world.staff().post("/api/v2/tenants", &body).await;

    assert_eq!(reply.status.as_u16(), 201, "{}", reply.text);
    let tenant = TenantId(id(&reply.body));
    assert_eq!(reply.header("location"), Some(format!("/api/v2/tenants/{tenant}").as_str()));
    assert_eq!(
        (reply.body["status"].as_str(), reply.body["isolation"].as_str()),
        (Some("active"), Some("pool"))
    );
    assert_eq!(reply.body["website"], "https://acme.example");
    assert_eq!(world.event_types(tenant.0).await, ["Tenant.CREATE", "Tenant.status.UPDATE"]);
    for host in ["acme.leads.example", "acme.localhost", "ACME.localhost"] {
        let answer = world.access(UserId::new(), TenantRef::Host(host.into())).await;
        assert_eq!(answer.tenant.map(|found| found.id), Some(tenant), "{host}");
        assert!(answer.grant.is_none(), "a stranger may do nothing");
    }
    let admin = world.access(person_of("ada@acme.example"), TenantRef::ClientId("acme".into())).await;
    assert_eq!(admin.grant.map(|grant| grant.role), Some("tenant_admin".into()));
}

#[actix_web::test]
async fn every_fault_of_the_body_is_named() {
    let world = World::start_with(&[]).await;
    let staff = world.staff();
    let body = json!({
        "client_id": "", "name": "", "website": "nope://", "isolation": "moon", "colour": "red",
        "admin": { "email": "nope" },
    });
    let reply = staff.post("/api/v2/tenants", &body).await;
    assert_eq!(reply.problem(), (400, "validation_failed"));
    let fields: Vec<String> = reply.faults().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["admin.email", "client_id", "colour", "isolation", "name", "website"]);

    let reply = staff.post("/api/v2/tenants", &new_tenant("Not_Lower")).await;
    assert_eq!(reply.faults(), [("client_id".to_owned(), "invalid_client_id".to_owned())]);
    let reply = staff.post("/api/v2/tenants", &new_tenant("www")).await;
    assert_eq!(reply.faults(), [("client_id".to_owned(), "client_id_reserved".to_owned())]);
    let call = FoundTenant {
        tenant_id: TenantId::new(),
        client_id: "admin".into(),
        name: "Admin".into(),
        website: "https://admin.example".into(),
        admin: UserId::new(),
    };
    let reply = world.try_asking(&call).await;
    assert_eq!(reply.faults(), [("client_id".to_owned(), "client_id_reserved".to_owned())]);
}

#[actix_web::test]
async fn a_client_id_or_website_that_is_taken_is_a_conflict() {
    let world = World::start().await;
    let staff = world.staff();
    let first = staff.post("/api/v2/tenants", &new_tenant("acme")).await.expect(201);

    let again = staff.post("/api/v2/tenants", &new_tenant("acme")).await;
    assert_eq!(again.problem(), (409, "client_id_taken"));
    assert_eq!(again.body["tenant_id"], first["id"], "whoever made it is told which one it is");

    let mut other = new_tenant("other");
    other["website"] = json!("http://www.acme.example/");
    assert_eq!(staff.post("/api/v2/tenants", &other).await.problem(), (409, "website_taken"));

    let stranger = world.staff().post("/api/v2/tenants", &new_tenant("acme")).await;
    assert_eq!(stranger.problem(), (409, "client_id_taken"));
    assert!(stranger.body.get("tenant_id").is_none());
}

#[actix_web::test]
async fn an_idempotency_key_gives_the_first_answer_again() {
    let world = World::start().await;
    let staff = world.staff().with("Idempotency-Key", "k1");
    let first = staff.post("/api/v2/tenants", &new_tenant("acme")).await.expect(201);

    let again = staff.post("/api/v2/tenants", &new_tenant("acme")).await;

    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.expect(201), first);
    let reused = staff.post("/api/v2/tenants", &new_tenant("other")).await;
    assert_eq!(reused.problem(), (422, "idempotency_key_reused"));
    let another_person =
        world.staff().with("Idempotency-Key", "k1").post("/api/v2/tenants", &new_tenant("other")).await;
    assert_eq!(another_person.status.as_u16(), 201, "keys of one person say nothing about another's");
}

#[actix_web::test]
async fn a_client_id_can_be_checked_before_it_is_used() {
    let world = World::start().await;
    world.tenant("acme").await;
    let person = world.app.signed_in(PlatformRole::None);
    let check = async |client_id: &str| {
        let body = person.get(&format!("/api/v2/tenants/check?client_id={client_id}")).await.expect(200);
        (body["available"].as_bool().unwrap(), body["reason"].as_str().map(str::to_owned))
    };
    assert_eq!(check("free").await, (true, None));
    assert_eq!(check("acme").await, (false, Some("taken".into())));
    assert_eq!(check("ACME").await, (false, Some("malformed".into())));
    for reserved in ["www", "admin", "xn--pypal-4ve"] {
        assert_eq!(check(reserved).await, (false, Some("reserved".into())), "{reserved}");
    }
    assert_eq!(person.get("/api/v2/tenants/check").await.problem(), (400, "validation_failed"));
}

#[actix_web::test]
async fn an_admin_changes_the_profile_but_nothing_that_is_the_platforms() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let path = format!("/api/v2/tenants/{}", admin.tenant());

    let change = json!({ "name": " Acme Inc ", "city": "Berlin", "settings": { "currency": "EUR" }, "description": "" });
    let changed = admin.patch(&path, &change).await.expect(200);
    assert_eq!((changed["name"].as_str(), changed["city"].as_str()), (Some("Acme Inc"), Some("Berlin")));
    assert_eq!((&changed["settings"]["currency"], &changed["description"]), (&json!("EUR"), &json!(null)));
    assert!(world.event_types(admin.tenant().0).await.contains(&"Tenant.UPDATE".to_owned()));

    let not_theirs =
        json!({ "status": "suspended", "max_users": 9000, "subscription_status": "ACTIVE", "city": "Rome" });
    let refused = admin.patch(&path, &not_theirs).await;
    assert_eq!(refused.problem(), (403, "permission_denied"));
    let fields: Vec<String> = refused.faults().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["max_users", "status", "subscription_status"]);
    assert_eq!(admin.get(&path).await.expect(200)["city"], "Berlin", "nothing of a refused change is kept");

    assert_eq!(
        admin.patch(&path, &json!({ "client_id": "other" })).await.problem(),
        (400, "validation_failed")
    );

    // What was read can be sent back whole.
    let whole = json!({ "name": "Acme", "website": "acme.example", "status": "active", "max_users": 50 });
    let replaced = admin.put(&path, &whole).await.expect(200);
    assert_eq!((&replaced["city"], &replaced["max_users"]), (&json!(null), &json!(50)));
}

#[actix_web::test]
async fn every_fault_of_a_changed_profile_is_named_and_nothing_that_was_there_before() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let path = format!("/api/v2/tenants/{}", admin.tenant());
    let faults = [
        ("settings.currency", "invalid_currency"),
        ("settings.handover_after_days", "out_of_range"),
        ("timezone", "invalid_time_zone"),
    ];
    let faults = faults.map(|(field, code)| (field.to_owned(), code.to_owned()));
    let settings = json!({ "currency": "EURO", "handover_after_days": 1.5 });
    let change = json!({ "timezone": "Mars/Olympus", "settings": settings });

    let patched = admin.patch(&path, &change).await;

    assert_eq!(patched.problem(), (400, "validation_failed"));
    assert_eq!(patched.faults(), faults);
    let mut whole = change.clone();
    whole["name"] = json!("Acme");
    whole["website"] = json!("https://acme.example");
    assert_eq!(admin.put(&path, &whole).await.faults(), faults);

    let before = "UPDATE tenants SET timezone = 'Mars/Olympus', settings = '{\"currency\": \"EURO\"}'";
    world.app.database.execute(before).await;
    admin.patch(&path, &json!({ "city": "Berlin" })).await.expect(200);
    assert_eq!(
        admin.patch(&path, &json!({ "timezone": "Mars/Tharsis" })).await.faults(),
        [("timezone".to_owned(), "invalid_time_zone".to_owned())]
    );
}

#[actix_web::test]
async fn staff_changes_what_is_the_platforms() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let staff = world.app.user(admin.tenant()).with_platform_role(PlatformRole::InternalAdmin);
    let path = format!("/api/v2/tenants/{}", admin.tenant());

    let change = json!({ "status": "inactive", "max_users": 7, "subscription_status": "PAST_DUE" });
    let changed = staff.patch(&path, &change).await.expect(200);

    assert_eq!((changed["status"].as_str(), changed["max_users"].as_i64()), (Some("inactive"), Some(7)));
    let answer = world.access(admin.user(), TenantRef::Id(admin.tenant())).await;
    assert_eq!(answer.tenant.map(|tenant| tenant.status), Some(TenantStatus::Inactive));
    let back = staff.patch(&path, &json!({ "status": "provisioning" })).await;
    assert_eq!(back.problem(), (422, "status_not_possible"));
}

#[actix_web::test]
async fn a_stale_change_is_refused() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let path = format!("/api/v2/tenants/{}", admin.tenant());
    let etag = admin.get(&path).await.header("etag").unwrap().to_owned();

    admin.with("If-Match", &etag).patch(&path, &json!({ "city": "Berlin" })).await.expect(200);
    let stale = admin.with("If-Match", &etag).patch(&path, &json!({ "city": "Rome" })).await;

    assert_eq!(stale.problem(), (412, "version_conflict"));
}

#[actix_web::test]
async fn a_suspended_tenant_is_told_to_everybody_until_all_have_heard() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let world = World { app: world.app.with_background(), ..world };
    let mut listener = world.listen().await;
    let path = format!("/api/v2/tenants/{}", admin.tenant());

    let suspended = world.staff().post(&format!("{path}/suspend"), &json!({})).await.expect(200);

    assert_eq!(suspended["status"], "suspended");
    listener.expect_access(admin.tenant(), None).await;
    assert!(
        matches!(listener.next().await, Invalidation::ApiKeys { tenant_id } if tenant_id == admin.tenant())
    );
    for server in [&world.lead, &world.enrichment, &world.integration] {
        eventually("every service hears of it", async || {
            news(server).await.last() == Some(&("suspended".to_owned(), 3))
        })
        .await;
    }
    world.staff().post(&format!("{path}/activate"), &json!({})).await.expect(200);
    eventually("and of the end of it", async || {
        news(&world.lead).await.last() == Some(&("active".to_owned(), 4))
    })
    .await;
    let types = world.event_types(admin.tenant().0).await;
    assert_eq!(types.iter().filter(|name| *name == "Tenant.status.UPDATE").count(), 3);
}

#[actix_web::test]
async fn suspending_twice_changes_nothing_more() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let suspend = format!("/api/v2/tenants/{}/suspend", admin.tenant());

    let once = world.staff().post(&suspend, &json!({})).await.expect(200);
    let twice = world.staff().post(&suspend, &json!({})).await.expect(200);

    assert_eq!(once["version"], twice["version"]);
    let unknown = format!("/api/v2/tenants/{}/suspend", TenantId::new());
    assert_eq!(world.staff().post(&unknown, &json!({})).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn a_deleted_tenant_is_gone_and_its_client_id_is_not_given_again() {
    let world = World::start().await;
    let (admin, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let path = format!("/api/v2/tenants/{}", admin.tenant());

    assert_eq!(world.staff().delete(&path).await.status.as_u16(), 204);

    assert_eq!(admin.get(&path).await.problem(), (404, "not_found"));
    for name in [
        TenantRef::Id(admin.tenant()),
        TenantRef::ClientId("acme".into()),
        TenantRef::Host("acme.localhost".into()),
    ] {
        assert!(world.access(admin.user(), name).await.tenant.is_none());
    }
    let other = world.access(bolt.user(), TenantRef::Host("bolt.localhost".into())).await;
    assert_eq!(other.tenant.map(|tenant| tenant.id), Some(bolt.tenant()), "others keep their hosts");
    let mut body = new_tenant("acme");
    assert_eq!(world.staff().post("/api/v2/tenants", &body).await.problem(), (409, "client_id_taken"));
    body["client_id"] = json!("acme2");
    world.staff().post("/api/v2/tenants", &body).await.expect(201);
}

#[actix_web::test]
async fn tenants_are_listed_filtered_and_searched() {
    let world = World::start().await;
    for client_id in ["acme", "bolt", "core"] {
        world.tenant(client_id).await;
    }
    let staff = world.staff();
    let names = async |query: &str| -> Vec<String> {
        let body = staff.get(&format!("/api/v2/tenants?ordering=client_id&{query}")).await.expect(200);
        body["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["client_id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names("").await, ["acme", "bolt", "core"]);
    assert_eq!(names("client_id=bolt").await, ["bolt"]);
    assert_eq!(names("search=CORE").await, ["core"]);
    assert_eq!(names("status=active&page=2&page_size=2").await, ["core"]);
    assert!(names("status=suspended").await.is_empty());
    assert_eq!(staff.get("/api/v2/tenants?shoe=1").await.problem(), (400, "validation_failed"));
}

#[actix_web::test]
async fn founding_a_tenant_twice_makes_one_and_a_foreign_one_is_a_conflict() {
    let world = World::start().await;
    let call = FoundTenant {
        tenant_id: TenantId::new(),
        client_id: "acme".into(),
        name: "Acme".into(),
        website: "acme.example".into(),
        admin: UserId::new(),
    };
    let first = world.ask(&call).await;
    let second = world.ask(&call).await;
    assert_eq!((first.id, first.status), (call.tenant_id, TenantStatus::Active));
    assert_eq!(first, second);
    let tenants = world.app.database.number("SELECT count(*) AS number FROM tenants").await;
    let members = world.app.database.number("SELECT count(*) AS number FROM memberships").await;
    assert_eq!((tenants, members), (1, 1));
    let admin = world.app.user_named(call.tenant_id, call.admin);
    assert_eq!(world.event_types(world.membership_of(&admin).await).await, ["Membership.CREATE"]);

    let elsewhere = FoundTenant { tenant_id: TenantId::new(), admin: UserId::new(), ..call.clone() };
    assert_eq!(world.try_asking(&elsewhere).await.problem(), (409, "client_id_taken"));
    let same_website = FoundTenant { client_id: "other".into(), ..elsewhere };
    assert_eq!(world.try_asking(&same_website).await.problem(), (409, "website_taken"));
    let malformed = FoundTenant { tenant_id: TenantId::new(), client_id: "A".into(), ..same_website };
    assert_eq!(world.try_asking(&malformed).await.problem(), (400, "validation_failed"));
}

#[actix_web::test]
async fn a_patch_of_one_setting_leaves_the_others_alone() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let path = format!("/api/v2/tenants/{}", admin.tenant());
    let settings = json!({ "brand": { "colour": "red", "font": "Inter" }, "beta": true });
    admin.patch(&path, &json!({ "settings": settings })).await.expect(200);

    let change = json!({ "settings": { "brand": { "colour": "blue" }, "beta": null, "new": 1 } });
    let changed = admin.patch(&path, &change).await.expect(200);

    let after = json!({ "brand": { "colour": "blue", "font": "Inter" }, "new": 1 });
    assert_eq!(changed["settings"], after);
}
