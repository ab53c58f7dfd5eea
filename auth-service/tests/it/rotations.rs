//! Key rotation without ending sessions.

use std::process::{Command, Output};

use auth_service::housekeeping;
use auth_service::{
    administration::{RotateKeys, Rotated},
    tokens,
};
use contracts::access_tokens::JWKS_PATH;
use platform::{auth::seal::SealingKeys, config::EncryptionConfig};
use reqwest::Method;
use serde_json::json;
use testkit::settings::ENCRYPTION_KEY;

use crate::stage::{PASSWORD, Stage};

const NEXT_KEY: &str = "2:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

fn sealing(keys: &[&str]) -> SealingKeys {
    SealingKeys::new(&EncryptionConfig { keys: keys.iter().map(|&key| key.into()).collect() }).unwrap()
}

fn kid(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

async fn rotate(stage: &Stage) -> Rotated {
    let rotation = RotateKeys { reseal_only: false };
    rotation.rotate(&stage.app.base.db, &sealing(&[ENCRYPTION_KEY])).await.unwrap()
}

#[actix_web::test]
async fn a_new_key_signs_and_what_the_old_one_signed_is_still_good() {
    let stage = Stage::set().await;
    let before = stage.registered_session("ada@example.com").await;

    let done = rotate(&stage).await;
    assert!(tokens::take_up_newer_signing_key(&stage.app.deps).await.unwrap());
    let answer = stage.refresh(&before.refresh).await.expect(200);
    let after = stage.session(&answer["access_token"], &answer["refresh_token"]).await;

    assert_eq!(done.kid, Some(kid(&after.access)));
    assert_ne!(kid(&before.access), kid(&after.access));
    assert_eq!(stage.claims(&before.access).await.sub, before.user, "nobody is logged out");
    assert_eq!(after.id, before.id);
    assert!(!tokens::take_up_newer_signing_key(&stage.app.deps).await.unwrap());
}

#[actix_web::test]
async fn a_process_that_has_not_noticed_goes_on_with_a_key_that_is_still_published() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;

    rotate(&stage).await;
    let session = stage.login("ada@example.com").await;

    assert_eq!(stage.claims(&session.access).await.sub, session.user);
}

#[actix_web::test]
async fn a_retired_key_is_forgotten_when_nothing_it_signed_is_good_any_more() {
    let stage = Stage::set().await;
    rotate(&stage).await;
    let published =
        async || stage.app.anonymous().get(JWKS_PATH).await.expect(200)["keys"].as_array().unwrap().len();

    housekeeping::clean(&stage.app.deps).await.unwrap();
    let soon = published().await;
    stage.arrange("UPDATE signing_keys SET retired_at = retired_at - interval '1 day'").await;
    housekeeping::clean(&stage.app.deps).await.unwrap();

    assert_eq!((soon, published().await), (2, 1));
}

#[actix_web::test]
async fn rotations_at_once_leave_one_active_key() {
    let stage = Stage::set().await;

    futures::future::join_all((0..4).map(|_| rotate(&stage))).await;

    let active = "SELECT count(*) AS number FROM signing_keys WHERE status = 'active'";
    assert_eq!(stage.app.database.number(active).await, 1);
    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM signing_keys").await, 5);
}

#[actix_web::test]
async fn everything_sealed_is_sealed_anew_so_that_the_old_encryption_key_can_go() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let body = json!({"password": PASSWORD});
    stage.send(&session, Method::POST, "/api/v2/auth/second-factor/enrol", Some(&body)).await.expect(200);
    let db = &stage.app.base.db;
    let rotation = RotateKeys { reseal_only: true };

    let done = rotation.rotate(db, &sealing(&[NEXT_KEY, ENCRYPTION_KEY])).await.unwrap();
    let again = rotation.rotate(db, &sealing(&[NEXT_KEY, ENCRYPTION_KEY])).await.unwrap();

    // The signing key, the app's secret and the mail that is still to be sent.
    assert_eq!(done, Rotated { kid: None, resealed: 3 });
    assert_eq!(again.resealed, 0);
    let alone = tokens::active_signing_key(db, &sealing(&[NEXT_KEY])).await.unwrap();
    assert_eq!(alone.kid, kid(&session.access));
    assert!(
        rotation.rotate(db, &sealing(&["3:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="])).await.is_err()
    );
}

fn run(stage: &Stage, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_auth-service"))
        .arg("rotate-keys")
        .args(arguments)
        .env_clear()
        .env("DATABASE_URL", stage.app.database.app_url())
        .env("DATABASE_SYSTEM_URL", stage.app.database.system_url())
        .env("ENCRYPTION_KEY", ENCRYPTION_KEY)
        .output()
        .unwrap()
}

#[actix_web::test]
async fn it_is_a_command() {
    let stage = Stage::set().await;

    let output = run(&stage, &[]);

    let printed = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(printed.contains("signs from now on") && printed.contains("0 stored secrets"), "{printed}");
}
