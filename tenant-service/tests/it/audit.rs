//! Audit log of identity and access.

use chrono::Utc;
use contracts::{
    Service,
    events::{Action, Actor, Envelope, subscribers},
};
use diesel_async::SimpleAsyncConnection;
use platform::db::inbox::{self, Arrived};
use serde_json::json;
use tenant_service::audit::AuditConsumer;
use uuid::Uuid;

use crate::{
    invitations::{accept, invite_by_mail},
    world::{World, id},
};

async fn actions(admin: &testkit::Caller, query: &str) -> Vec<String> {
    let listed = admin.get(&format!("/api/v2/audit?ordering=occurred_at&{query}")).await.expect(200);
    let rows = listed["results"].as_array().unwrap().iter();
    rows.map(|row| row["action"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn what_is_done_to_access_is_on_record_with_who_did_it_and_what_it_was() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (member, _) = world.member(&admin, "user").await;
    let path = format!("/api/v2/tenant-users/{member}");
    admin.patch(&format!("{path}/update_role"), &json!({ "role": "manager" })).await.expect(200);
    let role =
        admin.post("/api/v2/roles", &json!({ "name": "Auditor", "data_scope": "own" })).await.expect(201);
    let grants = json!({ "permissions": ["audit:read"] });
    admin.put(&format!("/api/v2/roles/{}/permissions", id(&role)), &grants).await.expect(200);
    let mailed = invite_by_mail(&world, &admin, "new@acme.example", "user").await;
    accept(&world, &mailed).await.expect(200);
    let tenant = format!("/api/v2/tenants/{}", admin.tenant());
    world.staff().post(&format!("{tenant}/suspend"), &json!({})).await.expect(200);
    world.staff().post(&format!("{tenant}/activate"), &json!({})).await.expect(200);
    admin.delete(&path).await;

    let changed = admin.get(&format!("/api/v2/audit?entity_id={member}&action=Membership.role.UPDATE")).await;
    let entry = &changed.expect(200)["results"][0];
    assert_eq!((&entry["actor_kind"], &entry["actor_id"]), (&json!("user"), &json!(admin.user())));
    assert_eq!((&entry["previous"]["role"], &entry["current"]["role"]), (&json!("user"), &json!("manager")));
    assert_eq!((&entry["client_address"], &entry["source"]), (&json!("203.0.113.7"), &json!("tenant")));
    assert!(entry["request_id"].is_string());
    assert_eq!(
        actions(&admin, &format!("entity_id={}", id(&role))).await,
        ["Role.CREATE", "Role.permissions.UPDATE"]
    );
    assert_eq!(
        actions(&admin, "entity_type=Invitation").await,
        ["Invitation.CREATE", "Invitation.status.UPDATE", "Invitation.UPDATE"]
    );
    assert_eq!(actions(&admin, &format!("entity_id={member}")).await.last().unwrap(), "Membership.DELETE");
    assert_eq!(
        actions(&admin, "action=Tenant.status.UPDATE").await.len(),
        3,
        "made active, suspended, active again"
    );
}

#[actix_web::test]
async fn the_record_is_read_in_stretches_by_admins_of_the_tenant_alone() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    for number in 0..5 {
        let body = json!({ "name": format!("Role {number}"), "data_scope": "own" });
        acme.post("/api/v2/roles", &body).await.expect(201);
    }

    let first = acme.get("/api/v2/audit?entity_type=Role&page_size=3&cursor=").await.expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest =
        acme.get(&format!("/api/v2/audit?entity_type=Role&page_size=3&cursor={cursor}")).await.expect(200);

    assert_eq!(
        (first["results"].as_array().unwrap().len(), rest["results"].as_array().unwrap().len()),
        (3, 2)
    );
    assert!(rest["next_cursor"].is_null());
    assert!(actions(&bolt, "entity_type=Role").await.is_empty());
    assert_eq!(
        acme.holding(&["roles:read"]).get("/api/v2/audit").await.problem(),
        (403, "permission_denied")
    );
    assert_eq!(acme.get("/api/v2/audit?colour=red").await.faults()[0].1, "unknown_filter");
}

#[actix_web::test]
async fn a_change_that_fails_leaves_no_record_and_none_goes_without() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let body = json!({ "name": "Auditor", "data_scope": "own" });
    admin.post("/api/v2/roles", &body).await.expect(201);
    assert_eq!(admin.post("/api/v2/roles", &body).await.problem().0, 409);
    assert_eq!(actions(&admin, "action=Role.CREATE").await.len(), 1);

    world
        .app
        .database
        .execute("ALTER TABLE audit_entries ADD CONSTRAINT full_up CHECK (action <> 'Role.CREATE') NOT VALID")
        .await;
    let unrecorded = admin.post("/api/v2/roles", &json!({ "name": "Ghost", "data_scope": "own" })).await;

    assert!(unrecorded.status.as_u16() >= 400);
    assert_eq!(admin.get("/api/v2/roles?name=Ghost").await.expect(200)["count"], 0);
}

