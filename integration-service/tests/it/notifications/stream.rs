//! Notifications are sent to who listens, each once and in their order, whatever happens meanwhile.

use std::time::Duration;

use contracts::{UserId, identity::DataScope};
use integration_service::notifications::{
    domain::{NewNotification, Notice, NotificationType},
    notifier::Notifier,
    store,
};
use platform::Problem;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use testkit::Caller;
use tokio::time::timeout;
use uuid::Uuid;

use crate::stage::{Stage, lead_created};

const PATH: &str = "/api/v2/notifications/stream";

/// One event as it was sent: its id, name and data.
type Event = (Option<String>, Option<String>, Value);

/// A stream client.
struct Listener {
    response: Response,
    text: String,
}

impl Listener {
    async fn start(caller: &Caller, after: Option<&str>) -> Self {
        let mut request = caller.request(Method::GET, PATH);
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut listener = Self { response, text: String::new() };
        // What it begins with is sent when it is known from where it goes on.
        assert_eq!(listener.next().await, Some((None, None, Value::Null)));
        listener
    }

    /// The next event, unless none comes.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let mut values =
                        event.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                    values.next().map(str::to_owned)
                };
                let data = field("data").map(|data| serde_json::from_str(&data).expect("JSON"));
                let event = (field("id"), field("event"), data.unwrap_or_default());
                self.text = rest.to_owned();
                return Some(event);
            }
            let chunk = timeout(Duration::from_millis(1_500), self.response.chunk()).await.ok()?;
            self.text.push_str(std::str::from_utf8(&chunk.expect("a chunk")?).expect("text"));
        }
    }

    /// The ids of the next so many notifications.
    async fn ids(&mut self, count: usize) -> Vec<String> {
        let mut ids = Vec::new();
        for _ in 0..count {
            let (id, name, data) = self.next().await.expect("another one");
            assert_eq!((id.as_deref(), name), (data["id"].as_str(), None));
            ids.extend(id);
        }
        ids
    }
}

/// A number of users with leads of this user.
async fn tell(stage: &Stage, person: UserId, count: usize) {
    let events: Vec<_> =
        (0..count).map(|_| lead_created(stage.tenant, &json!({"assigned_to": person}))).collect();
    stage.take_in(&events).await;
}

#[actix_web::test]
async fn what_is_made_from_now_on_is_sent_as_the_list_shows_it() {
    let stage = Stage::set_quiet().await;
    let me = stage.caller.user();
    tell(&stage, me, 2).await;
    let mut listener = Listener::start(&stage.caller, None).await;

    tell(&stage, UserId::new(), 1).await;
    tell(&stage, me, 1).await;

    let (id, name, data) = listener.next().await.expect("the new one");
    let newest = stage.notifications(me).await.remove(0);
    assert_eq!((id.as_deref(), name, &data), (newest["id"].as_str(), None, &newest));
    assert_eq!(listener.next().await, None, "neither earlier ones nor those of other users");
}

#[actix_web::test]
async fn who_comes_back_is_sent_what_they_missed_in_its_order_and_nothing_twice() {
    let stage = Stage::set_quiet().await;
    let me = stage.caller.user();
    let mut first = Listener::start(&stage.caller, None).await;
    tell(&stage, me, 1).await;
    let last = first.ids(1).await.remove(0);
    drop(first);
    for count in [130, 1, 120] {
        tell(&stage, me, count).await;
    }

    let mut second = Listener::start(&stage.caller, Some(&last)).await;
    tell(&stage, me, 1).await;

    let sent = second.ids(252).await;
    let page =
        stage.caller.get("/api/v2/notifications?page_size=200&ordering=created_at&page=2").await.expect(200);
    let listed: Vec<&str> =
        page["results"].as_array().unwrap().iter().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(
        sent[199..],
        listed[..],
        "the end of what the list has: 253 in all, of which 200 are on its first page"
    );
    assert_eq!(second.next().await, None);
}

