//! Paths that could be understood in two ways, and requests that are not one request.

use crate::{raw, world::World};

async fn get(world: &World, target: &str) -> String {
    let close = "Connection: close\r\n\r\n";
    raw::exchange(world.addr, format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n{close}").as_bytes()).await
}

#[actix_web::test]
async fn a_path_that_is_not_canonical_is_refused_and_reaches_no_service() {
    let world = World::start().await;

    for target in [
        "//api/v2/auth/hello",
        "/api//v2/auth/hello",
        "/api/v2/auth/hello//",
        "/api/v2/auth/./hello",
        "/api/v2/auth/../auth/hello",
        "/api/v2/auth/hello/..",
        "/api/v2/auth/%2e%2e/auth/hello",
        "/api/v2/auth/.%2E/auth/hello",
        "/api/v2/auth%2fhello",
        "/api/v2/auth%5chello",
        "/api/v2/auth\\hello",
        "/api/v2/auth/hello;x=1",
        "/api/v2/auth/hello%3bx",
        "/api/v2/auth/hell%6f",
        "/api/v2/auth/hello%00",
        "/api/v2/auth/hello%0d%0a",
        "/api/v2/auth/hello%",
        "/api/v2/auth/hell%C3%B6%2",
        "/internal/../api/v2/auth/hello",
        "/api/v2/auth/hello#",
        "/api/v2/auth/hello#x",
        "/api/v2/auth/hello#/../../x",
        "/api/v2/auth/hello?a=b#c",
        "/api/v2/auth/hello?#",
        "/api/v2/auth/hello/#x",
        "/health/status#x",
        "/api/schema#x",
        "/#/api/v2/auth/hello",
        "*",
        "http://localhost/api/v2/auth/hello",
        "http://other.example/api/v2/auth/hello",
    ] {
        let answer = get(&world, target).await;
        assert_eq!(raw::status(&answer), 400, "{target}: {answer}");
        assert!(answer.contains("path_not_canonical"), "{target}: {answer}");
    }
    assert_eq!(world.seen(), 0);
    for target in ["/api/v2/auth/hello", "/api/v2/auth/hello?", "/api/v2/auth/hello?a?b=/../c"] {
        assert_eq!(raw::status(&get(&world, target).await), 200, "{target}");
    }
}

#[actix_web::test]
async fn each_request_of_a_connection_has_its_own_target() {
    let world = World::start().await;
    let body = "GET /api/v2/auth/hello#x HTTP/1.1\r\n\r\n";
    let get = |target: &str| format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let post = format!(
        "POST /api/v2/auth/hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let chunked = format!(
        "POST /api/v2/auth/hello HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
        body.len()
    );
    let (good, bad) = (get("/api/v2/auth/hello"), get("/api/v2/auth/hello#x"));

    let requests = [&good, &bad, &post, &good, &chunked, &bad, &good].map(String::as_str).concat();
    let answers = raw::exchange(world.addr, requests.as_bytes()).await;

    let statuses: Vec<&str> =
        answers.split("HTTP/1.1 ").skip(1).map(|answer| answer.split(' ').next().unwrap()).collect();
    assert_eq!(statuses, ["200", "400", "200", "200", "200", "400", "200"], "{answers}");
}

#[actix_web::test]
async fn a_target_that_is_not_one_is_refused() {
    let world = World::start().await;

    for target in
        ["*", "/api/v2/auth/h\tello", "/api/v2/auth/h\u{0}ello", "/api/v2/auth/h ello", "api/v2/auth/hello"]
    {
        let answer = get(&world, target).await;
        assert_eq!(raw::status(&answer), 400, "{target:?}: {answer}");
    }
    let connect =
        raw::exchange(world.addr, b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert_eq!(raw::status(&connect), 400, "{connect}");
    assert_eq!(world.seen(), 0);
}

#[actix_web::test]
async fn requests_that_two_servers_would_cut_differently_are_refused() {
    let world = World::start().await;
    let smuggled = "GET /api/v2/auth/hello?smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

    for lines in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Content-Length: 4\r\nContent-Length: 5",
        "Content-Length: 4, 5",
        "Content-Length: +4",
        "Content-Length: -1",
        "Content-Length: 4x",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding : chunked",
        "X-Folded: a\r\n b",
        "Content-Length: 4\r\n\tx",
    ] {
        let head = "POST /api/v2/auth/hello HTTP/1.1\r\nHost: localhost\r\n";
        let answer =
            raw::exchange(world.addr, format!("{head}{lines}\r\n\r\n0\r\n\r\n{smuggled}").as_bytes()).await;
        assert!(answer.is_empty() || raw::status(&answer) == 400, "{lines}: {answer}");
        assert!(!answer.contains("smuggled"), "{lines}: {answer}");
    }
    let seen = world.script.seen.lock().unwrap().clone();
    assert!(seen.iter().all(|seen| !seen.target.contains("smuggled")), "{seen:?}");
}

#[actix_web::test]
async fn a_request_names_one_host() {
    let world = World::start().await;

    for hosts in ["Host: localhost\r\nHost: acme.localhost", "Host: a/b", "Host: user@host", "Host: [::1"] {
        let request = format!("GET /api/v2/auth/hello HTTP/1.1\r\n{hosts}\r\nConnection: close\r\n\r\n");
        let answer = raw::exchange(world.addr, request.as_bytes()).await;
        assert_eq!(raw::status(&answer), 400, "{hosts}: {answer}");
    }
}

#[actix_web::test]
async fn requests_in_one_go_are_answered_in_order() {
    let world = World::start().await;
    let one = |n: u32| format!("GET /api/v2/auth/hello?n={n} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    let answer = raw::exchange(world.addr, (1..=3).map(one).collect::<String>().as_bytes()).await;

    let places: Vec<_> = (1..=3).map(|n| answer.find(&format!("n={n}")).expect("answered")).collect();
    assert!(places.is_sorted(), "{answer}");
}
