//! Continuing a session with a refresh token.

use std::time::Duration;

use contracts::UserId;
use diesel_async::SimpleAsyncConnection;
use futures::future::join_all;
use serde_json::json;
use testkit::Reply;

use crate::stage::Stage;

fn count(replies: &[Reply], status: u16) -> usize {
    replies.iter().filter(|reply| reply.status.as_u16() == status).count()
}

async fn revoked_subjects(stage: &Stage) -> Vec<String> {
    let revocations = stage
        .app
        .service(contracts::Service::Gateway)
        .post("/internal/revocations", &json!({"after": 0}))
        .await;
    let revocations = revocations.expect(200);
    revocations.as_array().unwrap().iter().map(|one| one["subject"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_refresh_token_gives_a_new_pair_in_the_same_session() {
    let stage = Stage::set().await;
    let first = stage.registered_session("ada@example.com").await;

    let answer = stage.refresh(&first.refresh).await.expect(200);
    let second = stage.session(&answer["access_token"], &answer["refresh_token"]).await;

    assert_eq!((second.user, second.id), (first.user, first.id));
    assert_ne!(second.refresh, first.refresh);
    assert_ne!(stage.claims(&second.access).await.jti, stage.claims(&first.access).await.jti);
    stage.refresh(&second.refresh).await.expect(200);
}

#[actix_web::test]
async fn a_spent_token_that_comes_again_ends_the_session() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let newer = stage.refresh(&session.refresh).await.expect(200);

    let reused = stage.refresh(&session.refresh).await;
    let continued = stage.refresh(newer["refresh_token"].as_str().unwrap()).await;

    assert_eq!(reused.problem(), (401, "token_reused"));
    assert_eq!(continued.problem(), (401, "token_revoked"));
    assert_eq!(revoked_subjects(&stage).await, [session.id.to_string()]);
}

#[actix_web::test]
async fn reuse_ends_one_session_and_not_the_persons_others() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let other = stage.login("ada@example.com").await;
    stage.refresh(&session.refresh).await.expect(200);

    stage.refresh(&session.refresh).await.expect(401);

    stage.refresh(&other.refresh).await.expect(200);
}

#[actix_web::test]
async fn of_fifty_requests_at_once_with_one_token_exactly_one_gets_a_pair() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;

    let replies = join_all((0..50).map(|_| stage.refresh(&session.refresh))).await;

    assert_eq!(count(&replies, 200), 1);
    let refused: Vec<_> = replies.iter().filter(|reply| reply.status != 200).map(Reply::problem).collect();
    assert_eq!(refused, [(401, "token_reused"); 49]);
}

#[actix_web::test]
async fn with_a_grace_the_winner_of_fifty_goes_on() {
    let stage = Stage::set_with(&[("REFRESH_REUSE_GRACE_MS", "60000")]).await;
    let session = stage.registered_session("ada@example.com").await;

    let replies = join_all((0..50).map(|_| stage.refresh(&session.refresh))).await;

    let winner = replies.iter().find(|reply| reply.status == 200).expect("one wins");
    assert_eq!(count(&replies, 200), 1);
    stage.refresh(winner.body["refresh_token"].as_str().unwrap()).await.expect(200);
}

#[actix_web::test]
async fn a_grace_does_not_cover_reuse_that_comes_later() {
    let stage = Stage::set_with(&[("REFRESH_REUSE_GRACE_MS", "5000")]).await;
    let session = stage.registered_session("ada@example.com").await;
    let newer = stage.refresh(&session.refresh).await.expect(200);
    stage
        .arrange(
            "UPDATE refresh_tokens SET used_at = used_at - interval '1 minute' WHERE used_at IS NOT NULL",
        )
        .await;

    stage.refresh(&session.refresh).await.expect(401);

    assert_eq!(
        stage.refresh(newer["refresh_token"].as_str().unwrap()).await.problem(),
        (401, "token_revoked")
    );
}

/// Holds the person's row, as a refresh under way does, so that requests pile up behind it.
async fn hold(stage: &Stage, user: UserId) -> diesel_async::AsyncPgConnection {
    let mut connection = stage.app.database.superuser().await;
    connection
        .batch_execute(&format!("BEGIN; SELECT 1 FROM users WHERE id = '{user}' FOR UPDATE"))
        .await
        .unwrap();
    connection
}

#[actix_web::test]
async fn a_request_that_was_under_way_when_the_token_was_spent_does_not_end_the_session() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let mut holding = hold(&stage, session.user).await;

    let release = async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        holding.batch_execute("COMMIT").await.unwrap();
    };
    let (first, second, ()) =
        futures::join!(stage.refresh(&session.refresh), stage.refresh(&session.refresh), release);

    let (winner, loser) = if first.status == 200 { (first, second) } else { (second, first) };
    assert_eq!(loser.problem(), (401, "token_reused"));
    let next = winner.expect(200)["refresh_token"].as_str().unwrap().to_owned();
    stage.refresh(&next).await.expect(200);
}

#[actix_web::test]
async fn suspending_somebody_does_not_overlook_the_token_of_a_refresh_under_way() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let admin = stage.app.signed_in(contracts::identity::PlatformRole::InternalAdmin);
    let path = format!("/api/v2/users/{}", session.user);
    // The refresh reads revocations last, when its new token is stored and not committed.
    let mut holding = stage.app.database.superuser().await;
    holding.batch_execute("BEGIN; LOCK TABLE revocations IN ACCESS EXCLUSIVE MODE").await.unwrap();

    let refreshing = stage.refresh(&session.refresh);
    let suspending = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        admin.patch(&path, &json!({"status": "suspended"})).await.expect(200)
    };
    let release = async {
        tokio::time::sleep(Duration::from_millis(600)).await;
        holding.batch_execute("COMMIT").await.unwrap();
    };
    let (refreshed, _, ()) = futures::join!(refreshing, suspending, release);

    refreshed.expect(200);
    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM sessions").await, 0);
}

#[actix_web::test]
async fn an_expired_token_is_told_from_one_that_never_was() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    stage.arrange("UPDATE refresh_tokens SET expires_at = now() - interval '1 second'").await;
    let never = format!("lsr_{}", "A".repeat(43));

    assert_eq!(stage.refresh(&session.refresh).await.problem(), (401, "token_expired"));
    assert_eq!(stage.refresh(&never).await.problem(), (401, "invalid_token"));
    assert_eq!(stage.refresh(&session.access).await.problem(), (401, "invalid_token"));
    assert_eq!(stage.refresh("nonsense").await.problem(), (401, "invalid_token"));
}

#[actix_web::test]
async fn a_refused_request_spends_nothing() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let extra = json!({"refresh_token": session.refresh, "extra": 1});

    stage.app.anonymous().post("/api/v2/auth/refresh", &extra).await.expect(400);

    stage.refresh(&session.refresh).await.expect(200);
}
