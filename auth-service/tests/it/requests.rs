//! Limits on requests that hash a password or send a mail, and their effect on other requests.

use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::join_all;
use serde_json::{Value, json};
use testkit::Reply;

use crate::stage::{PASSWORD, Stage, registration};

const REGISTER: &str = "/api/v2/auth/register";
const LOGIN: &str = "/api/v2/auth/login";
const FORGOT: &str = "/api/v2/auth/password/forgot";
const RESEND: &str = "/api/v2/auth/email/resend";
const RESET: &str = "/api/v2/auth/password/reset";
const VICTIM: &str = "ada@example.com";
const HERE: &str = "203.0.113.7";
const THERE: &str = "198.51.100.1";
/// Longer than the refusal of a registration is repeated to its address.
const REFUSED_FOR: std::time::Duration = std::time::Duration::from_millis(2_100);

async fn post(stage: &Stage, address: &str, path: &str, body: &Value) -> Reply {
    stage.post_from(address, path, &[], body).await
}

async fn statuses(stage: &Stage, address: &str, path: &str, bodies: impl Iterator<Item = Value>) -> Vec<u16> {
    let mut statuses = Vec::new();
    for body in bodies {
        statuses.push(post(stage, address, path, &body).await.status.as_u16());
    }
    statuses
}

