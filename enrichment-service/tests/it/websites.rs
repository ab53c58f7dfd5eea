//! Websites are read as their owners allow: robots.txt, a few telling pages, one after the other.

use contracts::internal::enrichments::EnrichmentStatus;
use serde_json::json;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use crate::stage::{Stage, found, html, pages};

async fn site(pages: &[(&str, &str)]) -> MockServer {
    let server = MockServer::start().await;
    for (at, body) in pages {
        Mock::given(path(*at)).respond_with(html(body)).mount(&server).await;
    }
    server
}

#[actix_web::test]
async fn up_to_four_telling_pages_of_the_same_site_are_read_too() {
    let stage = Stage::running().await;
    let links = "<title>Acme</title><a href=/about>a</a><a href=/team>t</a><a href=/contact>c</a><a href=/impressum>i</a>\
                 <a href=/company>x</a><a href=/blog>b</a><a href='https://other.example/about'>o</a>";
    let contact =
        "<title>Contact</title><a href='mailto:info@acme.example'>m</a><a href='tel:+4930901820'>t</a>";
    let server = site(&[
        ("/", links),
        ("/contact", contact),
        ("/about", "<title>About</title>"),
        ("/company", "<title>T</title>"),
    ])
    .await;

    let account = stage.account(server.uri()).await;
    stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;

    assert_eq!(pages(&server).await, 5);
    let values = found(&stage.fills().await[0]);
    assert_eq!(
        (&values["description"], &values["contact_email"]),
        (&json!("Acme"), &json!("info@acme.example"))
    );
    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM enrichment_calls").await, 1);
    let read = stage.json("SELECT to_jsonb(pages) AS value FROM enrichment_calls").await;
    assert_eq!(read, 4, "the front page and those that were there");
    assert!(stage.app.database.number("SELECT count(*) AS number FROM raw_records").await >= 4);
}

#[actix_web::test]
async fn what_robots_txt_forbids_is_not_read() {
    let stage = Stage::running().await;
    let closed = MockServer::start().await;
    let rules = ResponseTemplate::new(200).set_body_string("User-agent: *\nDisallow: /");
    Mock::given(path("/robots.txt")).respond_with(rules).mount(&closed).await;
    let half = site(&[
        ("/", "<title>Acme</title><a href=/about>a</a><a href=/contact>c</a>"),
        ("/contact", "<title>C</title>"),
    ])
    .await;
    let rules = ResponseTemplate::new(200).set_body_string("User-agent: leadstream\nDisallow: /about");
    Mock::given(path("/robots.txt")).respond_with(rules).mount(&half).await;

    let refused = stage.account(closed.uri()).await;
    let failed = stage.until(&refused, |status| status.status == EnrichmentStatus::Failed).await;
    let account = stage.account(half.uri()).await;
    stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;

    assert_eq!(failed.error_details.unwrap()["code"], "robots");
    assert_eq!(pages(&closed).await, 0);
    let asked = half.received_requests().await.unwrap();
    assert!(asked.iter().all(|request| request.url.path() != "/about"));
    assert_eq!(pages(&half).await, 2);
}

#[actix_web::test]
async fn a_site_is_asked_no_oftener_than_it_may_be() {
    let stage =
        Stage::running_with(&[("ENRICHMENT_SITE_INTERVAL_MS", "300"), ("ENRICHMENT_SITE_PAGES_A_DAY", "3")])
            .await;
    let server = site(&[("/", "<title>Acme</title><a href=/about>a</a><a href=/contact>c</a>")]).await;
    let began = std::time::Instant::now();

    let account = stage.account(server.uri()).await;
    stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;
    assert!(began.elapsed() >= std::time::Duration::from_millis(600), "{:?}", began.elapsed());
    let other = stage.account(server.uri()).await;
    let waiting = stage.until(&other, |status| status.failure_count > 0).await;

    assert_eq!(waiting.error_details.unwrap()["code"], "site_limit");
    assert_eq!(pages(&server).await, 3);
}
