//! Members: shown, changed, removed.

use contracts::{UserId, identity::PlatformRole};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{World, make_room};

#[actix_web::test]
async fn members_are_listed_with_their_names() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (id, member) = world.member(&admin, "manager").await;

    let body = admin.get(&format!("/api/v2/tenant-users?user_id={}", member.user())).await.expect(200);

    let row = &body["results"][0];
    assert_eq!((body["count"].as_i64(), row["id"].clone()), (Some(1), json!(id)));
    assert_eq!(row["email"], format!("{}@people.example", member.user()));
    assert_eq!((&row["first_name"], &row["last_name"]), (&json!("Ada"), &json!(null)));
    assert_eq!(
        (&row["role"], &row["data_scope"], &row["status"]),
        (&json!("manager"), &json!("team"), &json!("active"))
    );
}

#[actix_web::test]
async fn members_are_filtered_by_every_plain_column() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    world.member(&admin, "manager").await;
    world.member(&admin, "user").await;
    let count = async |query: &str| {
        admin.get(&format!("/api/v2/tenant-users?{query}")).await.expect(200)["count"].as_i64().unwrap()
    };
    assert_eq!(count("").await, 3);
    assert_eq!(count("role=manager").await, 1);
    assert_eq!(count("role__in=manager,user&status=active").await, 2);
    assert_eq!(count("department__isnull=false").await, 0);
    assert_eq!(count("search=MANAG").await, 1);
    assert_eq!(admin.get("/api/v2/tenant-users?email=a").await.faults()[0].1, "unknown_filter");
}

#[actix_web::test]
async fn without_auth_service_members_are_shown_without_names() {
    let world = World::start_with(&[("AUTH_URL", "http://127.0.0.1:9")]).await;
    for server in [&world.lead, &world.enrichment, &world.integration] {
        make_room(server).await;
    }
    let admin = world.tenant("acme").await;

    let body = admin.get("/api/v2/tenant-users").await.expect(200);

    let row = &body["results"][0];
    assert_eq!((&row["user_id"], &row["email"]), (&json!(admin.user()), &Value::Null));
}

#[actix_web::test]
async fn names_are_remembered_for_a_while() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    for _ in 0..3 {
        admin.get("/api/v2/tenant-users").await.expect(200);
    }
    assert_eq!(world.auth.received_requests().await.unwrap().len(), 1);
}

#[actix_web::test]
async fn a_department_is_changed_and_other_members_are_refused_by_name() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (id, _) = world.member(&admin, "user").await;
    let path = format!("/api/v2/tenant-users/{id}");

    let reply = admin.patch(&path, &json!({ "department": " Sales " })).await;
    assert_eq!(reply.header("etag"), Some("\"2\""));
    assert_eq!(reply.expect(200)["department"], "Sales");
    assert_eq!(world.event_types(id).await, ["Membership.UPDATE"]);

    let refused = admin.patch(&path, &json!({ "role": "tenant_admin", "status": "asleep" })).await;
    assert_eq!(
        refused.faults(),
        [("role".to_owned(), "unknown_field".to_owned()), ("status".to_owned(), "not_allowed".to_owned()),]
    );
    let stale = admin.with("If-Match", "\"1\"").patch(&path, &json!({ "department": "IT" })).await;
    assert_eq!(stale.problem(), (412, "version_conflict"));
}

#[actix_web::test]
async fn a_role_is_given_by_name_and_everybody_is_told_at_once() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (id, member) = world.member(&admin, "user").await;
    let mut listener = world.listen().await;
    let path = format!("/api/v2/tenant-users/{id}/update_role");

    let changed = admin.patch(&path, &json!({ "role": "manager" })).await.expect(200);

    assert_eq!((changed["role"].as_str(), changed["data_scope"].as_str()), (Some("manager"), Some("team")));
    listener.expect_access(admin.tenant(), Some(member.user())).await;
    assert_eq!(world.event_types(id).await, ["Membership.role.UPDATE", "Membership.UPDATE"]);
    for unknown in ["boss", "internal_admin", "internal_cs"] {
        let reply = admin.patch(&path, &json!({ "role": unknown })).await;
        assert_eq!(reply.faults(), [("role".to_owned(), "unknown_role".to_owned())], "{unknown}");
    }
}