/// Keeps the queue of registrations full while `work` is done.
async fn during_a_flood<T>(stage: &Stage, work: impl Future<Output = T>) -> T {
    let over = AtomicBool::new(false);
    let password = auth_service::credentials::NewPassword::parse(PASSWORD, "password").unwrap();
    let passwords = &stage.app.deps.passwords;
    let flood = join_all((0..64).map(async |_| {
        while !over.load(Ordering::Relaxed) {
            let hashed = match passwords.reserve_for_registration() {
                Ok(place) => passwords.hash_for_registration(place, &password).await.is_ok(),
                Err(_) => false,
            };
            if !hashed {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        }
    }));
    let work = async {
        // The flood goes first.
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        let outcome = work.await;
        over.store(true, Ordering::Relaxed);
        outcome
    };
    futures::join!(flood, work).1
}

#[actix_web::test]
async fn a_taken_address_is_refused_without_hashing_anything() {
    let stage = Stage::set().await;
    stage.register(VICTIM).await;

    let replies = during_a_flood(&stage, async {
        let mut replies = Vec::new();
        for _ in 0..20 {
            replies.push(post(&stage, HERE, REGISTER, &registration(VICTIM)).await);
        }
        replies
    });

    for reply in replies.await {
        assert_eq!(reply.problem(), (409, "email_taken"), "{}", reply.text);
    }
}

#[actix_web::test]
async fn a_flood_of_registrations_is_shed_and_delays_neither_sign_ins_nor_password_changes() {
    let stage = Stage::set().await;
    let session = stage.registered_session(VICTIM).await;
    let sign_in = json!({"email": VICTIM, "password": PASSWORD});
    let change = json!({"current_password": PASSWORD, "new_password": "another good password"});

    let (shed, changed) = during_a_flood(&stage, async {
        for _ in 0..3 {
            post(&stage, HERE, LOGIN, &sign_in).await.expect(200);
        }
        let path = "/api/v2/auth/password/change";
        let changed = stage.send(&session, reqwest::Method::POST, path, Some(&change)).await;
        for n in 0..20 {
            let reply = post(&stage, HERE, REGISTER, &registration(&format!("new{n}@example.com"))).await;
            if reply.status == 503 {
                return (reply, changed);
            }
        }
        panic!("some of so many are shed")
    })
    .await;

    assert_eq!(changed.status, 204, "{}", changed.text);
    assert_eq!((shed.problem(), shed.header("retry-after")), ((503, "unavailable"), Some("1")));
}

#[actix_web::test]
async fn each_request_for_an_account_counts_whatever_comes_of_it() {
    for (path, body, answer) in [
        (REGISTER, registration(VICTIM), 409),
        (FORGOT, json!({"email": VICTIM}), 202),
        (FORGOT, json!({"email": "Nobody@example.com"}), 202),
        (RESEND, json!({"email": VICTIM}), 202),
        (RESEND, json!({"email": " nobody@example.com"}), 202),
    ] {
        let stage = Stage::set_with(&[("ACCOUNT_REQUESTS", "4")]).await;
        // It is a request for this account, too.
        stage.register(VICTIM).await;
        let free = if body["email"] == VICTIM { 3 } else { 4 };

        let statuses = statuses(&stage, HERE, path, std::iter::repeat_n(body.clone(), free + 2)).await;

        let expected: Vec<u16> = std::iter::repeat_n(answer, free).chain([429, 429]).collect();
        assert_eq!(statuses, expected, "{path} {body}");
        let again = post(&stage, HERE, path, &body).await;
        assert_eq!(again.problem(), (429, "rate_limited"));
        assert!(!again.body["detail"].as_str().unwrap().contains("password"), "{}", again.text);
        assert_eq!(post(&stage, THERE, path, &body).await.status, answer, "elsewhere it is another's turn");
        post(&stage, HERE, LOGIN, &json!({"email": VICTIM, "password": PASSWORD})).await.expect(200);
    }
}

#[actix_web::test]
async fn an_address_that_asks_for_many_accounts_has_to_wait_and_others_do_not() {
    let stage = Stage::set_with(&[("ACCOUNT_REQUESTS_PER_ADDRESS", "3")]).await;
    let new = |n: u32| registration(&format!("new{n}@example.com"));

    assert_eq!(statuses(&stage, HERE, REGISTER, (0..5).map(new)).await, [201, 201, 201, 429, 429]);

    for path in [FORGOT, RESEND] {
        let body = json!({"email": "somebody@example.com"});
        assert_eq!(post(&stage, HERE, path, &body).await.status, 429, "{path}");
        assert_eq!(post(&stage, THERE, path, &body).await.status, 202, "{path}");
    }
    let sign_in = json!({"email": "new0@example.com", "password": PASSWORD});
    post(&stage, HERE, LOGIN, &sign_in).await.expect(200);
    post(&stage, HERE, FORGOT, &json!({"email": "new0@example.com"})).await.expect(202);
}

#[actix_web::test]
async fn many_addresses_that_ask_for_one_account_have_to_wait_together() {
    let stage = Stage::set_with(&[("ACCOUNT_REQUESTS_PER_ACCOUNT", "5")]).await;
    stage.register(VICTIM).await;
    post(&stage, HERE, LOGIN, &json!({"email": VICTIM, "password": PASSWORD})).await.expect(200);
    let mut statuses = Vec::new();
    for n in 0..6 {
        let address = format!("198.51.100.{n}");
        statuses.push(post(&stage, &address, FORGOT, &json!({"email": VICTIM})).await.status.as_u16());
    }

    assert_eq!(statuses, [202, 202, 202, 202, 429, 429]);
    post(&stage, HERE, FORGOT, &json!({"email": VICTIM})).await.expect(202);
}

#[actix_web::test]
async fn requests_are_forgotten_as_fast_as_they_are_free() {
    let stage = Stage::set_with(&[("ACCOUNT_REQUESTS_PER_ADDRESS", "4")]).await;
    let new = |n: u32| registration(&format!("new{n}@example.com"));
    assert_eq!(statuses(&stage, HERE, REGISTER, (0..5).map(new)).await, [201, 201, 201, 201, 429]);

    // A quarter of an hour for each.
    stage.arrange("UPDATE sign_in_failures SET last_at = last_at - interval '31 minutes'").await;
    tokio::time::sleep(REFUSED_FOR).await;

    assert_eq!(statuses(&stage, HERE, REGISTER, (5..9).map(new)).await, [201, 201, 429, 429]);
}

#[actix_web::test]
async fn a_link_and_a_session_have_so_many_passwords_hashed() {
    let stage = Stage::set_with(&[("ACCOUNT_REQUESTS", "3")]).await;
    let session = stage.registered_session(VICTIM).await;
    let path = "/api/v2/auth/password/change";
    let passwords = [PASSWORD, "a second good password"];
    let mut statuses = Vec::new();
    for n in 0..4 {
        let body = json!({"current_password": passwords[n % 2], "new_password": passwords[(n + 1) % 2]});
        let reply = stage.send(&session, reqwest::Method::POST, path, Some(&body)).await;
        statuses.push(reply.status.as_u16());
    }
    assert_eq!(statuses, [204, 204, 204, 429]);
    let enrol = json!({"password": passwords[1]});
    let path = "/api/v2/auth/second-factor/enrol";
    assert_eq!(stage.send(&session, reqwest::Method::POST, path, Some(&enrol)).await.status, 429);

    post(&stage, HERE, FORGOT, &json!({"email": VICTIM})).await.expect(202);
    let token = stage.mailed_token(VICTIM, "reset_password").await;
    post(&stage, HERE, RESET, &json!({"token": token, "new_password": PASSWORD})).await.expect(204);
    // What no longer changes anything is found out before it costs anything.
    let body = json!({"token": token, "new_password": PASSWORD});
    assert_eq!(self::statuses(&stage, HERE, RESET, std::iter::repeat_n(body, 6)).await, [410; 6]);
}

#[actix_web::test]
async fn an_address_whose_registrations_are_spent_is_refused_for_a_moment_without_a_look_into_the_database() {
    let stage = Stage::set_with(&[("ACCOUNT_REQUESTS_PER_ADDRESS", "1")]).await;
    let new = |n: u32| registration(&format!("new{n}@example.com"));
    assert_eq!(statuses(&stage, HERE, REGISTER, (0..2).map(new)).await, [201, 429]);
    // The database says nothing against it any more.
    stage.arrange("DELETE FROM sign_in_failures").await;

    let again = post(&stage, HERE, REGISTER, &new(2)).await;

    assert_eq!(again.problem(), (429, "rate_limited"));
    assert!(again.header("retry-after").unwrap().parse::<u64>().unwrap() > 1, "as the first refusal said");
    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM sign_in_failures").await, 0);
    post(&stage, HERE, FORGOT, &json!({"email": VICTIM})).await.expect(202);
    post(&stage, HERE, LOGIN, &json!({"email": "new0@example.com", "password": PASSWORD})).await.expect(200);
    assert_eq!(post(&stage, THERE, REGISTER, &new(3)).await.status, 201, "another address is not concerned");
    tokio::time::sleep(REFUSED_FOR).await;
    // The mail for a forgotten password counted as this address's one request.
    stage.arrange("DELETE FROM sign_in_failures").await;
    assert_eq!(post(&stage, HERE, REGISTER, &new(4)).await.status, 201, "the database is asked again");
}

#[actix_web::test]
async fn a_registration_that_finds_no_room_is_not_counted() {
    let stage = Stage::set().await;

    let shed = during_a_flood(&stage, async {
        for n in 0..20 {
            let before = counted(&stage).await;
            let reply = post(&stage, HERE, REGISTER, &registration(&format!("new{n}@example.com"))).await;
            if reply.status == 503 {
                return counted(&stage).await - before;
            }
        }
        panic!("some of so many are shed")
    });

    assert_eq!(shed.await, 0);
}

async fn counted(stage: &Stage) -> i64 {
    let sql = "SELECT coalesce(sum(failures), 0)::bigint AS number FROM sign_in_failures";
    stage.app.database.number(sql).await
}

#[actix_web::test]
async fn callers_whose_address_is_not_known_are_not_counted_together() {
    let stage =
        Stage::set_with(&[("ACCOUNT_REQUESTS_PER_ADDRESS", "2"), ("SIGN_IN_TRIES_PER_ADDRESS", "2")]).await;
    let emails: Vec<String> = (0..4).map(|n| format!("new{n}@example.com")).collect();
    for (n, email) in emails.iter().enumerate() {
        post(&stage, &format!("198.51.100.{n}"), REGISTER, &registration(email)).await.expect(201);
    }

    for unknown in ["", "unknown"] {
        for email in &emails {
            let forgotten = post(&stage, unknown, FORGOT, &json!({"email": email})).await;
            assert_eq!(forgotten.status, 202, "{unknown:?} {email}");
            let wrong =
                post(&stage, unknown, LOGIN, &json!({"email": email, "password": "wrong wrong"})).await;
            assert_eq!(wrong.status, 401, "{unknown:?} {email}");
        }
    }
    // A change of a password goes by the session and names no address at all.
    for email in &emails {
        let session = stage.login(email).await;
        let body = json!({"current_password": PASSWORD, "new_password": "another good password"});
        let path = "/api/v2/auth/password/change";
        let changed = stage.send(&session, reqwest::Method::POST, path, Some(&body)).await;
        assert_eq!(changed.status, 204, "{email}: {}", changed.text);
    }
}
