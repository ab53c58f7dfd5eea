//! One's own account, the platform's users, and what other services ask about them.

use contracts::{Service, identity::PlatformRole, permissions::Permission, permissions::UsersRead};
use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{PASSWORD, Stage, registration};

const ME: &str = "/api/v2/auth/me";
const MEMBERSHIPS: &str = "/internal/memberships";
const CLAIM: &str = "/internal/users/claim";

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
async fn users_are_found_by_words_of_their_names_and_addresses_in_any_form() {
    let stage = Stage::set().await;
    for email in ["ada@example.com", "bob@example.com", "eve@example.org"] {
        stage.register(email).await;
    }
    for (email, first, last) in
        [("ada", "Zoë", "Wiśniewska"), ("bob", "bea", "Groß"), ("eve", "Adam", "O''Brien")]
    {
        let sql = format!(
            "UPDATE users SET first_name = '{first}', last_name = '{last}' WHERE email LIKE '{email}@%'"
        );
        stage.app.database.execute(&sql).await;
    }
    let admin = stage.app.signed_in(PlatformRole::InternalAdmin).holding(&[UsersRead::CODE]);
    let emails = async |query: &str| {
        let page = admin.get(&format!("/api/v2/users?ordering=first_name&{query}")).await.expect(200);
        let users = page["results"].as_array().unwrap().iter();
        users.map(|user| user["email"].as_str().unwrap()[..3].to_owned()).collect::<Vec<_>>().join(" ")
    };

    assert_eq!(emails("search=zoe+wisniewska").await, "ada");
    assert_eq!(emails("search=Wisniewska+Zoe").await, "ada");
    assert_eq!(emails("search=gross+bea").await, "bob");
    assert_eq!(emails("search=obrien").await, "eve");
    assert_eq!(emails("search=bea+wisniewska").await, "");
    assert_eq!(emails("email=ADA@Example.COM").await, "ada");
    assert_eq!(emails("email__in=ADA@Example.COM,Bob@example.com").await, "bob ada");
    assert_eq!(emails("").await, "eve bob ada", "in the order of people, not of bytes");
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
    stage.register("ada@example.com").await;
    stage.prove("ada@example.com").await;
    let session = stage.login("ada@example.com").await;
    let admin = stage.app.signed_in(PlatformRole::InternalAdmin);

    let path = format!("/api/v2/users/{}", session.user);
    admin.patch(&path, &json!({"platform_role": "internal_cs"})).await.expect(200);

    let gateway = stage.app.service(Service::Gateway);
    let void = gateway.post("/internal/revocations", &json!({"after": 0})).await.expect(200);
    assert_eq!(void[0]["subject"], json!(session.user));
    let renewed = stage.refresh(&session.refresh).await.expect(200);
    assert_eq!(
        stage.claims(renewed["access_token"].as_str().unwrap()).await.platform_role,
        PlatformRole::InternalCs
    );
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
            "DELETE FROM one_time_tokens; DELETE FROM mails; DELETE FROM proof_notices; UPDATE users SET id = '{}' WHERE id = '{user}'",
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
        "email_verified": false, "platform_role": "none",
    }]);
    assert_eq!(known, expected);
}

fn claim(email: &str, password: Option<&str>) -> Value {
    json!({"email": email, "first_name": "Grace", "last_name": null, "password": password})
}

#[actix_web::test]
async fn whoever_was_mailed_a_token_gets_an_account_with_a_proven_address() {
    let stage = Stage::set().await;
    let asking = stage.app.service(Service::Tenant);

    let without = asking.put(CLAIM, &claim("ada@example.com", None)).await;
    let made = asking.put(CLAIM, &claim("Ada@example.com", Some(PASSWORD))).await.expect(200);
    let again = asking.put(CLAIM, &claim("ada@example.com", None)).await.expect(200);

    assert_eq!(without.faults(), [("password".to_owned(), "required".to_owned())]);
    assert_eq!((&made["id"], &made["email_verified"]), (&again["id"], &json!(true)));
    assert_eq!(made["first_name"], "Grace");
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    let answer = stage.app.anonymous().post("/api/v2/auth/login", &body).await.expect(200);
    assert_eq!(answer["user"]["email_verified"], true);
}

#[actix_web::test]
async fn nothing_of_an_account_with_a_proven_address_is_replaced_by_a_claim() {
    let stage = Stage::set().await;
    let user = stage.register("ada@example.com").await;
    stage.prove("ada@example.com").await;
    let session = stage.login("ada@example.com").await;
    let asking = stage.app.service(Service::Tenant);

    let found = asking.put(CLAIM, &claim("ada@example.com", Some("another good one"))).await.expect(200);

    assert_eq!((&found["id"], &found["first_name"]), (&json!(user), &json!("Ada")));
    stage.login("ada@example.com").await;
    stage.refresh(&session.refresh).await.expect(200);
}

