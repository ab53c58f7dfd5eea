//! Services that are away, slow or broken.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use contracts::Service;
use reqwest::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    fake::{self, Script},
    tokens,
    world::{Answer, World, document},
};

const JOBS: &str = "/api/v2/enrichment/jobs";
const JOB: &str = "/api/v2/enrichment/jobs/1";

/// What a broken service does with each request it reads.
#[derive(Clone, Copy)]
enum Trick {
    Answer(&'static str),
    CloseAfter(&'static str),
    Hang,
}

/// A service that serves its document properly and then plays a trick, another per connection.
async fn trickster(tricks: &'static [Trick]) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    actix_web::rt::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let counted = Arc::clone(&counted);
            actix_web::rt::spawn(async move {
                let mut mine = None;
                let mut head = vec![0; 16 * 1024];
                while let Ok(count @ 1..) = stream.read(&mut head).await {
                    let request = String::from_utf8_lossy(&head[..count]).into_owned();
                    if request.contains("/internal/openapi.json") {
                        let op = serde_json::json!({ "x-access": "public", "x-tenant": "none" });
                        let paths =
                            serde_json::json!({ JOBS: { "get": op, "post": op }, JOB: { "get": op } });
                        let body = serde_json::json!({ "paths": paths }).to_string();
                        let answer =
                            format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                        stream.write_all(answer.as_bytes()).await.unwrap();
                        continue;
                    }
                    let number = *mine.get_or_insert_with(|| counted.fetch_add(1, Ordering::SeqCst));
                    match tricks[number.min(tricks.len() - 1)] {
                        Trick::Answer(text) => stream.write_all(text.as_bytes()).await.unwrap(),
                        Trick::CloseAfter(text) => {
                            stream.write_all(text.as_bytes()).await.unwrap();
                            return;
                        }
                        Trick::Hang => tokio::time::sleep(Duration::from_secs(60)).await,
                    }
                }
            });
        }
    });
    (address, connections)
}

