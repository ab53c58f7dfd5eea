//! The keys that access tokens are signed with.

use auth_service::tokens;
use contracts::access_tokens::JWKS_PATH;
use futures::future::join_all;
use platform::{auth::seal::SealingKeys, config::EncryptionConfig};
use serde_json::Value;
use testkit::settings::ENCRYPTION_KEY;

use crate::stage::Stage;

fn sealing(key: &str) -> SealingKeys {
    SealingKeys::new(&EncryptionConfig { keys: vec![key.into()] }).unwrap()
}

#[actix_web::test]
async fn the_key_set_holds_public_halves_only() {
    let stage = Stage::set().await;

    let set = stage.app.anonymous().get(JWKS_PATH).await.expect(200);

    let [key] = set["keys"].as_array().unwrap().as_slice() else { panic!("{set}") };
    let mut members: Vec<&String> = key.as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x"]);
}

#[actix_web::test]
async fn processes_that_start_together_agree_on_one_key() {
    let stage = Stage::set().await;
    stage.arrange("DELETE FROM signing_keys").await;
    let sealing = sealing(ENCRYPTION_KEY);

    let keys = join_all((0..5).map(|_| tokens::active_signing_key(&stage.app.base.db, &sealing))).await;

    let mut kids: Vec<String> = keys.into_iter().map(|key| key.unwrap().kid).collect();
    kids.dedup();
    assert_eq!(kids.len(), 1);
    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM signing_keys").await, 1);
}

#[actix_web::test]
async fn a_key_survives_a_restart() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let used = jsonwebtoken::decode_header(&session.access).unwrap().kid.unwrap();

    let found = tokens::active_signing_key(&stage.app.base.db, &sealing(ENCRYPTION_KEY)).await.unwrap();

    assert_eq!(found.kid, used);
}

#[actix_web::test]
async fn a_key_that_retires_is_still_published() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    stage.arrange("UPDATE signing_keys SET status = 'retiring'").await;
    tokens::active_signing_key(&stage.app.base.db, &sealing(ENCRYPTION_KEY)).await.unwrap();

    let set: Value = stage.app.anonymous().get(JWKS_PATH).await.expect(200);

    assert_eq!(set["keys"].as_array().unwrap().len(), 2);
    assert_eq!(stage.claims(&session.access).await.sub, session.user);
}

#[actix_web::test]
async fn a_stored_key_is_sealed_and_opens_with_the_platforms_key_only() {
    let stage = Stage::set().await;
    let foreign = sealing("1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=");

    let refused = tokens::active_signing_key(&stage.app.base.db, &foreign).await.err().unwrap();

    assert!(format!("{refused}").contains("ENCRYPTION_KEY"), "{refused}");
    // What precedes the secret bytes of every Ed25519 key in PKCS#8.
    let plain = "SELECT count(*) AS number FROM signing_keys \
                 WHERE position('\\x302e020100300506032b657004220420'::bytea IN private_key) > 0";
    assert_eq!(stage.app.database.number(plain).await, 0);
}
