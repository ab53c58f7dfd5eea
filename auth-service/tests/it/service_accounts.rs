//! Accounts of outside workers, and the tokens they get.

use contracts::{
    Service,
    identity::PlatformRole,
    service_tokens::{ENRICHMENT_CALLBACK, ServiceClaims, TOKEN_TYPE},
};
use platform::auth::service_tokens::ServiceTokens;
use serde_json::{Value, json};
use testkit::{Caller, Reply, caller::read};

use crate::stage::Stage;

const ACCOUNTS: &str = "/api/v2/service-accounts";

fn admin(stage: &Stage) -> Caller {
    stage.app.signed_in(PlatformRole::InternalAdmin)
}

async fn made(stage: &Stage) -> Value {
    admin(stage).post(ACCOUNTS, &json!({"name": "Scraper"})).await.expect(201)
}

async fn token(stage: &Stage, form: &[(&str, &str)], basic: Option<(&str, &str)>) -> Reply {
    let mut request = stage.app.anonymous().request(reqwest::Method::POST, "/oauth/token").form(form);
    if let Some((id, secret)) = basic {
        request = request.basic_auth(id, Some(secret));
    }
    read(request).await
}

async fn token_of(stage: &Stage, account: &Value) -> Reply {
    let (id, secret) = (account["client_id"].as_str().unwrap(), account["client_secret"].as_str().unwrap());
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    token(stage, &form, None).await
}

/// As another service verifies it.
async fn verified(stage: &Stage, token: &str) -> Result<ServiceClaims, platform::Problem> {
    let peers = stage.peers_of(Service::Enrichment);
    ServiceTokens::new(peers).verify(Some(&format!("Bearer {token}")), ENRICHMENT_CALLBACK).await
}

#[actix_web::test]
async fn a_new_account_shows_its_secret_once() {
    let stage = Stage::set().await;

    let account = made(&stage).await;

    assert!(account["client_secret"].as_str().unwrap().starts_with("lss_"));
    assert_eq!(account["audiences"], json!([ENRICHMENT_CALLBACK]));
    let path = format!("{ACCOUNTS}/{}", account["id"].as_str().unwrap());
    let (read, list) =
        (admin(&stage).get(&path).await.expect(200), admin(&stage).get(ACCOUNTS).await.expect(200));
    assert_eq!(list["count"], 1);
    for shown in [&read, &list] {
        assert!(!shown.to_string().contains("secret"), "{shown}");
    }
    let kept = format!(
        "SELECT count(*) AS number FROM service_accounts s WHERE s::text LIKE '%{}%'",
        account["client_secret"].as_str().unwrap()
    );
    assert_eq!(stage.app.database.number(&kept).await, 0);
}

#[actix_web::test]
async fn id_and_secret_are_exchanged_for_a_short_token_that_other_services_take() {
    let stage = Stage::set().await;
    let account = made(&stage).await;

    let reply = token_of(&stage, &account).await;

    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let answer = reply.expect(200);
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(600)));
    let text = answer["access_token"].as_str().unwrap();
    assert_eq!(jsonwebtoken::decode_header(text).unwrap().typ.as_deref(), Some(TOKEN_TYPE));
    let claims = verified(&stage, text).await.unwrap();
    assert_eq!(json!(claims.sub), account["id"]);
    assert_eq!(claims.aud, ENRICHMENT_CALLBACK);
    assert_eq!(claims.exp - claims.iat, 600);
}

#[actix_web::test]
async fn a_client_may_name_itself_in_the_authorization_header() {
    let stage = Stage::set().await;
    let account = made(&stage).await;
    let basic = (account["client_id"].as_str().unwrap(), account["client_secret"].as_str().unwrap());
    let form = [("grant_type", "client_credentials"), ("audience", ENRICHMENT_CALLBACK)];

    token(&stage, &form, Some(basic)).await.expect(200);
}