async fn world_with(tricks: &'static [Trick], more: &[(&str, &str)]) -> (World, Arc<AtomicUsize>) {
    let (address, connections) = trickster(tricks).await;
    let script = Arc::new(Script::default());
    *script.key_set.lock().unwrap() = tokens::key_set(&[0]);
    let documents = Service::OWNERS_OF_DATA.map(|service| (service, ("b".to_owned(), document(service))));
    script.documents.lock().unwrap().extend(documents);
    let mut settings = vec![("ENRICHMENT_URL", address.as_str())];
    settings.extend_from_slice(more);
    let world = World::start_on(script, &settings).await;
    world.ready().await;
    (world, connections)
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

#[actix_web::test]
async fn a_service_that_is_away_is_503_at_once_and_heals_by_itself() {
    let world = World::start().await;
    assert_eq!(world.send(Method::GET, JOBS).await.status, 200);
    let (_, address, _) = world.addresses.iter().find(|(name, ..)| *name == Service::Enrichment).unwrap();
    world.stop(Service::Enrichment).await;

    for _ in 0..10 {
        let started = Instant::now();
        let answer = world.send(Method::GET, JOBS).await;
        assert_eq!(answer.problem(), (503, "unavailable"));
        assert!(answer.header("retry-after").is_some());
        assert!(started.elapsed() < Duration::from_millis(100), "{:?}", started.elapsed());
    }
    assert_eq!(world.send(Method::GET, "/api/v2/auth/hello").await.status, 200, "others are served");

    let addr = address.strip_prefix("http://").unwrap();
    let (_, handle) = fake::start_at(addr, Service::Enrichment, &world.script, &world.keys);
    world.wait("healing", async || world.send(Method::GET, JOBS).await.status == 200).await;
    handle.stop(false).await;
}

#[actix_web::test]
async fn a_service_that_does_not_answer_is_503_in_time_and_then_left_alone() {
    let more =
        [("HTTP_REQUEST_DEADLINE_MS", "300"), ("BREAKER_FAILURES", "2"), ("BREAKER_PAUSE_MS", "60000")];
    let (world, _) = world_with(&[Trick::Hang], &more).await;

    for _ in 0..2 {
        let answer = world.send(Method::GET, JOBS).await;
        assert_eq!(answer.problem(), (503, "upstream_timeout"));
        assert!(answer.header("retry-after").is_some());
    }

    let started = Instant::now();
    assert_eq!(world.send(Method::GET, JOBS).await.problem(), (503, "unavailable"));
    assert!(started.elapsed() < Duration::from_millis(50), "{:?}", started.elapsed());
}

#[actix_web::test]
async fn after_its_pause_a_service_is_tried_with_one_request() {
    let more = [("HTTP_REQUEST_DEADLINE_MS", "200"), ("BREAKER_FAILURES", "1"), ("BREAKER_PAUSE_MS", "300")];
    let (world, _) = world_with(&[Trick::Hang, Trick::Answer(OK)], &more).await;
    assert_eq!(world.send(Method::GET, JOBS).await.problem(), (503, "upstream_timeout"));
    assert_eq!(world.send(Method::GET, JOBS).await.problem(), (503, "unavailable"));

    tokio::time::sleep(Duration::from_millis(350)).await;

    assert_eq!(world.send(Method::GET, JOBS).await.status, 200);
    assert_eq!(world.send(Method::GET, JOBS).await.status, 200);
}

#[actix_web::test]
async fn a_read_is_sent_again_when_an_idle_connection_was_gone_and_a_write_is_not() {
    // Each connection answers once and closes without having said so, right when it is used again.
    let (world, connections) = world_with(&[Trick::Answer(OK), Trick::Answer(OK)], &[]).await;
    assert_eq!(world.send(Method::GET, JOBS).await.status, 200);
    assert_eq!(world.send(Method::GET, JOBS).await.status, 200);
    assert_eq!(connections.load(Ordering::SeqCst), 1, "the connection is used again");

    let (world, connections) = world_with(&[Trick::CloseAfter("")], &[]).await;
    assert_eq!(
        Answer::read(world.request(Method::POST, JOBS).body("{}")).await.problem(),
        (503, "upstream_broken")
    );
    assert_eq!(connections.load(Ordering::SeqCst), 1, "a write is not repeated");
}

#[actix_web::test]
async fn an_answer_that_is_no_http_or_ambiguous_is_503() {
    for text in [
        "garbage\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nx: y",
    ] {
        let tricks: &'static [Trick] = Box::leak(Box::new([Trick::CloseAfter(text)]));
        let (world, _) = world_with(tricks, &[]).await;
        let answer = world.send(Method::GET, JOBS).await;
        assert_eq!(answer.problem(), (503, "upstream_broken"), "{text}");
        assert!(!answer.text.contains("garbage") && !answer.text.contains("127.0.0.1"), "{}", answer.text);
    }
}

#[actix_web::test]
async fn an_answer_that_ends_with_its_connection_is_understood() {
    let (world, _) = world_with(&[Trick::CloseAfter("HTTP/1.0 200 OK\r\n\r\nuntil the end")], &[]).await;

    assert_eq!(world.send(Method::GET, JOBS).await.text, "until the end");
    assert_eq!(world.send(Method::GET, JOBS).await.text, "until the end");
}

#[actix_web::test]
async fn what_follows_an_answer_unasked_is_never_taken_for_another_one() {
    let twice =
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil";
    let (world, connections) = world_with(Box::leak(Box::new([Trick::Answer(twice)])), &[]).await;

    for _ in 0..3 {
        assert_eq!(world.send(Method::GET, JOBS).await.text, "ok");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 3, "such a connection is not used again");
}

#[actix_web::test]
async fn more_requests_than_may_be_in_flight_are_shed() {
    let (world, _) =
        world_with(&[Trick::Hang], &[("UPSTREAM_IN_FLIGHT", "2"), ("HTTP_REQUEST_DEADLINE_MS", "500")]).await;

    let answers = futures::future::join_all((0..6).map(|_| world.send(Method::GET, JOBS))).await;

    let codes: Vec<_> = answers.iter().map(|answer| answer.problem().1).collect();
    assert_eq!(codes.iter().filter(|code| **code == "upstream_timeout").count(), 2, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == "unavailable").count(), 4, "{codes:?}");
}