#[actix_web::test]
async fn another_service_learns_whether_there_is_an_account_with_an_address() {
    let stage = Stage::set().await;
    let user = stage.register("ada@example.com").await;
    let asking = stage.app.service(Service::Tenant);
    let find =
        async |email: &str| asking.post("/internal/users/find", &json!({"email": email})).await.expect(200);

    let (unproven, nobody) = (find("Ada@example.com").await, find("eve@example.com").await);
    stage.prove("ada@example.com").await;

    assert_eq!((&unproven["id"], &unproven["email_verified"]), (&json!(user), &json!(false)));
    assert_eq!(find("ada@example.com").await["email_verified"], true);
    assert_eq!(nobody, Value::Null);
}

#[actix_web::test]
async fn many_claims_of_an_account_at_once_make_one() {
    let stage = Stage::set().await;
    let asking = stage.app.service(Service::Tenant);
    let body = claim("ada@example.com", Some(PASSWORD));

    let replies = futures::future::join_all((0..8).map(|_| asking.put(CLAIM, &body))).await;

    let mut ids: Vec<String> = replies.into_iter().map(|reply| reply.expect(200)["id"].to_string()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
}

#[actix_web::test]
async fn a_claim_obeys_the_rules_for_addresses_and_passwords() {
    let stage = Stage::set().await;
    let asking = stage.app.service(Service::Tenant);

    let address = asking.put(CLAIM, &claim("nowhere", Some(PASSWORD))).await;
    let password = asking.put(CLAIM, &claim("ada@example.com", Some("password1"))).await;

    assert_eq!(address.faults(), [("email".to_owned(), "invalid_email".to_owned())]);
    assert_eq!(password.faults(), [("password".to_owned(), "password_too_common".to_owned())]);
}

#[actix_web::test]
async fn an_account_whose_registration_is_pending_cannot_be_claimed_yet() {
    let stage = Stage::set().await;
    let user = stage.register("ada@example.com").await;
    stage
        .arrange(&format!(
            "INSERT INTO tenant_foundings (user_id, new_tenant_id, client_id, name, website, next_attempt_at) \
             VALUES ('{user}', gen_random_uuid(), 'acme', 'Acme', 'https://acme.example', now())"
        ))
        .await;

    let body = claim("ada@example.com", Some(PASSWORD));
    let reply = stage.app.service(Service::Tenant).put(CLAIM, &body).await;

    assert_eq!(reply.problem(), (503, "registration_pending"));
}

#[actix_web::test]
async fn a_role_on_the_platform_takes_a_proven_address() {
    let stage = Stage::set().await;
    let user = stage.register("ada@example.com").await;
    let admin = stage.app.signed_in(PlatformRole::InternalAdmin);
    let path = format!("/api/v2/users/{user}");

    for role in ["internal_cs", "internal_admin"] {
        let refused = admin.patch(&path, &json!({"platform_role": role})).await;
        assert_eq!(refused.problem(), (422, "address_unproven"), "{role}");
    }
    admin.patch(&path, &json!({"status": "suspended"})).await.expect(200);
    admin.patch(&path, &json!({"status": "active"})).await.expect(200);
    stage.prove("ada@example.com").await;

    let changed = admin.patch(&path, &json!({"platform_role": "internal_cs"})).await.expect(200);
    assert_eq!(changed["platform_role"], "internal_cs");
}

#[actix_web::test]
async fn not_even_a_statement_makes_staff_of_somebody_without_a_proven_address() {
    use diesel_async::SimpleAsyncConnection;
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let mut superuser = stage.app.database.superuser().await;

    let refused = superuser.batch_execute("UPDATE users SET platform_role = 'internal_admin'").await;

    assert!(refused.unwrap_err().to_string().contains("users_platform_role_proven_check"));
}

#[actix_web::test]
async fn names_are_one_line_of_text() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    stage.tenant_service_answers("POST", MEMBERSHIPS, 200, &json!([])).await;
    let mut body = registration("eve@example.com");
    body["first_name"] = json!("Your invoice\r\nhttps://evil.example");

    let registered = stage.app.anonymous().post("/api/v2/auth/register", &body).await;
    let renamed = json!({"last_name": "a\u{202e}b"});
    let renamed = stage.send(&session, Method::PATCH, ME, Some(&renamed)).await;

    assert_eq!(registered.faults(), [("first_name".to_owned(), "invalid_name".to_owned())]);
    assert_eq!(renamed.faults(), [("last_name".to_owned(), "invalid_name".to_owned())]);
}