#[actix_web::test]
async fn nobody_changes_the_record_afterwards_not_even_the_owner_of_the_table() {
    let world = World::start().await;
    world.tenant("acme").await;
    let mut superuser = world.app.database.superuser().await;
    for statement in
        ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"]
    {
        let refused = superuser.batch_execute(statement).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{statement}: {refused}");
    }
}

#[actix_web::test]
async fn what_a_member_did_elsewhere_is_shown_to_no_tenant() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let (_, person) = world.member(&acme, "tenant_admin").await;
    let (_, also) = world.join(bolt.tenant(), person.user(), "tenant_admin").await;
    let role = json!({ "name": "Auditor", "data_scope": "own" });
    also.post("/api/v2/roles", &role).await.expect(201);
    // As an earlier release wrote it into every tenant of the person.
    for tenant in [acme.tenant(), bolt.tenant()] {
        world
            .app
            .database
            .execute(&format!(
                "INSERT INTO audit_entries (id, tenant_id, action, entity_type, actor_kind, actor_id, source, \
                 client_address, occurred_at) VALUES (gen_random_uuid(), '{tenant}', 'Session.CREATE', 'Session', \
                 'user', '{}', 'auth', '198.51.100.7', now())",
                person.user()
            ))
            .await;
    }

    let of_person = format!("actor_id={}", person.user());
    assert_eq!(actions(&acme, &of_person).await, Vec::<String>::new());
    assert_eq!(actions(&bolt, &of_person).await, ["Role.CREATE"]);
    for admin in [&acme, &bolt] {
        let all = admin.get("/api/v2/audit").await;
        assert!(!all.text.contains("198.51.100.7"), "{}", all.text);
        assert_eq!(admin.get("/api/v2/audit?source=auth").await.expect(200)["count"], 0);
    }
}

#[actix_web::test]
async fn keys_to_a_tenants_data_are_on_record_and_its_data_is_not() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let event = |entity_type: &str, event_type: &str| Envelope {
        id: Uuid::now_v7(),
        tenant_id: admin.tenant(),
        event_type: event_type.into(),
        entity_type: entity_type.into(),
        entity_id: Uuid::now_v7(),
        action: Action::Create,
        previous_state: None,
        current_state: Some(json!({ "name": "Form" })),
        changed_fields: vec![],
        actor: Actor::User { id: admin.user() },
        request_id: None,
        traceparent: None,
        occurred_at: Utc::now(),
        record: None,
        position: 0,
    };
    assert!(subscribers(Service::Lead).contains(&Service::Tenant), "its events reach us");
    let batch = [event("ApiKey", "ApiKey.CREATE"), event("Lead", "Lead.CREATE")].map(Arrived::from);

    for _ in 0..2 {
        inbox::take_in(&world.app.deps.db, &AuditConsumer, &batch).await.unwrap();
    }

    let listed = admin.get("/api/v2/audit?source=lead").await.expect(200);
    assert_eq!((&listed["count"], &listed["results"][0]["action"]), (&json!(1), &json!("ApiKey.CREATE")));
}