#[actix_web::test]
async fn an_id_that_is_not_ones_own_is_answered_with_the_advice_to_reload() {
    let stage = Stage::set_quiet().await;
    let (me, other) = (stage.caller.user(), UserId::new());
    tell(&stage, other, 1).await;
    tell(&stage, me, 1).await;
    let others = stage.notifications(other).await[0]["id"].as_str().unwrap().to_owned();

    for unknown in [others, Uuid::now_v7().to_string()] {
        let mut listener = Listener::start(&stage.caller, Some(&unknown)).await;
        assert_eq!(listener.next().await, Some((None, Some("reload".to_owned()), json!({}))));
        tell(&stage, me, 1).await;
        assert_eq!(listener.ids(1).await.len(), 1);
    }

    let mistaken = stage.caller.with("last-event-id", "7").get(PATH).await;
    assert_eq!(mistaken.problem(), (400, "invalid_last_event_id"));
}

#[actix_web::test]
async fn nobody_hears_anothers_whatever_their_data_scope_nor_without_the_right() {
    let stage = Stage::set_quiet().await;
    let owner = UserId::new();
    let elsewhere = stage.app.tenant().await;
    let nosy = [
        stage.caller.scoped(DataScope::All, &[]),
        stage.caller.scoped(DataScope::Team, &[owner]),
        stage.app.user_named(elsewhere, owner),
    ];
    let mut listeners = Vec::new();
    for caller in &nosy {
        listeners.push(Listener::start(caller, None).await);
    }

    tell(&stage, owner, 1).await;

    for listener in &mut listeners {
        assert_eq!(listener.next().await, None);
    }
    let without = stage.caller.holding(&["leads:read"]).get(PATH).await;
    assert_eq!(without.problem(), (403, "permission_denied"));
}

#[actix_web::test]
async fn what_another_process_makes_is_received_at_once() {
    let stage = Stage::set().await;
    let me = stage.caller.user();
    let mut listener = Listener::start(&stage.caller, None).await;
    let (db, elsewhere) = (&stage.app.base.db, Notifier::new(stage.app.base.redis.clone()));

    // Before the subscription is active wake-ups are lost; the stream polls after ten seconds at the earliest.
    let mut received = Vec::new();
    for _ in 0..5 {
        db.in_tenant(stage.tenant, async |tx| {
            store::insert(tx, &[Notice { person: me, about: &news() }]).await.map_err(Problem::from)
        })
        .await
        .unwrap();
        elsewhere.notify(stage.tenant, std::iter::once(me));
        received.extend(listener.next().await);
        if !received.is_empty() {
            break;
        }
    }

    assert!(!received.is_empty());
}

#[actix_web::test]
async fn notifications_become_visible_in_the_order_of_their_times() {
    let stage = Stage::set_quiet().await;
    let (me, db) = (stage.caller.user(), &stage.app.base.db);
    let (slow_has_begun, begun) = tokio::sync::oneshot::channel();
    let (go_on, may_end) = tokio::sync::oneshot::channel::<()>();
    let insert = async |tx: &mut platform::db::TenantTx<'_>| {
        store::insert(tx, &[Notice { person: me, about: &news() }]).await.map_err(Problem::from)
    };

    let slow = db.in_tenant(stage.tenant, async |tx| {
        insert(tx).await?;
        let _sent = slow_has_begun.send(());
        let _told = may_end.await;
        Ok::<_, Problem>(())
    });
    let quick = async {
        begun.await.unwrap();
        let mut quick = Box::pin(db.in_tenant(stage.tenant, insert));
        let early = timeout(Duration::from_millis(300), &mut quick).await;
        assert!(early.is_err(), "what is made later is not visible before what is made already");
        go_on.send(()).unwrap();
        quick.await
    };
    let (slow, quick) = tokio::join!(slow, quick);

    assert!(slow.is_ok() && quick.is_ok());
    let times: Vec<Value> =
        stage.notifications(me).await.iter().map(|one| one["created_at"].clone()).collect();
    assert!(times.len() == 2 && times[0].as_str() > times[1].as_str(), "{times:?}");
}

fn news() -> NewNotification {
    NewNotification {
        title: "News".to_owned(),
        message: "Something happened.".to_owned(),
        kind: NotificationType::Info,
        entity_type: "Lead".to_owned(),
        entity_id: Uuid::now_v7(),
        event_id: None,
    }
}
