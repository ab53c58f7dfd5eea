//! Publication of revocations.

use std::time::Duration;

use auth_service::housekeeping;
use contracts::{
    Service,
    internal::users::Revocation,
    invalidation::{CHANNEL, Invalidation},
};
use diesel_async::SimpleAsyncConnection;
use futures::StreamExt;
use reqwest::Method;
use serde_json::json;

use crate::stage::{Session, Stage};

async fn after(stage: &Stage, seq: i64) -> Vec<Revocation> {
    let body = json!({"after": seq});
    let answer = stage.app.service(Service::Gateway).post("/internal/revocations", &body).await.expect(200);
    serde_json::from_value(answer).unwrap()
}

async fn log_out_everywhere(stage: &Stage, session: &Session) {
    stage.send(session, Method::POST, "/api/v2/auth/logout_all", None).await.expect(204);
}

#[actix_web::test]
async fn a_revocation_is_published_when_it_is_committed() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let mut subscription = stage.app.base.redis.subscribe(CHANNEL).await.unwrap();

    log_out_everywhere(&stage, &session).await;

    let mut messages = subscription.on_message();
    let message = tokio::time::timeout(Duration::from_secs(5), messages.next()).await.unwrap().unwrap();
    let text: String = message.get_payload().unwrap();
    match serde_json::from_str(&text).unwrap() {
        Invalidation::Revoked(revocation) => assert_eq!(revocation.subject, session.user.0),
        other => panic!("{other:?}"),
    }
}

#[actix_web::test]
async fn whoever_missed_some_asks_for_those_after_the_last_it_knows() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    log_out_everywhere(&stage, &session).await;
    let known = after(&stage, 0).await.last().unwrap().seq;
    log_out_everywhere(&stage, &session).await;

    let missed = after(&stage, known).await;

    assert_eq!(missed.len(), 1);
    assert!(missed[0].seq > known);
    assert_eq!(after(&stage, missed[0].seq).await.len(), 0);
}

#[actix_web::test]
async fn no_revocation_becomes_visible_before_one_with_a_lower_number() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let mut earlier = stage.app.database.superuser().await;
    let insert = "BEGIN; SELECT pg_advisory_xact_lock(hashtext('leadstream revocations')); \
                  INSERT INTO revocations (subject, expires_at) VALUES (gen_random_uuid(), now() + interval '1 hour')";
    earlier.batch_execute(insert).await.unwrap();

    let seen_meanwhile = async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        let seen = after(&stage, 0).await;
        earlier.batch_execute("COMMIT").await.unwrap();
        seen
    };
    let ((), seen) = futures::join!(log_out_everywhere(&stage, &session), seen_meanwhile);

    assert_eq!(seen.len(), 0, "the later one must wait for the earlier one");
    assert_eq!(after(&stage, 0).await.len(), 2);
}

#[actix_web::test]
async fn what_no_longer_matters_is_not_told_and_then_forgotten() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    log_out_everywhere(&stage, &session).await;
    let other = stage.registered_session("bob@example.com").await;
    log_out_everywhere(&stage, &other).await;
    stage
        .arrange(&format!(
            "UPDATE revocations SET expires_at = now() - interval '1 second' WHERE subject = '{}'; \
             UPDATE refresh_tokens SET expires_at = now() - interval '31 days' WHERE user_id = '{}'",
            session.user, session.user
        ))
        .await;

    let told = after(&stage, 0).await;
    let forgotten = housekeeping::clean(&stage.app.deps).await.unwrap();

    assert_eq!(told.iter().map(|one| one.subject).collect::<Vec<_>>(), [other.user.0]);
    assert_eq!((forgotten.revocations, forgotten.refresh_tokens), (1, 1));
    assert_eq!(after(&stage, 0).await.len(), 1);
}
