//! Streams of events, which go on for as long as their listener would be let in.

use std::time::{Duration, Instant};

use futures::{Stream, StreamExt};
use gateway::edge::streams::AT_ONCE;
use reqwest::{Method, Response};
use serde_json::json;

use crate::{
    tokens::Person,
    world::{Answer, Tenant, World},
};

const OF_A_TENANT: &str = "/api/v2/notifications/mine/ticks";
const OF_NO_TENANT: &str = "/api/v2/events/ticks";
const READ: &str = "notifications:read";

async fn listen(world: &World, person: &Person, tenant: Option<&Tenant>) -> Response {
    let path = if tenant.is_some() { OF_A_TENANT } else { OF_NO_TENANT };
    let mut request = world.request(Method::GET, path).bearer_auth(person.token());
    if let Some(tenant) = tenant {
        request = request.header("x-tenant-id", &tenant.client_id);
    }
    request.send().await.unwrap()
}

/// How long a stream goes on, if not longer than five seconds.
async fn lasts(mut pieces: impl Stream<Item = reqwest::Result<bytes::Bytes>> + Unpin) -> Option<Duration> {
    let began = Instant::now();
    let end = async { while let Some(Ok(_)) = pieces.next().await {} };
    tokio::time::timeout(Duration::from_secs(5), end).await.ok().map(|()| began.elapsed())
}

#[actix_web::test]
async fn a_stream_goes_on_for_who_may_listen() {
    let world = World::start().await;
    let (person, tenant) = world.member(&[READ]);

    let (mine, nobodys) = tokio::join!(
        async { lasts(listen(&world, &person, Some(&tenant)).await.bytes_stream()).await },
        async { lasts(listen(&world, &person, None).await.bytes_stream()).await },
    );

    assert_eq!((mine, nobodys), (None, None), "they would go on");
}

#[actix_web::test]
async fn a_stream_ends_with_its_listeners_session_right_tenant_and_token() {
    let world = World::start().await;
    let people: Vec<_> = (0..3).map(|_| world.member(&[READ])).collect();
    let mut streams = Vec::new();
    for (person, tenant) in &people {
        streams.push(listen(&world, person, Some(tenant)).await);
    }
    // It is accepted for some five seconds after it expired.
    let expired = json!({ "exp": chrono::Utc::now().timestamp() - 3 });
    let expiring = Person::new().token_with(&expired, &json!({}), 0);
    streams.push(world.request(Method::GET, OF_NO_TENANT).bearer_auth(expiring).send().await.unwrap());
    assert!(streams.iter().all(|stream| stream.status() == 200), "{streams:?}");

    let [(loser, _), (demoted, one), (_, other)] = &people[..] else { panic!("three") };
    world.revoke(loser.session, None);
    world.grant(demoted, one, "active", &[]);
    world.grant(&people[2].0, other, "suspended", &[READ]);
    world.gateway.access.forget(None, None);

    let ends = streams.into_iter().map(|stream| lasts(stream.bytes_stream()));
    let lasted = futures::future::join_all(ends).await;
    assert!(lasted.iter().all(Option::is_some), "{lasted:?}");
}

#[actix_web::test]
async fn a_person_listens_to_so_many_streams_at_once_and_others_are_not_concerned() {
    let world = World::start().await;
    let (person, tenant) = world.member(&[READ]);
    let mut streams = Vec::new();
    for _ in 0..AT_ONCE {
        streams.push(listen(&world, &person, Some(&tenant)).await);
    }
    let refused = async || {
        let request = world.request(Method::GET, OF_A_TENANT).bearer_auth(person.token());
        Answer::read(request.header("x-tenant-id", &tenant.client_id)).await
    };

    let one_too_many = refused().await;
    assert_eq!(one_too_many.problem(), (429, "rate_limited"));
    assert!(one_too_many.header("retry-after").is_some());
    let (other, elsewhere) = world.member(&[READ]);
    assert_eq!(listen(&world, &other, Some(&elsewhere)).await.status(), 200);

    streams.pop();
    world.wait("a place", async || listen(&world, &person, Some(&tenant)).await.status() == 200).await;
}

#[actix_web::test]
async fn streams_take_no_place_from_requests() {
    let world = World::start_with(&[("UPSTREAM_IN_FLIGHT", "1"), ("HTTP_WORKERS", "1")]).await;
    let (person, tenant) = world.member(&[READ]);
    let streams =
        [listen(&world, &person, Some(&tenant)).await, listen(&world, &person, Some(&tenant)).await];

    assert!(streams.iter().all(|stream| stream.status() == 200), "{streams:?}");
    assert_eq!(world.send(Method::GET, "/t/o/x.gif").await.status, 200);
}

#[actix_web::test]
async fn head_says_what_would_come_and_leaves_no_stream_behind() {
    let world = World::start().await;
    let (person, _) = world.member(&[READ]);

    for _ in 0..=AT_ONCE {
        let head =
            world.request(Method::HEAD, OF_NO_TENANT).bearer_auth(person.token()).send().await.unwrap();
        assert_eq!(
            (head.status().as_u16(), &head.headers()["content-type"]),
            (200, &"text/event-stream".parse().unwrap())
        );
    }
}