#[actix_web::test]
async fn the_last_admin_stays() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let own = world.membership_of(&admin).await;
    let path = format!("/api/v2/tenant-users/{own}");
    let role = format!("{path}/update_role");
    let attempts = async || {
        [
            admin.delete(&path).await.problem().1.to_owned(),
            admin.patch(&role, &json!({ "role": "user" })).await.problem().1.to_owned(),
            admin.patch(&path, &json!({ "status": "inactive" })).await.problem().1.to_owned(),
        ]
    };

    assert_eq!(attempts().await, ["last_admin"; 3]);
    let (second, _) = world.member(&admin, "tenant_admin").await;
    admin
        .patch(&format!("/api/v2/tenant-users/{second}"), &json!({ "status": "inactive" }))
        .await
        .expect(200);
    assert_eq!(attempts().await, ["last_admin"; 3], "an inactive admin is none");

    assert_eq!(admin.get(&path).await.expect(200)["role"], "tenant_admin", "nothing was changed");
    admin.patch(&role, &json!({ "role": "ceo" })).await.expect(200);
    world.member(&admin, "ceo").await;
    assert_eq!(admin.delete(&path).await.status.as_u16(), 204);
}

#[actix_web::test]
async fn both_admins_cannot_be_removed_at_once() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let own = world.membership_of(&admin).await;
    let (second, _) = world.member(&admin, "tenant_admin").await;
    let staff = world.app.user(admin.tenant()).with_platform_role(PlatformRole::InternalAdmin);

    let (first_path, second_path) =
        (format!("/api/v2/tenant-users/{own}"), format!("/api/v2/tenant-users/{second}"));
    let (first, second) = futures::join!(staff.delete(&first_path), staff.delete(&second_path));

    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 422]);
}

#[actix_web::test]
async fn nobody_gives_or_takes_more_than_they_hold() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let own = world.membership_of(&admin).await;
    let (id, manager) = world.member(&admin, "manager").await;
    let (worker, _) = world.member(&admin, "user").await;
    // A manager with further permissions is still no admin.
    let promote = manager
        .patch(&format!("/api/v2/tenant-users/{id}/update_role"), &json!({ "role": "tenant_admin" }))
        .await;
    assert_eq!(promote.problem(), (403, "permission_denied"));
    let demote =
        manager.patch(&format!("/api/v2/tenant-users/{own}/update_role"), &json!({ "role": "user" })).await;
    assert_eq!(demote.problem(), (403, "permission_denied"));
    assert_eq!(
        manager.delete(&format!("/api/v2/tenant-users/{own}")).await.problem(),
        (403, "permission_denied")
    );
    let above = json!({ "membership_id": id });
    let below = manager.patch(&format!("/api/v2/tenant-users/{own}/reports_to"), &above).await;
    assert_eq!(below.problem(), (403, "permission_denied"));
    let path = format!("/api/v2/tenant-users/{worker}/update_role");
    manager.patch(&path, &json!({ "role": "sales_manager" })).await.expect(200);
}

#[actix_web::test]
async fn a_removed_member_is_gone_and_can_join_again() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (id, member) = world.member(&admin, "user").await;
    let path = format!("/api/v2/tenant-users/{id}");

    assert_eq!(admin.delete(&path).await.status.as_u16(), 204);

    assert_eq!(admin.get(&path).await.problem(), (404, "not_found"));
    assert_eq!(admin.delete(&path).await.problem(), (404, "not_found"));
    assert_eq!(admin.get("/api/v2/tenant-users").await.expect(200)["count"], 1);
    let user: UserId = member.user();
    let again = world
        .app
        .deps
        .db
        .in_tenant(admin.tenant(), async |tx| {
            let role = tenant_service::people::role_named(tx, "user").await?.unwrap();
            Ok::<_, platform::Problem>(tenant_service::people::insert_membership(tx, user, role.id).await?)
        })
        .await
        .unwrap();
    assert!(again.is_some_and(|membership| membership.id != id));
    assert_eq!(
        admin.get(&format!("/api/v2/tenant-users/{}", Uuid::now_v7())).await.problem(),
        (404, "not_found")
    );
}

#[actix_web::test]
async fn somebody_is_removed_by_who_they_are() {
    let world = World::start().await;
    let (admin, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let (id, member) = world.member(&admin, "user").await;
    let path = format!("/api/v2/tenants/{}/remove_user", admin.tenant());
    let body = json!({ "user_id": member.user() });

    assert_eq!(bolt.post(&path, &body).await.problem(), (404, "not_found"));
    assert_eq!(admin.post(&path, &body).await.status.as_u16(), 204);

    assert_eq!(admin.get(&format!("/api/v2/tenant-users/{id}")).await.problem(), (404, "not_found"));
    assert_eq!(admin.post(&path, &body).await.problem(), (404, "not_found"));
    let own = admin.post(&path, &json!({ "user_id": admin.user() })).await;
    assert_eq!(own.problem(), (422, "last_admin"));
    assert_eq!(world.event_types(id).await, ["Membership.DELETE"]);
}
