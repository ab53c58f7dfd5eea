//! One's own account, the platform's users, and what other services ask about them.

use contracts::{Service, identity::PlatformRole, permissions::Permission, permissions::UsersRead};
use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{PASSWORD, Stage};

const ME: &str = "/api/v2/auth/me";
const MEMBERSHIPS: &str = "/internal/memberships";
const ENSURE: &str = "/internal/users/ensure";

fn membership() -> Value {
    json!({
        "tenant_id": "01890000-0000-7000-8000-000000000001", "client_id": "acme", "name": "Acme",
        "membership_id": "01890000-0000-7000-8000-000000000002", "role": "tenant_admin", "data_scope": "all",
        "permissions": ["leads:read"],
    })
}

#[actix_web::test]
async fn one_sees_who_one_is_and_where_one_belongs() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    stage.tenant_service_answers("POST", MEMBERSHIPS, 200, &json!([membership()])).await;

    let reply = stage.send(&session, Method::GET, ME, None).await;

    assert_eq!(reply.header("etag"), Some("\"1\""));
    let expected = json!({
        "id": session.user, "email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace",
        "account_type": "company", "platform_role": "none", "email_verified": false, "memberships": [membership()],
    });
    assert_eq!(reply.expect(200), expected);
    assert_eq!(stage.asked_of_tenant_service().await, [json!({"user_id": session.user})]);
}

#[actix_web::test]
async fn without_tenant_service_nobody_is_told_that_they_belong_nowhere() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    stage.tenant_service_answers("POST", MEMBERSHIPS, 503, &json!({})).await;

    let reply = stage.send(&session, Method::GET, ME, None).await;

    assert_eq!(reply.problem(), (503, "unavailable"));
    assert!(reply.header("retry-after").is_some());
}

#[actix_web::test]
async fn one_changes_ones_own_name_and_nothing_else() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    stage.tenant_service_answers("POST", MEMBERSHIPS, 200, &json!([])).await;

    let body = json!({"first_name": " Augusta "});
    let changed = stage.send(&session, Method::PATCH, ME, Some(&body)).await;
    let body = json!({"platform_role": "internal_admin"});
    let refused = stage.send(&session, Method::PATCH, ME, Some(&body)).await;

    assert_eq!(changed.header("etag"), Some("\"2\""));
    let changed = changed.expect(200);
    assert_eq!((&changed["first_name"], &changed["last_name"]), (&json!("Augusta"), &json!("Lovelace")));
    assert_eq!(refused.faults(), [("platform_role".to_owned(), "unknown_field".to_owned())]);
}

#[actix_web::test]
async fn a_change_to_a_version_that_is_gone_is_refused() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    stage.tenant_service_answers("POST", MEMBERSHIPS, 200, &json!([])).await;
    let body = json!({"first_name": "Augusta"});
    stage.send_with(&session, Method::PATCH, ME, Some(&body), &[("if-match", "\"1\"")]).await.expect(200);

    let stale = stage.send_with(&session, Method::PATCH, ME, Some(&body), &[("if-match", "\"1\"")]).await;

    assert_eq!(stale.problem(), (412, "version_conflict"));
}

#[actix_web::test]
async fn administrators_list_and_filter_users() {
    let stage = Stage::set().await;
    for email in ["ada@example.com", "bob@example.com", "eve@example.org"] {
        stage.register(email).await;
    }
    let admin = stage.app.signed_in(PlatformRole::InternalAdmin).holding(&[UsersRead::CODE]);

    let all = admin.get("/api/v2/users?ordering=email&page_size=2").await.expect(200);
    let some = admin.get("/api/v2/users?search=example.com&status=active&fields=email").await.expect(200);
    let unknown = admin.get("/api/v2/users?password_hash=x").await;

    assert_eq!(all["count"], 3);
    assert!(all["next"].as_str().unwrap().contains("page=2"));
    assert_eq!(all["results"][0]["email"], "ada@example.com");
    assert_eq!(all["results"][0]["status"], "active");
    assert!(!all.to_string().contains("argon2"), "{all}");
    assert_eq!(some["results"].as_array().unwrap().len(), 2);
    assert_eq!(unknown.faults(), [("password_hash".to_owned(), "unknown_filter".to_owned())]);
}

