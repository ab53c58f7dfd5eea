//! Heads that are too long, and what becomes of those that are nearly so.

use reqwest::Method;

use crate::{
    raw,
    world::{Answer, World},
};

const HELLO: &str = "/api/v2/auth/hello";

#[actix_web::test]
async fn a_target_that_is_too_long_is_refused_and_reaches_no_service() {
    let world = World::start().await;
    let long = "a".repeat(17_000);

    for target in [format!("{HELLO}?q={long}"), format!("/{long}"), format!("/t/o/{long}.gif")] {
        let answer = world.send(Method::GET, &target).await;
        assert_eq!(answer.problem(), (414, "uri_too_long"));
        assert!(answer.text.len() < 1_000, "the whole path is not sent back");
    }
    assert_eq!(world.seen(), 0);
    let query = "a".repeat(15_000);
    assert_eq!(world.send(Method::GET, &format!("{HELLO}?q={query}")).await.status, 200);
}

#[actix_web::test]
async fn headers_that_are_too_many_or_too_large_are_refused_and_reach_no_service() {
    let world = World::start().await;
    let many = async |count: usize| {
        let lines: String = (0..count).map(|number| format!("X-{number}: 1\r\n")).collect();
        let request = format!("GET {HELLO} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n");
        raw::exchange(world.addr, request.as_bytes()).await
    };
    let large = async |length: usize| {
        Answer::read(world.request(Method::GET, HELLO).header("x-large", "a".repeat(length))).await
    };

    let too_many = many(90).await;
    let too_large = large(70_000).await;

    assert_eq!(raw::status(&too_many), 431, "{too_many}");
    assert!(too_many.contains("headers_too_large"), "{too_many}");
    assert_eq!(too_large.problem(), (431, "headers_too_large"));
    assert_eq!(world.seen(), 0);
    assert_eq!(raw::status(&many(70).await), 200);
    assert_eq!(large(60_000).await.status, 200);
}

#[actix_web::test]
async fn a_method_of_any_length_is_refused_like_any_unknown_one() {
    let world = World::start().await;
    let method = "M".repeat(10_000);
    let request = format!("{method} {HELLO} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    let answer = raw::exchange(world.addr, request.as_bytes()).await;

    assert_eq!(raw::status(&answer), 405, "{answer}");
    assert!(!answer.contains("MMMM"), "{answer}");
}