#[actix_web::test]
async fn refusals_are_in_the_words_of_the_standard() {
    let stage = Stage::set().await;
    let account = made(&stage).await;
    let basic = Some((account["client_id"].as_str().unwrap(), account["client_secret"].as_str().unwrap()));
    let wrong =
        Some((account["client_id"].as_str().unwrap(), "lss_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    let grant = ("grant_type", "client_credentials");

    let refusals = [
        (token(&stage, &[grant], wrong).await, 401, "invalid_client"),
        (token(&stage, &[grant], Some(("lsc_nobody", "lss_x"))).await, 401, "invalid_client"),
        (token(&stage, &[grant], None).await, 401, "invalid_client"),
        (token(&stage, &[], basic).await, 400, "invalid_request"),
        (token(&stage, &[("grant_type", "password")], basic).await, 400, "unsupported_grant_type"),
        (token(&stage, &[grant, ("audience", "leadstream:access")], basic).await, 400, "invalid_target"),
    ];

    for (reply, status, error) in refusals {
        assert_eq!(
            (reply.status.as_u16(), reply.body["error"].as_str().unwrap()),
            (status, error),
            "{}",
            reply.text
        );
        assert_eq!(reply.header("content-type"), Some("application/json"));
        if status == 401 {
            assert!(reply.header("www-authenticate").unwrap().starts_with("Basic"));
        }
    }
    let json = stage.app.anonymous().post("/oauth/token", &json!({"grant_type": "client_credentials"})).await;
    assert_eq!(json.status, 415);
}

#[actix_web::test]
async fn an_account_that_was_switched_off_or_deleted_is_out() {
    let stage = Stage::set().await;
    let account = made(&stage).await;
    let path = format!("{ACCOUNTS}/{}", account["id"].as_str().unwrap());
    let text = token_of(&stage, &account).await.expect(200)["access_token"].as_str().unwrap().to_owned();

    admin(&stage).patch(&path, &json!({"status": "inactive"})).await.expect(200);
    let off = (token_of(&stage, &account).await.status, verified(&stage, &text).await.unwrap_err().code);
    admin(&stage).patch(&path, &json!({"status": "active"})).await.expect(200);
    verified(&stage, &text).await.unwrap();
    admin(&stage).delete(&path).await.expect(204);

    assert_eq!(off, (reqwest::StatusCode::UNAUTHORIZED, "token_revoked"));
    assert_eq!(token_of(&stage, &account).await.status, 401);
    assert_eq!(verified(&stage, &text).await.unwrap_err().code, "token_revoked");
    assert_eq!(admin(&stage).get(&path).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn another_secret_takes_the_place_of_the_old_one() {
    let stage = Stage::set().await;
    let account = made(&stage).await;
    let path = format!("{ACCOUNTS}/{}/rotate", account["id"].as_str().unwrap());

    let rotated = admin(&stage).post(&path, &json!({})).await.expect(200);

    assert_ne!(rotated["client_secret"], account["client_secret"]);
    assert_eq!(token_of(&stage, &account).await.status, 401);
    token_of(&stage, &rotated).await.expect(200);
}

#[actix_web::test]
async fn neither_kind_of_token_is_taken_for_the_other() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let account = made(&stage).await;
    let service = token_of(&stage, &account).await.expect(200)["access_token"].as_str().unwrap().to_owned();

    let as_service = verified(&stage, &session.access).await.unwrap_err();
    let wrong_audience = {
        let peers = stage.peers_of(Service::Enrichment);
        let header = format!("Bearer {service}");
        ServiceTokens::new(peers).verify(Some(&header), "leadstream:something-else").await.unwrap_err()
    };

    assert_eq!((as_service.status.as_u16(), as_service.code), (401, "invalid_token"));
    assert_eq!((wrong_audience.status.as_u16(), wrong_audience.code), (403, "wrong_audience"));
    assert_ne!(
        jsonwebtoken::decode_header(&service).unwrap().typ,
        jsonwebtoken::decode_header(&session.access).unwrap().typ
    );
}

#[actix_web::test]
async fn names_and_audiences_are_checked_and_versions_kept() {
    let stage = Stage::set().await;
    let account = made(&stage).await;
    let path = format!("{ACCOUNTS}/{}", account["id"].as_str().unwrap());

    let taken = admin(&stage).post(ACCOUNTS, &json!({"name": "Scraper"})).await;
    let audience =
        admin(&stage).post(ACCOUNTS, &json!({"name": "x", "audiences": ["leadstream:access"]})).await;
    admin(&stage).patch(&path, &json!({"name": "Crawler"})).await.expect(200);
    let stale = admin(&stage).with("if-match", "\"1\"").patch(&path, &json!({"name": "x"})).await;

    assert_eq!(taken.problem(), (409, "already_exists"));
    assert_eq!(audience.faults(), [("audiences.0".to_owned(), "not_allowed".to_owned())]);
    assert_eq!(stale.problem(), (412, "version_conflict"));
}