#[actix_web::test]
async fn a_suspended_user_is_out_at_once_and_everywhere() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let admin = stage.app.signed_in(PlatformRole::InternalAdmin);
    let path = format!("/api/v2/users/{}", session.user);

    let changed = admin.patch(&path, &json!({"status": "suspended"})).await.expect(200);

    assert_eq!(changed["status"], "suspended");
    stage.refresh(&session.refresh).await.expect(401);
    let gateway = stage.app.service(Service::Gateway);
    let void = gateway.post("/internal/revocations", &json!({"after": 0})).await.expect(200);
    assert_eq!(void[0]["subject"], json!(session.user));
    assert!(void[0]["issued_before"].is_string());
}

#[actix_web::test]
async fn a_user_who_is_let_in_again_can_sign_in() {
    let stage = Stage::set().await;
    let user = stage.register("ada@example.com").await;
    let admin = stage.app.signed_in(PlatformRole::InternalAdmin);
    let path = format!("/api/v2/users/{user}");
    admin.patch(&path, &json!({"status": "suspended"})).await.expect(200);

    admin.patch(&path, &json!({"status": "active"})).await.expect(200);

    stage.login("ada@example.com").await;
}

#[actix_web::test]
async fn another_platform_role_voids_the_tokens_that_state_the_old_one_and_keeps_the_sessions() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let admin = stage.app.signed_in(PlatformRole::InternalAdmin);

    let path = format!("/api/v2/users/{}", session.user);
    admin.patch(&path, &json!({"platform_role": "internal_cs"})).await.expect(200);

    let gateway = stage.app.service(Service::Gateway);
    let void = gateway.post("/internal/revocations", &json!({"after": 0})).await.expect(200);
    assert_eq!(void[0]["subject"], json!(session.user));
    let renewed = stage.refresh(&session.refresh).await.expect(200);
    assert_eq!(stage.claims(renewed["access_token"].as_str().unwrap()).await.prl, PlatformRole::InternalCs);
}

#[actix_web::test]
async fn a_change_that_takes_nothing_away_voids_nothing() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let admin = stage.app.signed_in(PlatformRole::InternalAdmin);

    admin.patch(&format!("/api/v2/users/{}", session.user), &json!({"status": "active"})).await.expect(200);

    let gateway = stage.app.service(Service::Gateway);
    assert_eq!(gateway.post("/internal/revocations", &json!({"after": 0})).await.expect(200), json!([]));
}

#[actix_web::test]
async fn administrators_do_not_change_their_own_standing() {
    let stage = Stage::set().await;
    let admin = stage.app.signed_in(PlatformRole::InternalAdmin);
    let user = stage.register("ada@example.com").await;
    stage
        .arrange(&format!(
            "DELETE FROM one_time_tokens; DELETE FROM mails; UPDATE users SET id = '{}' WHERE id = '{user}'",
            admin.user()
        ))
        .await;

    let reply =
        admin.patch(&format!("/api/v2/users/{}", admin.user()), &json!({"status": "suspended"})).await;

    assert_eq!(reply.problem(), (422, "own_account"));
    stage.login("ada@example.com").await;
}

