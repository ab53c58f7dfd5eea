//! Several gateways at once: each is right within a second of a change.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use contracts::invalidation::{CHANNEL, Invalidation};
use reqwest::Method;

use crate::{
    tokens::Person,
    world::{Answer, LEADS, Tenant, World},
};

const REPLICAS: usize = 3;
/// What the contract allows a change to take.
const AGREED: Duration = Duration::from_secs(1);

async fn replicas() -> Vec<World> {
    let prefix = format!("test:{}", uuid::Uuid::now_v7().simple());
    let first = World::start_with(&[("REDIS_PREFIX", &prefix)]).await;
    let mut all = vec![first];
    while all.len() < REPLICAS {
        let next = World::start_on(Arc::clone(&all[0].script), &[("REDIS_PREFIX", &prefix)]).await;
        next.ready().await;
        all.push(next);
    }
    all
}

/// Waits until every replica answers so, and gives how long the last one took.
async fn agree(all: &[World], person: &Person, tenant: &Tenant, expected: u16) -> Duration {
    let began = Instant::now();
    for world in all {
        while world.as_person(person, Some(&tenant.client_id), LEADS).await.status != expected {
            assert!(began.elapsed() < Duration::from_secs(5), "not {expected} at every replica");
        }
    }
    began.elapsed()
}

async fn tell(world: &World, invalidation: &Invalidation) {
    world.gateway.redis.publish(CHANNEL, &serde_json::to_string(invalidation).unwrap()).await;
}

#[actix_web::test]
async fn every_replica_knows_of_a_change_of_access_within_a_second() {
    let all = replicas().await;
    let (person, tenant) = all[0].member(&["leads:read"]);
    agree(&all, &person, &tenant, 200).await;
    let change = Invalidation::Access { tenant_id: Some(tenant.id), user_id: None };

    for (status, permissions, expected) in
        [("active", &[][..], 403), ("active", &["leads:read"], 200), ("suspended", &["leads:read"], 403)]
    {
        all[0].grant(&person, &tenant, status, permissions);
        tell(&all[1], &change).await;

        let took = agree(&all, &person, &tenant, expected).await;
        assert!(took < AGREED, "{status} {permissions:?} took {took:?}");
    }
}

#[actix_web::test]
async fn a_session_that_ends_is_over_at_every_replica_within_a_second() {
    let all = replicas().await;
    let (person, tenant) = all[0].member(&["leads:read"]);
    agree(&all, &person, &tenant, 200).await;

    let revocation = all[0].revoke(person.session, None);
    tell(&all[2], &Invalidation::Revoked(revocation)).await;

    let took = agree(&all, &person, &tenant, 401).await;
    assert!(took < AGREED, "it took {took:?}");
}

#[actix_web::test]
async fn what_changes_under_load_is_asked_for_once_and_nobody_is_refused() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["leads:read"]);
    let request = || world.as_person(&person, Some(&tenant.client_id), LEADS);
    assert_eq!(request().await.status, 200);
    let before = world.script.look_ups.lock().unwrap().len();

    tell(&world, &Invalidation::Access { tenant_id: Some(tenant.id), user_id: None }).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let answers: Vec<Answer> = futures::future::join_all((0..50).map(|_| request())).await;

    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(world.script.look_ups.lock().unwrap().len(), before + 1);
    assert_eq!(world.send(Method::GET, "/health/status").await.status, 200);
}
