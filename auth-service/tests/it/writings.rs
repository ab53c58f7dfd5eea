//! Accounts of before with addresses that are written otherwise than addresses are read now.

use contracts::{UserId, identity::PlatformRole, permissions::Permission, permissions::UsersRead};
use serde_json::json;
use testkit::Reply;

use crate::stage::{PASSWORD, Stage, registration};

const MIGRATION: &str = include_str!("../../migrations/00000000000029_mail_domains/up.sql");
/// One address: as people write it, with letters and marks apart, and as mail servers write it.
const WRITINGS: [&str; 3] =
    ["jörg@köln.example", "jo\u{308}rg@ko\u{308}ln.example", "jörg@xn--kln-sna.example"];

/// Writes the address of an account as an earlier release did.
async fn rewrite(stage: &Stage, person: UserId, email: &str) {
    stage.arrange(&format!("UPDATE users SET email = '{email}' WHERE id = '{person}'")).await;
}

async fn is_written(stage: &Stage, person: UserId, email: &str) -> bool {
    let sql = format!("SELECT count(*) AS number FROM users WHERE id = '{person}' AND email = '{email}'");
    stage.app.database.number(&sql).await == 1
}

async fn login(stage: &Stage, email: &str) -> Reply {
    stage.app.anonymous().post("/api/v2/auth/login", &json!({"email": email, "password": PASSWORD})).await
}

#[actix_web::test]
async fn an_account_of_before_is_found_by_every_writing_of_its_address() {
    for written in WRITINGS {
        let stage = Stage::set().await;
        let person = stage.register("ada@example.com").await;
        rewrite(&stage, person, written).await;

        stage.arrange(MIGRATION).await;

        assert!(is_written(&stage, person, WRITINGS[2]).await, "{written}");
        for given in WRITINGS {
            assert_eq!(login(&stage, given).await.expect(200)["user"]["id"], json!(person), "{given}");
        }
        let taken = stage.app.anonymous().post("/api/v2/auth/register", &registration(written)).await;
        assert_eq!(taken.problem(), (409, "email_taken"));
        let named = "SELECT count(*) AS number FROM security_events WHERE action = 'User.email.CONFLICT'";
        assert_eq!(stage.app.database.number(named).await, 0);
    }
}

#[actix_web::test]
async fn of_accounts_with_one_address_the_proven_one_gets_it_and_the_others_are_named() {
    // The proven one has each of the writings in turn.
    for shift in 0..WRITINGS.len() {
        let stage = Stage::set().await;
        let (early, proven) =
            (stage.register("early@example.com").await, stage.register("own@example.com").await);
        let late = stage.register("late@example.com").await;
        stage.prove("own@example.com").await;
        for (person, place) in [(proven, shift), (early, shift + 1), (late, shift + 2)] {
            rewrite(&stage, person, WRITINGS[place % WRITINGS.len()]).await;
        }

        stage.arrange(MIGRATION).await;

        assert!(is_written(&stage, proven, WRITINGS[2]).await, "{shift}");
        for given in WRITINGS {
            assert_eq!(
                login(&stage, given).await.expect(200)["user"]["id"],
                json!(proven),
                "{shift} {given}"
            );
        }
        let admin = stage.app.signed_in(PlatformRole::InternalAdmin).holding(&[UsersRead::CODE]);
        for person in [early, late] {
            let path = format!("/api/v2/users/{person}/security-events?action=User.email.CONFLICT");
            let named = admin.get(&path).await.expect(200);
            assert_eq!((&named["count"], &named["results"][0]["entity_id"]), (&json!(1), &json!(proven)));
        }
    }
}

#[actix_web::test]
async fn where_none_is_proven_the_account_that_was_used_last_gets_the_address() {
    let stage = Stage::set().await;
    let (first, second) =
        (stage.register("first@example.com").await, stage.register("second@example.com").await);
    stage.login("second@example.com").await;
    rewrite(&stage, first, WRITINGS[2]).await;
    rewrite(&stage, second, WRITINGS[1]).await;

    stage.arrange(MIGRATION).await;

    assert!(is_written(&stage, second, WRITINGS[2]).await);
    assert!(is_written(&stage, first, WRITINGS[1]).await);
}

#[actix_web::test]
async fn a_text_that_is_read_as_no_address_stays_as_it_is() {
    let stage = Stage::set().await;
    let person = stage.register("ada@example.com").await;
    let wide = "ada@\u{ff42}.example";
    rewrite(&stage, person, wide).await;

    stage.arrange(MIGRATION).await;

    assert!(is_written(&stage, person, wide).await);
}
