//! Mails to an address, and on behalf of a tenant, are bounded.

use contracts::{Service, TenantId};
use futures::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::stage::{Stage, registration};

const MAILS: &str = "/internal/mails";
const LIMITS: &str = "/internal/mails/limits";

fn invitation(to: &str, tenant: TenantId) -> Value {
    json!({"id": Uuid::now_v7(), "to": to, "tenant_id": tenant, "mail": {
        "template": "invitation", "tenant": "Acme", "inviter": "Ada Lovelace", "role": "manager",
        "accept_url": "https://leads.example/accept?token=secret-token", "expires_at": "2999-01-01T00:00:00Z",
    }})
}

async fn mails(stage: &Stage, to: &str) -> i64 {
    let sql = format!("SELECT count(*) AS number FROM mails WHERE recipient = '{to}'");
    stage.app.database.number(&sql).await
}

async fn forgot(stage: &Stage, email: &str) {
    let body = json!({"email": email});
    stage.app.anonymous().post("/api/v2/auth/password/forgot", &body).await.expect(202);
}

#[actix_web::test]
async fn tenants_together_use_up_half_of_an_addresss_share_and_are_told_when_there_is_room() {
    let stage = Stage::set().await;
    let asking = stage.app.service(Service::Tenant);
    let tenants = [TenantId::new(), TenantId::new(), TenantId::new()];
    let bodies: Vec<Value> = (0..15).map(|n| invitation("bob@example.com", tenants[n % 3])).collect();

    let replies = join_all(bodies.iter().map(|body| asking.put(MAILS, body))).await;

    let answers: Vec<Value> = replies.into_iter().map(|reply| reply.expect(200)).collect();
    assert_eq!(answers.iter().filter(|answer| answer["is_new"] == json!(true)).count(), 10);
    for answer in answers.iter().filter(|answer| answer["is_new"] == json!(false)) {
        let wait = answer["wait_seconds"].as_u64().unwrap();
        assert!((3_500..=3_601).contains(&wait), "{wait}");
    }
    assert_eq!(mails(&stage, "bob@example.com").await, 10);
    let asked = json!({"to": "bob@example.com", "tenant_id": TenantId::new()});
    let standing = asking.post(LIMITS, &asked).await.expect(200);
    assert!(standing["wait_seconds"].as_u64().unwrap() > 3_000, "{standing}");
    let asked = json!({"to": "eve@example.com", "tenant_id": tenants[0]});
    assert_eq!(asking.post(LIMITS, &asked).await.expect(200)["wait_seconds"], Value::Null);

    stage.arrange("UPDATE mails SET created_at = created_at - interval '1 hour'").await;
    let next = asking.put(MAILS, &invitation("bob@example.com", tenants[0])).await.expect(200);
    assert_eq!((&next["is_new"], &next["wait_seconds"]), (&json!(true), &Value::Null));
}

#[actix_web::test]
async fn what_tenants_write_leaves_room_for_the_links_that_an_owner_asks_for() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let (asking, tenant) = (stage.app.service(Service::Tenant), TenantId::new());
    for _ in 0..12 {
        asking.put(MAILS, &invitation("ada@example.com", tenant)).await.expect(200);
    }
    assert_eq!(mails(&stage, "ada@example.com").await, 10);

    forgot(&stage, "ada@example.com").await;

    let token = stage.mailed_token("ada@example.com", "reset_password").await;
    let body = json!({"token": token, "new_password": "a staple for the battery"});
    stage.app.anonymous().post("/api/v2/auth/password/reset", &body).await.expect(204);
    assert!(stage.mail("ada@example.com", "password_changed").await.text.contains("changed"));
}

#[actix_web::test]
async fn a_day_has_a_limit_of_its_own() {
    let stage = Stage::set_with(&[("MAILS_PER_ADDRESS_AND_DAY", "6")]).await;
    let (asking, tenant) = (stage.app.service(Service::Tenant), TenantId::new());
    let mut taken = 0;
    for _ in 0..6 {
        let reply = asking.put(MAILS, &invitation("bob@example.com", tenant)).await.expect(200);
        taken += i32::from(reply["is_new"] == json!(true));
        stage.arrange("UPDATE mails SET created_at = created_at - interval '2 hours'").await;
    }

    assert_eq!(taken, 3);
}

#[actix_web::test]
async fn a_tenant_writes_so_many_mails_a_day_whatever_the_addresses() {
    let stage = Stage::set_with(&[("MAILS_PER_TENANT_AND_DAY", "4")]).await;
    let asking = stage.app.service(Service::Tenant);
    let (acme, bolt) = (TenantId::new(), TenantId::new());
    let mut taken = 0;
    for n in 0..6 {
        let reply = asking.put(MAILS, &invitation(&format!("bob{n}@example.com"), acme)).await.expect(200);
        taken += i32::from(reply["is_new"] == json!(true));
    }

    assert_eq!(taken, 4);
    let other = asking.put(MAILS, &invitation("bob5@example.com", bolt)).await.expect(200);
    assert_eq!(other["is_new"], json!(true));
    let asked = json!({"to": "eve@example.com", "tenant_id": acme});
    assert!(asking.post(LIMITS, &asked).await.expect(200)["wait_seconds"].is_u64());
}

#[actix_web::test]
async fn an_owner_is_sent_so_many_links_of_a_kind_and_the_answer_stays_the_same() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;

    for _ in 0..8 {
        forgot(&stage, "ada@example.com").await;
    }

    let links = "SELECT count(*) AS number FROM mails WHERE template = 'reset_password'";
    assert_eq!(stage.app.database.number(links).await, 5);
    let tokens = "SELECT count(*) AS number FROM one_time_tokens WHERE purpose = 'reset_password'";
    assert_eq!(stage.app.database.number(tokens).await, 5, "a token that is not mailed is not made");
}

#[actix_web::test]
async fn names_in_mails_are_plain_text() {
    let stage = Stage::set().await;
    let mut body = registration("ada@example.com");
    body["first_name"] = json!("Your invoice: https://evil.example/pay");
    stage.app.anonymous().post("/api/v2/auth/register", &body).await.expect(201);

    let mail = stage.mail("ada@example.com", "verify_email").await;

    for text in [&mail.text, &mail.html] {
        assert!(!text.contains("evil.example") && text.contains("evil. example"), "{text}");
    }
}
