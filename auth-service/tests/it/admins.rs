//! `create-admin`, as it is typed.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use contracts::identity::PlatformRole;
use serde_json::json;

use crate::stage::{PASSWORD, Stage};

/// Runs the binary with the database's settings and no others.
fn create_admin(stage: &Stage, password: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_auth-service"))
        .args(["create-admin", "--email", "Root@example.com", "--first-name", "Ro", "--last-name", "Ot"])
        .env_clear()
        .env("DATABASE_URL", stage.app.database.app_url())
        .env("DATABASE_SYSTEM_URL", stage.app.database.system_url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    child.wait_with_output().unwrap()
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[actix_web::test]
async fn a_new_admin_is_printed_by_id_and_can_sign_in() {
    let stage = Stage::set().await;

    let id = printed(&create_admin(&stage, PASSWORD));

    let session = stage.login("root@example.com").await;
    assert_eq!(id, format!("{}\n", session.user));
    assert_eq!(stage.claims(&session.access).await.platform_role, PlatformRole::InternalAdmin);
}

#[actix_web::test]
async fn run_again_with_the_same_password_it_changes_nothing() {
    let stage = Stage::set().await;
    let id = printed(&create_admin(&stage, PASSWORD));
    let session = stage.login("root@example.com").await;

    assert_eq!(printed(&create_admin(&stage, PASSWORD)), id);

    stage.refresh(&session.refresh).await.expect(200);
}

#[actix_web::test]
async fn run_again_with_another_password_it_sets_it_and_ends_the_sessions() {
    let stage = Stage::set().await;
    let id = printed(&create_admin(&stage, PASSWORD));
    let session = stage.login("root@example.com").await;

    assert_eq!(printed(&create_admin(&stage, "another good password")), id);

    stage.refresh(&session.refresh).await.expect(401);
    stage.login_with("root@example.com", "another good password").await;
}

#[actix_web::test]
async fn somebody_known_becomes_an_admin_even_if_suspended() {
    let stage = Stage::set().await;
    stage.register("root@example.com").await;
    stage.arrange("UPDATE users SET status = 'suspended'").await;

    printed(&create_admin(&stage, PASSWORD));

    let session = stage.login("root@example.com").await;
    assert_eq!(stage.claims(&session.access).await.platform_role, PlatformRole::InternalAdmin);
    let proven = "SELECT count(*) AS number FROM users WHERE email_verified_at IS NOT NULL";
    assert_eq!(stage.app.database.number(proven).await, 1);
}

#[actix_web::test]
async fn a_password_that_is_not_taken_makes_no_admin() {
    let stage = Stage::set().await;

    let output = create_admin(&stage, "password1");

    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("tried first"), "{output:?}");
    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM users").await, 0);
}

#[actix_web::test]
async fn the_commands_of_every_service_are_understood() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_auth-service")).arg("openapi").env_clear().output().unwrap();

    let document: serde_json::Value = serde_json::from_str(&printed(&output)).unwrap();

    assert_eq!(document["paths"]["/api/v2/users"]["get"]["x-permission"], json!("users:read"));
    assert!(document["paths"]["/api/v2/auth/login"]["post"]["responses"]["200"].is_object());
}
