//! Mails are handed over, whatever happens in between.

use contracts::internal::{
    InternalCall,
    mails::{Mail, QueueMail},
};
use wiremock::{Mock, ResponseTemplate, matchers::path};

use serde_json::json;

use crate::{
    invitations::{accept, invite},
    world::{World, eventually, mailed_links, mails, new_tenant},
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
async fn a_first_admin_without_an_account_chooses_a_password_by_invitation() {
    let world = World::start().await;
    let world = World { app: world.app.with_background(), ..world };
    let mut body = new_tenant("acme");
    body["admin"] = json!({ "email": "new@acme.example", "first_name": "Ada" });
    let mut known = new_tenant("bolt");
    known["admin"] = json!({ "email": "known@bolt.example" });

    world.staff().post("/api/v2/tenants", &body).await.expect(201);
    world.staff().post("/api/v2/tenants", &known).await.expect(201);

    eventually("both are written to", async || mails(&world.auth).await.len() == 2).await;
    let link = mailed_links(&world.auth, "new@acme.example").await.remove(0);
    let accepted = accept(&world, link.split_once("?token=").unwrap().1).await.expect(200);
    assert_eq!((&accepted["role"], &accepted["client_id"]), (&json!("tenant_admin"), &json!("acme")));
    let welcomed = mails(&world.auth).await.into_iter().find(|mail| mail.to == "known@bolt.example").unwrap();
    assert!(matches!(welcomed.mail, Mail::Welcome { .. }), "{welcomed:?}");
    let members = world.app.database.number("SELECT count(*) AS number FROM memberships").await;
    assert_eq!(members, 2, "the admin was a member already");
}
