//! Server-sent events (`text/event-stream`): a response without an end.

use std::{
    convert::Infallible,
    future::{Ready, ready},
};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::{StatusCode, header},
};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream, stream::LocalBoxStream};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    health::Health,
    openapi::{Operation, Schemas},
    problem::Problem,
    reply::{self, Keeping, Parts, Reply},
    routes::Input,
};

/// Header in which a listener who comes back names the last message that it got.
const LAST_EVENT_ID: &str = "last-event-id";
/// What a stream begins with, so that its head leaves at once: after how many milliseconds a listener comes back.
const BEGINNING: &str = "retry: 1000\n\n";

/// One thing that a listener is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// What the stream is for. A listener who comes back with this id goes on after it.
    Message {
        /// Its id.
        id: Uuid,
        /// JSON, on one line.
        data: String,
    },
    /// Something about the stream itself, with no data of its own.
    Notice(&'static str),
    /// A comment that keeps the connection alive.
    Beat,
}

impl Event {
    fn bytes(&self) -> Bytes {
        match self {
            Self::Message { id, data } => format!("id: {id}\ndata: {data}\n\n").into(),
            Self::Notice(name) => format!("event: {name}\ndata: {{}}\n\n").into(),
            Self::Beat => Bytes::from_static(b":\n\n"),
        }
    }
}

/// 200 with events as they happen, until the listener leaves or the process does.
pub struct EventStream(LocalBoxStream<'static, Result<Bytes, Infallible>>);

impl EventStream {
    /// These events, for as long as `health` says that the process stays.
    pub fn new(health: &Health, events: impl Stream<Item = Event> + 'static) -> Self {
        let beginning = stream::once(ready(Bytes::from_static(BEGINNING.as_bytes())));
        let chunks = beginning.chain(events.map(|event| event.bytes()));
        Self(chunks.take_until(health.streams_end()).map(Ok).boxed_local())
    }
}

impl Reply for EventStream {
    const STATUS: u16 = 200;
    const KEEPING: Keeping = Keeping::Never;

    fn schema(_: &mut Schemas) -> Option<Value> {
        None
    }

    fn content(_: &mut Schemas) -> Vec<(&'static str, Value)> {
        vec![("text/event-stream", reply::text())]
    }

    fn into_parts(self) -> Parts {
        tracing::error!("a stream of events cannot be kept");
        Parts { status: StatusCode::INTERNAL_SERVER_ERROR, headers: vec![], content_type: None, body: vec![] }
    }

    fn into_response(self) -> HttpResponse {
        HttpResponse::Ok()
            .content_type("text/event-stream")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            // nginx would keep events until it has a page full of them.
            .insert_header(("x-accel-buffering", "no"))
            .streaming(self.0)
    }
}

/// The last message that a listener got, if this is not its first time.
#[derive(Clone, Copy, Debug)]
pub struct LastEventId(pub Option<Uuid>);

impl FromRequest for LastEventId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get(LAST_EVENT_ID).filter(|value| !value.is_empty()) else {
            return ready(Ok(Self(None)));
        };
        let id = value.to_str().ok().and_then(|text| Uuid::parse_str(text).ok());
        let problem =
            || Problem::bad_request("invalid_last_event_id", "Last-Event-ID must be the id of a message.");
        ready(id.map(|id| Self(Some(id))).ok_or_else(problem))
    }
}

impl Input for LastEventId {
    fn describe(operation: &mut Operation) {
        operation.parameters.push(json!({
            "name": "Last-Event-ID", "in": "header", "required": false,
            "schema": { "type": "string", "format": "uuid" },
            "description": "Id of the last message you got: you are sent what came after it.",
        }));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use actix_web::{body::to_bytes, test::TestRequest};

    use super::*;

    #[actix_web::test]
    async fn events_are_written_as_browsers_read_them() {
        let id = Uuid::nil();
        let events = [Event::Message { id, data: r#"{"a":1}"#.into() }, Event::Notice("reload"), Event::Beat];

        let health = Health::new();
        let response = EventStream::new(&health, stream::iter(events)).into_response();

        assert_eq!(response.headers().get("content-type").unwrap(), "text/event-stream");
        let text = to_bytes(response.into_body()).await.unwrap();
        let expected =
            format!("{BEGINNING}id: {id}\ndata: {{\"a\":1}}\n\nevent: reload\ndata: {{}}\n\n:\n\n");
        assert_eq!(text, expected);
    }

    #[actix_web::test]
    async fn a_stream_ends_when_the_process_leaves() {
        let health = Health::new();
        let response = EventStream::new(&health, stream::pending()).into_response();

        let reading = actix_web::rt::spawn(to_bytes(response.into_body()));
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!reading.is_finished());
        health.end_streams();

        assert_eq!(reading.await.unwrap().unwrap(), BEGINNING);
    }

    #[actix_web::test]
    async fn the_last_id_is_one_of_ours_or_none() {
        let read = async |text: &str| {
            let request = TestRequest::default().insert_header((LAST_EVENT_ID, text)).to_http_request();
            LastEventId::from_request(&request, &mut Payload::None).await.map(|last| last.0)
        };

        let id = Uuid::now_v7();
        assert_eq!(read(&id.to_string()).await.unwrap(), Some(id));
        assert_eq!(read("").await.unwrap(), None);
        assert_eq!(read("7").await.unwrap_err().code, "invalid_last_event_id");
    }
}
