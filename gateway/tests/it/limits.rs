//! Rate limits.

use reqwest::Method;
use serde_json::json;

use crate::{
    raw,
    tokens::Person,
    world::{Answer, LEADS, World},
};

const HELLO: &str = "/api/v2/auth/hello";

async fn hellos(world: &World, count: usize) -> Vec<Answer> {
    futures::future::join_all((0..count).map(|_| world.send(Method::GET, HELLO))).await
}

fn refused(answers: &[Answer]) -> usize {
    answers.iter().filter(|answer| answer.status == 429).count()
}

#[actix_web::test]
async fn an_address_that_asks_too_much_is_told_to_slow_down() {
    let world = World::start_with(&[("RATE_LIMIT_ADDRESS", "5")]).await;

    let answers = hellos(&world, 30).await;

    assert!((18..=20).contains(&refused(&answers)), "{}", refused(&answers));
    let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
    assert_eq!(refused.problem(), (429, "rate_limited"));
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.header("ratelimit-limit"), Some("10"));
    assert_eq!(refused.header("ratelimit-remaining"), Some("0"));
    assert!(refused.header("ratelimit-reset").is_some());
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    assert_eq!(world.send(Method::GET, HELLO).await.status, 200);
}

#[actix_web::test]
async fn what_the_gateway_answers_itself_counts_like_anything_else() {
    let world = World::start_with(&[("RATE_LIMIT_ADDRESS", "2")]).await;
    let paths = ["/health/status", "/health/ready", "/health", "/metrics", "/api/docs", "/nothing", "//"];

    let answers = futures::future::join_all((0..4).flat_map(|_| paths).map(async |path| {
        // A client would write `//` in another way.
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        raw::status(&raw::exchange(world.addr, request.as_bytes()).await)
    }));

    let refused = answers.await.into_iter().filter(|status| *status == 429).count();
    assert!((paths.len() * 4 - 8..=paths.len() * 4 - 4).contains(&refused), "{refused}");
}

#[actix_web::test]
async fn every_answer_says_how_much_is_left_of_the_tightest_limit() {
    let world = World::start_with(&[
        ("RATE_LIMIT_ADDRESS", "100"),
        ("RATE_LIMIT_USER", "3"),
        ("RATE_LIMIT_TENANT", "50"),
    ])
    .await;
    let (person, tenant) = world.member(&["leads:read"]);

    let answer = world.as_person(&person, Some(&tenant.client_id), LEADS).await;

    assert_eq!(answer.header("ratelimit-limit"), Some("6"));
    assert_eq!(answer.header("ratelimit-remaining"), Some("5"));
}

#[actix_web::test]
async fn people_tenants_and_keys_have_limits_of_their_own() {
    let world =
        World::start_with(&[("RATE_LIMIT_USER", "2"), ("RATE_LIMIT_TENANT", "3"), ("RATE_LIMIT_KEY", "1")])
            .await;
    let (ada, tenant) = world.member(&["leads:read"]);
    let bob = Person::new();
    world.grant(&bob, &tenant, "active", &["leads:read"]);
    let asks =
        async |person: &Person| world.as_person(person, Some(&tenant.client_id), LEADS).await.status.as_u16();

    // Ada spends her own four; two of the tenant's six are left for Bob.
    let statuses = [asks(&ada).await, asks(&ada).await, asks(&ada).await, asks(&ada).await, asks(&ada).await];
    assert_eq!(statuses, [200, 200, 200, 200, 429]);
    assert_eq!([asks(&bob).await, asks(&bob).await, asks(&bob).await], [200, 200, 429]);

    let ingest = async |key: &str| {
        let request = world.request(Method::POST, "/api/leads/ingest").header("x-api-key", key);
        Answer::read(request.body("{}")).await.status.as_u16()
    };
    assert_eq!(
        [ingest("one").await, ingest("one").await, ingest("one").await, ingest("two").await],
        [200, 200, 429, 200]
    );
}

#[actix_web::test]
async fn a_key_in_the_address_counts_like_one_in_the_header() {
    let world = World::start_with(&[("RATE_LIMIT_KEY", "1")]).await;
    let ingest = async |query: &str, header: Option<&str>| {
        let mut request = world.request(Method::POST, &format!("/api/leads/ingest{query}"));
        if let Some(key) = header {
            request = request.header("x-api-key", key);
        }
        Answer::read(request.body("{}")).await.status.as_u16()
    };

    assert_eq!([ingest("?api_key=one", None).await, ingest("", Some("one")).await], [200, 200]);

    for (query, header) in [
        ("?api_key=one", None),
        ("?a=b&api_key=one", None),
        ("?api_key=%6Fne", None),
        ("?%61pi_key=one", None),
        ("?api_key=%20one%09", None),
        ("?api_key=one&api_key=two", None),
        ("?api_key=two", Some("one")),
        ("", Some("one")),
    ] {
        assert_eq!(ingest(query, header).await, 429, "{query} {header:?}");
    }
    assert_eq!(ingest("?api_key=two", None).await, 200);
    assert_eq!(world.send(Method::GET, "/api/v2/auth/hello?api_key=one").await.status, 200);
}

