//! Order of a record's deliveries where several replicas handle its events and send them.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use contracts::events::Envelope;
use integration_service::deliveries::queue;
use platform::Problem;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use wiremock::{Mock, Request, Respond, ResponseTemplate, matchers::method};

use super::order::{arrived, ids, story};
use crate::stage::{Stage, fake, lead_changed};

/// How long the receiver takes to answer.
const TAKES: Duration = Duration::from_millis(150);

/// Notes when each event arrives.
#[derive(Clone, Default)]
struct Noting(Arc<Mutex<Vec<(String, Instant)>>>);

impl Respond for Noting {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let id = request.headers["webhook-id"].to_str().unwrap().to_owned();
        self.0.lock().unwrap().push((id, Instant::now()));
        ResponseTemplate::new(200).set_delay(TAKES)
    }
}

/// Events of one record: it was created, and its score changed four times.
fn long_story(stage: &Stage, position: i64) -> Vec<Envelope> {
    let mut events = story(stage, position);
    for score in 3..5 {
        let mut event = lead_changed(stage.tenant, "score", &json!(score - 1), &json!(score));
        (event.entity_id, event.position) = (events[0].entity_id, position + score);
        events.push(event);
    }
    events
}

/// Two replicas handle one event each: the second begins before the first commits.
async fn at_once(stage: &Stage, first: &Envelope, second: &Envelope) {
    let db = &stage.app.base.db;
    let (queued, is_queued) = oneshot::channel();
    let slow = db.in_tenant(stage.tenant, async |tx| {
        queue::enqueue(tx, &[first]).await?;
        queued.send(()).unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        Ok::<_, Problem>(())
    });
    let quick = async {
        is_queued.await.unwrap();
        db.in_tenant(stage.tenant, async |tx| queue::enqueue(tx, &[second]).await).await
    };
    let (slow, quick) = tokio::join!(slow, quick);
    slow.unwrap();
    quick.unwrap();
}

#[actix_web::test]
async fn of_events_that_two_replicas_handle_at_once_the_earlier_is_the_only_one_to_be_sent() {
    for is_reversed in [false, true] {
        let stage = Stage::set_quiet().await;
        stage.endpoint("https://hooks.example.com/", &["Lead.*"]).await;
        let events = story(&stage, 1);

        if is_reversed {
            at_once(&stage, &events[1], &events[0]).await;
        } else {
            at_once(&stage, &events[0], &events[1]).await;
        }

        let rows = stage.deliveries("queued", |all| all.len() == 2).await;
        let next: Vec<&Value> = rows.iter().filter(|row| row["held"] == false).collect();
        assert_eq!(next.len(), 1, "reversed: {is_reversed}: {rows:?}");
        assert_eq!(next[0]["event_id"], json!(events[0].id), "reversed: {is_reversed}");
    }
}

#[actix_web::test]
async fn two_replicas_send_the_events_of_a_record_in_their_order_and_never_two_at_once() {
    let stage = Stage::set_quiet().await;
    let (receiver, noting) = (fake().await, Noting::default());
    Mock::given(method("POST")).respond_with(noting.clone()).mount(&receiver).await;
    stage.endpoint(&receiver.uri(), &["Lead.*"]).await;
    let stories: Vec<Vec<Envelope>> = (0..3).map(|number| long_story(&stage, 1 + number * 10)).collect();
    // The replica with the later events is the quicker one.
    let later: Vec<Envelope> = stories.iter().flat_map(|story| story[2..].to_vec()).collect();
    let earlier: Vec<Envelope> = stories.iter().flat_map(|story| story[..2].to_vec()).collect();
    stage.take_in(&later).await;
    stage.take_in(&earlier).await;

    stage.start_replica().await;
    stage.start_replica().await;

    stage.deliveries("all delivered", |all| arrived(all, 15)).await;
    let noted = noting.0.lock().unwrap().clone();
    for story in &stories {
        let expected = ids(story);
        let of: Vec<&(String, Instant)> = noted.iter().filter(|(id, _)| expected.contains(id)).collect();
        assert_eq!(of.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), expected);
        let gaps = of.windows(2).map(|pair| pair[1].1 - pair[0].1);
        assert!(gaps.clone().all(|gap| gap >= TAKES), "{:?}", gaps.collect::<Vec<_>>());
    }
}
