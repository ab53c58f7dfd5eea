//! The pages that mailed links lead to.

use serde_json::json;
use testkit::Reply;

use crate::stage::{PASSWORD, Stage};

const NEW: &str = "a staple for the battery";

/// What the link of the newest mail of that kind leads to, and the token in it.
async fn follow(stage: &Stage, template: &str) -> (Reply, String) {
    let mail = stage.mail("ada@example.com", template).await;
    let link = mail.text.lines().find(|line| line.starts_with("http")).unwrap().to_owned();
    let target = link.strip_prefix("http://localhost:8000").unwrap().to_owned();
    let token = target.split_once("?token=").unwrap().1.to_owned();
    (stage.app.anonymous().get(&target).await, token)
}

/// Posts to where the page's form would.
async fn send(stage: &Stage, page: &Reply, body: &serde_json::Value) -> Reply {
    let path = page.text.split_once("data-sends=\"").unwrap().1.split_once('"').unwrap().0;
    stage.app.anonymous().post(path, body).await
}

fn is_a_page(reply: &Reply) {
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let policy = reply.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
}

#[actix_web::test]
async fn the_link_that_proves_an_address_leads_to_a_page_that_spends_nothing_until_it_is_told_to() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let verified = "SELECT count(*) AS number FROM users WHERE email_verified_at IS NOT NULL";

    let (page, token) = follow(&stage, "verify_email").await;
    follow(&stage, "verify_email").await;

    is_a_page(&page);
    assert!(!page.text.contains(&token), "the page is the same for everybody: {}", page.text);
    assert_eq!(stage.app.database.number(verified).await, 0);
    send(&stage, &page, &json!({"token": token})).await.expect(200);
    assert_eq!(stage.app.database.number(verified).await, 1);
}

#[actix_web::test]
async fn the_link_to_choose_a_password_leads_to_a_page_whose_form_sets_it() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let forgot = json!({"email": "ada@example.com"});
    stage.app.anonymous().post("/api/v2/auth/password/forgot", &forgot).await.expect(202);

    let (page, token) = follow(&stage, "reset_password").await;

    is_a_page(&page);
    assert!(page.text.contains("name=\"new_password\""), "{}", page.text);
    stage.login_with("ada@example.com", PASSWORD).await;
    send(&stage, &page, &json!({"token": token, "new_password": NEW})).await.expect(204);
    stage.login_with("ada@example.com", NEW).await;
}

#[actix_web::test]
async fn links_lead_to_a_front_end_where_there_is_one() {
    let stage = Stage::set_with(&[("FRONTEND_URL", "https://app.leads.example/ui/")]).await;
    stage.register("ada@example.com").await;

    let mail = stage.mail("ada@example.com", "verify_email").await;

    let link = "https://app.leads.example/ui/verify-email?token=lsv_";
    assert!(mail.text.lines().any(|line| line.starts_with(link)), "{}", mail.text);
}
