//! Mails are handed over, whatever happens in between.

use contracts::internal::{
    InternalCall,
    mails::{CheckMailLimits, Mail, MailStanding, QueueMail, QueuedMail},
    tenants::TenantRef,
};
use platform::jobs::run_due;
use tenant_service::people::HandOverMail;
use wiremock::{Mock, ResponseTemplate, matchers::path};

use serde_json::json;

use crate::{
    invitations::{accept, invite, try_inviting},
    world::{World, eventually, id, mails, new_tenant, person_of},
};

#[actix_web::test]
async fn a_mail_waits_for_auth_service_and_is_sent_once() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    // One call is tried three times.
    Mock::given(path(QueueMail::TEMPLATE))
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(3)
        .with_priority(1)
        .mount(&world.auth)
        .await;
    let world = World { app: world.app.with_background(), ..world };
    invite(&admin, "new@acme.example", "user").await;
    eventually("a first try failed", async || {
        world.app.database.number("SELECT count(*) AS number FROM mails WHERE last_error IS NOT NULL").await
            == 1
    })
    .await;
    let tried = mails(&world.auth).await;

    world.app.database.execute("UPDATE mails SET next_attempt_at = now()").await;

    eventually("the mail is handed over", async || {
        world.app.database.number("SELECT count(*) AS number FROM mails").await == 0
    })
    .await;
    let sent = mails(&world.auth).await;
    assert_eq!(sent.len(), tried.len() + 1);
    assert!(sent.iter().all(|mail| mail.id == sent[0].id), "auth-service knows it by its id");
}

#[actix_web::test]
async fn a_first_admin_is_invited_until_their_address_is_proven() {
    let world = World::start().await;
    let first_admin = async |client_id: &str, email: &str| {
        let mut body = new_tenant(client_id);
        body["admin"] = json!({ "email": email, "first_name": "Ada" });
        world.staff().post("/api/v2/tenants", &body).await.expect(201)
    };
    let members = async || {
        world.app.database.number("SELECT count(*) AS number FROM memberships WHERE deleted_at IS NULL").await
    };
    first_admin("acme", "New@acme.example").await;
    let bolt = first_admin("bolt", "unproven@bolt.example").await;
    assert_eq!(members().await, 0, "nobody is a member by an address that is not proven");

    first_admin("cash", "known@cash.example").await;
    assert_eq!(members().await, 1);

    for email in ["new@acme.example", "unproven@bolt.example"] {
        let mailed = world.mailed_token(email).await;
        let accepted = accept(&world, &mailed).await.expect(200);
        assert_eq!(accepted["role"], "tenant_admin");
    }
    assert_eq!(members().await, 3);
    let access = world.access(person_of("unproven@bolt.example"), TenantRef::ClientId("bolt".into())).await;
    let grant = access.grant.unwrap();
    assert_eq!((grant.role.as_str(), grant.address_proven), ("tenant_admin", true));
    assert_eq!(access.tenant.unwrap().id.0, id(&bolt));
    let welcomed = mails(&world.auth).await.into_iter().find(|mail| mail.to == "known@cash.example").unwrap();
    assert!(matches!(welcomed.mail, Mail::Welcome { .. }), "{welcomed:?}");
}

#[actix_web::test]
async fn a_first_admins_address_must_be_one() {
    let world = World::start().await;
    let mut body = new_tenant("acme");
    body["admin"] = json!({ "email": "nobody" });

    let refused = world.staff().post("/api/v2/tenants", &body).await;

    assert_eq!(refused.faults(), [("admin.email".to_owned(), "invalid_email".to_owned())]);
}

#[actix_web::test]
async fn a_tenants_name_is_one_line_of_text() {
    let world = World::start().await;
    let mut body = new_tenant("acme");
    body["name"] = json!("Acme\r\nBcc: all@example.com");

    let refused = world.staff().post("/api/v2/tenants", &body).await;
    let admin = world.tenant("bolt").await;
    let path = format!("/api/v2/tenants/{}", admin.tenant());
    let renamed = admin.patch(&path, &json!({ "name": "a\u{2028}b" })).await;

    for reply in [refused, renamed] {
        assert_eq!(reply.faults(), [("name".to_owned(), "invalid_name".to_owned())]);
    }
}

#[actix_web::test]
async fn an_address_that_gets_too_many_mails_is_not_invited_and_nothing_is_lost() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let sent = invite(&admin, "first@acme.example", "user").await;
    Mock::given(path(CheckMailLimits::TEMPLATE))
        .respond_with(ResponseTemplate::new(200).set_body_json(MailStanding { wait_seconds: Some(90) }))
        .with_priority(1)
        .mount(&world.auth)
        .await;

    let invited = try_inviting(&admin, &json!({ "email": "bob@acme.example", "role": "user" })).await;
    let path = format!("/api/v2/invitations/{}/resend", id(&sent));
    let resent = admin.post(&path, &json!({})).await;

    for refused in [invited, resent] {
        assert_eq!(refused.problem(), (429, "limit_reached"));
        assert_eq!(refused.header("retry-after"), Some("90"));
    }
    assert_eq!(admin.get("/api/v2/invitations").await.expect(200)["count"], 1);
    let mailed = world.mailed_token("first@acme.example").await;
    accept(&world, &mailed).await.expect(200);
}

#[actix_web::test]
async fn a_mail_that_is_too_many_waits_and_is_sent() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let full = QueuedMail { is_new: false, wait_seconds: Some(90) };
    Mock::given(path(QueueMail::TEMPLATE))
        .respond_with(ResponseTemplate::new(200).set_body_json(full))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&world.auth)
        .await;
    invite(&admin, "new@acme.example", "user").await;

    run_due::<HandOverMail>(&world.app.deps).await.unwrap();

    let waiting =
        "SELECT count(*) AS number FROM mails WHERE next_attempt_at > now() + interval '80 seconds'";
    assert_eq!(world.app.database.number(waiting).await, 1);
    world.app.database.execute("UPDATE mails SET next_attempt_at = now()").await;
    let mailed = world.mailed_token("new@acme.example").await;
    let sent = mails(&world.auth).await;
    assert!(sent.iter().all(|mail| mail.id == sent[0].id && mail.tenant_id == Some(admin.tenant())));
    accept(&world, &mailed).await.expect(200);
}

#[actix_web::test]
async fn a_mail_that_auth_service_refuses_is_left_after_eight_tries() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let problem = json!({"type": "x", "title": "x", "status": 422, "detail": "no", "code": "no"});
    Mock::given(path(QueueMail::TEMPLATE))
        .respond_with(ResponseTemplate::new(422).set_body_json(problem))
        .with_priority(1)
        .mount(&world.auth)
        .await;
    invite(&admin, "new@acme.example", "user").await;
    world.app.database.execute("UPDATE mails SET attempts = 6").await;

    assert_eq!(run_due::<HandOverMail>(&world.app.deps).await.unwrap(), 1);
    let waits = "SELECT count(*) AS number FROM mails WHERE next_attempt_at > now() + interval '4 hours'";
    assert_eq!(world.app.database.number(waits).await, 1);
    world.app.database.execute("UPDATE mails SET next_attempt_at = now()").await;
    assert_eq!(run_due::<HandOverMail>(&world.app.deps).await.unwrap(), 1);

    let left = "SELECT count(*) AS number FROM mails WHERE next_attempt_at IS NULL AND attempts = 8 \
                AND last_error LIKE '%422%'";
    assert_eq!(world.app.database.number(left).await, 1);
    assert_eq!(run_due::<HandOverMail>(&world.app.deps).await.unwrap(), 0);
}
