//! Bodies in both directions: streamed, bounded, in time.

use std::time::{Duration, Instant};

use futures::StreamExt;
use reqwest::{Body, Method};
use sha2::{Digest, Sha256};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::{
    raw,
    world::{Answer, World},
};

const IMPORTS: &str = "/api/v2/imports";
const HELLO: &str = "/api/v2/auth/hello";

fn digest(bytes: &[u8]) -> String {
    format!("{:x?}", Sha256::digest(bytes).to_vec())
}

fn in_pieces(body: &[u8]) -> Body {
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> =
        body.chunks(50_000).map(|piece| Ok(piece.to_vec())).collect();
    Body::wrap_stream(futures::stream::iter(pieces))
}

#[actix_web::test]
async fn bodies_of_any_size_arrive_byte_by_byte_announced_or_not() {
    let world = World::start().await;

    for length in [0, 1, 4_096, 65_535, 65_536, 65_537, 200_001, 20_000_000] {
        let body: Vec<u8> = (0..length).map(|n: u32| n.wrapping_mul(31).to_le_bytes()[1]).collect();
        for sent in [Body::from(body.clone()), in_pieces(&body)] {
            let answer = Answer::read(world.request(Method::POST, IMPORTS).body(sent)).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            assert_eq!(answer.body["length"], length);
            assert_eq!(answer.body["sha256"], digest(&body));
        }
    }
}

#[actix_web::test]
async fn a_body_above_the_route_s_limit_is_413_announced_or_not() {
    let world = World::start().await;
    let body = vec![b'x'; (1 << 20) + 1];

    for sent in [Body::from(body.clone()), in_pieces(&body)] {
        let answer = Answer::read(world.request(Method::POST, HELLO).body(sent)).await;
        assert_eq!(answer.problem(), (413, "body_too_large"));
    }
    assert_eq!(Answer::read(world.request(Method::POST, HELLO).body(vec![b'x'; 1 << 20])).await.status, 200);
    assert_eq!(Answer::read(world.request(Method::POST, IMPORTS).body(body)).await.status, 200);
}

#[actix_web::test]
async fn a_body_that_takes_too_long_is_408_and_holds_nothing() {
    let world = World::start_with(&[("HTTP_BODY_DEADLINE_MS", "300")]).await;
    let mut stream = TcpStream::connect(world.addr).await.unwrap();
    let head = format!("POST {HELLO} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nab");
    stream.write_all(head.as_bytes()).await.unwrap();

    let answer = raw::read(&mut stream, Duration::from_secs(2)).await;

    assert_eq!(raw::status(&answer), 408, "{answer}");
    assert!(answer.contains("body_too_slow"), "{answer}");
    assert_eq!(world.seen(), 0);
}

#[actix_web::test]
async fn chunks_that_nobody_waits_for_any_more_end_the_connection() {
    let world = World::start_with(&[("HTTP_BODY_DEADLINE_MS", "300")]).await;
    let chunked = "Host: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n";
    for (line, status) in [
        (format!("POST {HELLO}"), 408),
        ("POST /api/v2/leads".to_owned(), 401),
        ("POST /nowhere".to_owned(), 404),
        ("GET /health/status".to_owned(), 200),
    ] {
        let mut stream = TcpStream::connect(world.addr).await.unwrap();
        stream.write_all(format!("{line} HTTP/1.1\r\n{chunked}").as_bytes()).await.unwrap();

        let answer = raw::read_to_end(&mut stream, Duration::from_secs(5)).await;

        assert_eq!(raw::status(&answer), status, "{line}: {answer}");
    }
}

#[actix_web::test]
async fn a_connection_serves_on_after_chunks_that_came_to_their_end() {
    let world = World::start().await;
    let mut stream = TcpStream::connect(world.addr).await.unwrap();
    let request = format!(
        "POST {HELLO} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
    );

    for _ in 0..2 {
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = raw::read(&mut stream, Duration::from_millis(300)).await;
        assert_eq!(raw::status(&answer), 200, "{answer}");
    }
}

#[actix_web::test]
async fn a_service_may_answer_before_it_has_read_the_body() {
    let world = World::start().await;

    let answer =
        Answer::read(world.request(Method::POST, "/api/v2/imports/early").body(vec![b'x'; 1_000_000])).await;

    assert_eq!(answer.status, 415, "{answer:?}");
}

#[actix_web::test]
async fn a_caller_who_breaks_off_does_not_make_half_a_request() {
    let world = World::start().await;
    let mut stream = TcpStream::connect(world.addr).await.unwrap();
    let head = format!("POST {HELLO} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nab");
    stream.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;

    drop(stream);

    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(world.seen(), 0);
    assert_eq!(world.send(Method::GET, HELLO).await.status, 200);
}

#[actix_web::test]
async fn a_long_answer_streams_through_and_its_connection_serves_again() {
    let world = World::start().await;
    let expected: Vec<u8> = (0..384_u32).flat_map(|n| vec![n.to_le_bytes()[0]; 65_536]).collect();

    for _ in 0..2 {
        let answer = world.request(Method::GET, "/api/v2/imports/flood").send().await.unwrap();
        assert_eq!(digest(&answer.bytes().await.unwrap()), digest(&expected));
    }
    assert_eq!(world.send(Method::GET, "/api/v2/imports/nothing").await.status, 204);
}

#[actix_web::test]
async fn events_arrive_while_they_happen_and_end_with_the_gateway() {
    let world = World::start().await;
    let started = Instant::now();
    let answer = world.request(Method::GET, "/api/v2/notifications/ticks").send().await.unwrap();
    let mut pieces = answer.bytes_stream();

    let first = pieces.next().await.unwrap().unwrap();
    assert!(started.elapsed() < Duration::from_millis(500), "{:?}", started.elapsed());
    assert!(first.starts_with(b"data: 0"));
    world.trigger.trigger();
    let rest = async { while let Some(Ok(_)) = pieces.next().await {} };
    tokio::time::timeout(Duration::from_secs(2), rest).await.expect("the stream ends");
}

#[actix_web::test]
async fn an_answer_that_breaks_off_is_seen_to_break_off() {
    let world = World::start().await;

    let answer = world.request(Method::GET, "/api/v2/imports/break").send().await.unwrap();

    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err());
}