#[actix_web::test]
async fn a_user_is_read_with_a_version_and_a_stale_change_is_refused() {
    let stage = Stage::set().await;
    let user = stage.register("ada@example.com").await;
    let admin = stage.app.signed_in(PlatformRole::InternalAdmin);
    let path = format!("/api/v2/users/{user}");

    let read = admin.get(&path).await;
    let stale = admin.with("if-match", "\"7\"").patch(&path, &json!({"status": "inactive"})).await;
    let unknown = admin.get(&format!("/api/v2/users/{}", uuid::Uuid::now_v7())).await;

    assert_eq!(read.header("etag"), Some("\"1\""));
    assert_eq!(stale.problem(), (412, "version_conflict"));
    assert_eq!(unknown.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn other_services_are_told_who_people_are() {
    let stage = Stage::set().await;
    let user = stage.register("ada@example.com").await;
    let asking = stage.app.service(Service::Tenant);

    let body = json!({"user_ids": [user, uuid::Uuid::now_v7()]});
    let known = asking.post("/internal/users/describe", &body).await.expect(200);

    let expected = json!([{
        "id": user, "email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace", "active": true,
    }]);
    assert_eq!(known, expected);
}

#[actix_web::test]
async fn an_invited_person_is_made_once_and_gets_a_password_later() {
    let stage = Stage::set().await;
    let asking = stage.app.service(Service::Tenant);
    let invite = json!({"email": "Ada@example.com", "first_name": null, "last_name": null, "password": null});
    let accept =
        json!({"email": "ada@example.com", "first_name": "Ada", "last_name": "L", "password": PASSWORD});

    let invited = asking.put(ENSURE, &invite).await.expect(200);
    let again = asking.put(ENSURE, &invite).await.expect(200);
    let accepted = asking.put(ENSURE, &accept).await.expect(200);

    assert_eq!(invited["id"], again["id"]);
    assert_eq!(invited["id"], accepted["id"]);
    assert_eq!(accepted["first_name"], "Ada");
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    let answer = stage.app.anonymous().post("/api/v2/auth/login", &body).await.expect(200);
    assert_eq!(answer["user"]["email_verified"], true);
}

#[actix_web::test]
async fn nobodys_password_or_name_is_replaced_by_an_invitation() {
    let stage = Stage::set().await;
    let user = stage.register("ada@example.com").await;
    stage.arrange("UPDATE users SET email_verified_at = now()").await;
    let asking = stage.app.service(Service::Tenant);

    let body = json!({"email": "ada@example.com", "first_name": "Eve", "last_name": "E", "password": "another good one"});
    let found = asking.put(ENSURE, &body).await.expect(200);

    assert_eq!((&found["id"], &found["first_name"]), (&json!(user), &json!("Ada")));
    stage.login("ada@example.com").await;
}

#[actix_web::test]
async fn whoever_registered_with_somebody_elses_address_is_out_when_its_owner_accepts_an_invitation() {
    let stage = Stage::set().await;
    let squatter = stage.registered_session("ada@example.com").await;
    let body = json!({"email": "ada@example.com", "first_name": "Ada", "last_name": "L", "password": "the owner's own password"});

    let found = stage.app.service(Service::Tenant).put(ENSURE, &body).await.expect(200);

    assert_eq!(found["id"], json!(squatter.user));
    stage.refresh(&squatter.refresh).await.expect(401);
    let old = json!({"email": "ada@example.com", "password": PASSWORD});
    stage.app.anonymous().post("/api/v2/auth/login", &old).await.expect(401);
    stage.login_with("ada@example.com", "the owner's own password").await;
}

#[actix_web::test]
async fn another_service_learns_whether_there_is_somebody_with_an_address() {
    let stage = Stage::set().await;
    let user = stage.register("ada@example.com").await;
    let asking = stage.app.service(Service::Tenant);
    let body = json!({"email": "bob@example.com", "first_name": null, "last_name": null, "password": null});
    asking.put(ENSURE, &body).await.expect(200);
    let find =
        async |email: &str| asking.post("/internal/users/find", &json!({"email": email})).await.expect(200);

    let (ada, bob, nobody) =
        (find("Ada@example.com").await, find("bob@example.com").await, find("eve@example.com").await);

    assert_eq!((&ada["user"]["id"], &ada["can_sign_in"]), (&json!(user), &json!(true)));
    assert_eq!(bob["can_sign_in"], false);
    assert_eq!(nobody, Value::Null);
}

#[actix_web::test]
async fn an_invitation_of_one_person_many_times_at_once_makes_one() {
    let stage = Stage::set().await;
    let asking = stage.app.service(Service::Tenant);
    let body = json!({"email": "ada@example.com", "first_name": null, "last_name": null, "password": null});

    let replies = futures::future::join_all((0..8).map(|_| asking.put(ENSURE, &body))).await;

    let mut ids: Vec<String> = replies.into_iter().map(|reply| reply.expect(200)["id"].to_string()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
}

#[actix_web::test]
async fn an_invitation_obeys_the_rules_for_addresses_and_passwords() {
    let stage = Stage::set().await;
    let asking = stage.app.service(Service::Tenant);
    let person = |email: &str, password: &str| json!({"email": email, "first_name": null, "last_name": null, "password": password});

    let address = asking.put(ENSURE, &person("nowhere", PASSWORD)).await;
    let password = asking.put(ENSURE, &person("ada@example.com", "password1")).await;

    assert_eq!(address.faults(), [("email".to_owned(), "invalid_email".to_owned())]);
    assert_eq!(password.faults(), [("password".to_owned(), "password_too_common".to_owned())]);
}

#[actix_web::test]
async fn a_person_whose_registration_is_pending_cannot_be_invited_yet() {
    let stage = Stage::set().await;
    let user = stage.register("ada@example.com").await;
    stage
        .arrange(&format!(
            "INSERT INTO tenant_foundings (user_id, new_tenant_id, client_id, name, website, next_attempt_at) \
             VALUES ('{user}', gen_random_uuid(), 'acme', 'Acme', 'https://acme.example', now())"
        ))
        .await;
    let body = json!({"email": "ada@example.com", "first_name": null, "last_name": null, "password": null});

    let reply = stage.app.service(Service::Tenant).put(ENSURE, &body).await;

    assert_eq!(reply.problem(), (503, "registration_pending"));
}