#[actix_web::test]
async fn an_address_counts_as_the_key_that_it_stands_for_and_is_not_shown() {
    let world = World::start_with(&[("RATE_LIMIT_KEY", "1")]).await;
    let (one, two) = ("a2".repeat(26), "b3".repeat(26));
    let ingest = async |token: &str| {
        let request = world.request(Method::POST, &format!("/api/leads/ingest/{token}"));
        // The key that is sent beside it is not asked for.
        Answer::read(request.header("x-api-key", "one").body("{}")).await
    };

    assert_eq!([ingest(&one).await.status, ingest(&one).await.status], [200, 200]);
    let refused = ingest(&one).await;

    assert_eq!((refused.status.as_u16(), &refused.body["instance"]), (429, &json!("/api/leads/ingest/***")));
    assert_eq!(ingest(&two).await.status, 200);
}

#[actix_web::test]
async fn a_key_that_its_service_refused_is_refused_without_asking_again() {
    let world = World::start().await;
    let ingest = async |key: &str| {
        let request = world.request(Method::POST, "/api/leads/ingest").header("x-api-key", key);
        Answer::read(request.body("{}")).await
    };
    *world.script.spent.lock().unwrap() = Some(4);

    let first = ingest("one").await;
    for _ in 0..10 {
        let next = ingest("one").await;
        assert_eq!(next.problem(), (429, "rate_limited"));
        assert_eq!(next.header("retry-after"), Some("1"));
        assert!(next.body["detail"].as_str().unwrap().contains("API key"), "{}", next.text);
    }

    assert_eq!(first.status, 429);
    assert_eq!(first.header("x-leadstream-rate"), None, "said among us");
    assert_eq!(
        [first.header("ratelimit-limit"), first.header("ratelimit-remaining")],
        [Some("8"), Some("0")]
    );
    assert_eq!(world.seen(), 1);
    *world.script.spent.lock().unwrap() = None;
    assert_eq!(ingest("two").await.status, 200, "another key is not concerned");
    tokio::time::sleep(std::time::Duration::from_millis(260)).await;
    assert_eq!(
        [ingest("one").await.status, ingest("one").await.status],
        [200, 429],
        "its own rate holds here"
    );
}

#[actix_web::test]
async fn replicas_share_what_they_let_through() {
    let prefix = format!("test:{}", uuid::Uuid::now_v7().simple());
    let settings = [("RATE_LIMIT_ADDRESS", "10"), ("REDIS_PREFIX", prefix.as_str())];
    let (one, two) = (World::start_with(&settings).await, World::start_with(&settings).await);

    assert_eq!(refused(&hellos(&one, 20).await), 0);
    tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    assert_eq!(refused(&hellos(&two, 1).await), 0, "a little was regained");
    tokio::time::sleep(std::time::Duration::from_millis(250)).await;

    let refused = refused(&hellos(&two, 20).await);
    assert!(refused >= 12, "the other replica has spent the burst: {refused} refused");
}

#[actix_web::test]
async fn without_redis_each_process_limits_by_itself() {
    let script = std::sync::Arc::new(crate::fake::Script::default());
    *script.key_set.lock().unwrap() = crate::tokens::key_set(&[0]);
    let documents = contracts::Service::OWNERS_OF_DATA
        .map(|service| (service, ("b".to_owned(), crate::world::document(service))));
    script.documents.lock().unwrap().extend(documents);
    let settings = [("RATE_LIMIT_ADDRESS", "5"), ("REDIS_URL", "redis://127.0.0.1:9/")];
    let world = World::start_on(script, &settings).await;
    world.wait("readiness", async || world.inside("/health/ready").await.status == 200).await;

    let ready = world.inside("/health/ready").await;
    assert_eq!(ready.body["redis"], "unreachable", "it is said, and does no harm");
    assert_eq!(refused(&hellos(&world, 15).await), 5);
    let (person, tenant) = world.member(&["leads:read"]);
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(world.as_person(&person, Some(&tenant.client_id), LEADS).await.status, 200);
}
