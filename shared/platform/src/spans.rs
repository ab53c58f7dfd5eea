//! Ended steps of traces for an OpenTelemetry collector, as OTLP over HTTP in JSON
//! (<https://opentelemetry.io/docs/specs/otlp/#otlphttp>).
//!
//! The steps are those that logs and `traceparent` headers name anyway, so that a collector, a log and another company's receiver
//! speak of the same ones. What a collector does not take in time is dropped and counted, never waited for.

use std::{
    sync::{
        OnceLock,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use contracts::Service;
use serde_json::{Value, json};

use crate::telemetry::{Step, TraceContext};

/// Steps that wait to be sent; more are dropped.
const WAITING: usize = 8_192;
/// Steps sent at once, and for how long they are gathered.
const BATCH: usize = 512;
const GATHERED: Duration = Duration::from_secs(1);
const SEND_WITHIN: Duration = Duration::from_secs(5);
/// How long a process that ends waits for its last steps to be sent.
const LAST_WITHIN: Duration = Duration::from_secs(1);

static STEPS: OnceLock<SyncSender<Message>> = OnceLock::new();

enum Message {
    Ended(Value),
    /// Everything before it is to be sent, and this notified afterwards.
    Flush(SyncSender<()>),
}

/// Starts sending to the collector at this address.
///
/// # Errors
/// When the client or its thread cannot be made.
pub(crate) fn start(service: Service, collector: &url::Url) -> anyhow::Result<()> {
    let address = format!("{}/v1/traces", collector.as_str().trim_end_matches('/'));
    let http = reqwest::Client::builder().no_proxy().timeout(SEND_WITHIN).build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (sender, receiver) = sync_channel(WAITING);
    std::thread::Builder::new().name("spans".to_owned()).spawn(move || {
        let send = |steps: Vec<Value>| runtime.block_on(send(&http, &address, service, steps));
        gather(&receiver, send);
    })?;
    // A process starts once; a test that starts again goes on with the first.
    let _started = STEPS.set(sender);
    Ok(())
}

/// Takes an ended step.
pub(crate) fn ended(trace: &TraceContext, step: &Step<'_>) {
    let Some(steps) = STEPS.get().filter(|_| trace.sampled) else { return };
    if steps.try_send(Message::Ended(span(trace, step, SystemTime::now()))).is_err() {
        metrics::counter!("spans_dropped_total").increment(1);
    }
}

/// Sends what waits, if that is quick.
pub(crate) fn flush() {
    let (done, wait) = sync_channel(1);
    if STEPS.get().is_some_and(|steps| steps.try_send(Message::Flush(done)).is_ok()) {
        // What is not sent by then is lost with the process.
        let _late = wait.recv_timeout(LAST_WITHIN);
    }
}

fn gather(steps: &Receiver<Message>, send: impl Fn(Vec<Value>)) {
    let mut batch = Vec::new();
    loop {
        let (full, told) = match steps.recv_timeout(GATHERED) {
            Ok(Message::Ended(step)) => {
                batch.push(step);
                (batch.len() >= BATCH, None)
            }
            Ok(Message::Flush(done)) => (true, Some(done)),
            Err(RecvTimeoutError::Timeout) => (true, None),
            Err(RecvTimeoutError::Disconnected) => return,
        };
        if full && !batch.is_empty() {
            send(std::mem::take(&mut batch));
        }
        if let Some(done) = told {
            // Who asked may not wait any longer.
            let _gone = done.send(());
        }
    }
}

async fn send(http: &reqwest::Client, address: &str, service: Service, steps: Vec<Value>) {
    let count = u64::try_from(steps.len()).unwrap_or(u64::MAX);
    let body = json!({ "resourceSpans": [{
        "resource": { "attributes": [text("service.name", service.name())] },
        "scopeSpans": [{ "scope": { "name": "leadstream", "version": env!("CARGO_PKG_VERSION") }, "spans": steps }],
    }] });
    let outcome = http.post(address).json(&body).send().await.and_then(reqwest::Response::error_for_status);
    if let Err(error) = outcome {
        metrics::counter!("spans_dropped_total").increment(count);
        tracing::debug!(%error, spans = count, "the collector did not take spans");
    }
}

fn span(trace: &TraceContext, step: &Step<'_>, ended: SystemTime) -> Value {
    let nanos = |at: SystemTime| at.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos().to_string();
    let begun = ended.checked_sub(step.took).unwrap_or(ended);
    let attributes: Vec<Value> = step
        .attributes
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| text(name, value))
        .chain([
            json!({ "key": "http.response.status_code", "value": { "intValue": step.status.to_string() } }),
        ])
        .collect();
    json!({
        "traceId": trace.trace_id,
        "spanId": trace.span_id,
        "parentSpanId": trace.parent_id.as_deref().unwrap_or_default(),
        "name": step.name.join(" "),
        "kind": if step.is_ours { 2 } else { 3 },
        "startTimeUnixNano": nanos(begun),
        "endTimeUnixNano": nanos(ended),
        "attributes": attributes,
        "status": { "code": if step.failed { 2 } else { 0 } },
    })
}

fn text(name: &str, value: &str) -> Value {
    json!({ "key": name, "value": { "stringValue": value } })
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader, Read, Write},
        net::TcpListener,
    };

    use super::*;

    /// Takes one request and gives its first line and its body.
    fn collector() -> (url::Url, std::thread::JoinHandle<(String, Value)>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let taking = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(&stream);
            let (mut first, mut length) = (String::new(), 0);
            reader.read_line(&mut first).unwrap();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            (&stream).write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").unwrap();
            (first, serde_json::from_slice(&body).unwrap())
        });
        (address, taking)
    }

    #[test]
    fn a_collector_is_sent_the_steps_that_the_headers_name() {
        let (address, taking) = collector();
        start(Service::Lead, &address).unwrap();
        let trace = TraceContext::continued(Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        let unsampled =
            TraceContext::continued(Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"));
        let step = Step {
            name: ["POST", "/api/leads/ingest"],
            is_ours: true,
            took: Duration::from_millis(5),
            status: 201,
            failed: false,
            attributes: &[("tenant.id", "t"), ("nothing", "")],
        };

        ended(&unsampled, &step);
        ended(&trace, &step);
        flush();

        let (first, body) = taking.join().unwrap();
        assert_eq!(first, "POST /v1/traces HTTP/1.1\r\n");
        let resource = &body["resourceSpans"][0];
        assert_eq!(resource["resource"]["attributes"][0]["value"]["stringValue"], "lead");
        let spans = resource["scopeSpans"][0]["spans"].as_array().unwrap();
        let [span] = spans.as_slice() else { panic!("{spans:?}") };
        assert_eq!(
            (&span["traceId"], &span["spanId"], &span["parentSpanId"]),
            (&json!("4bf92f3577b34da6a3ce929d0e0e4736"), &json!(trace.span_id), &json!("00f067aa0ba902b7"))
        );
        let at = |name: &str| span[name].as_str().unwrap().parse::<u128>().unwrap();
        assert_eq!(at("endTimeUnixNano") - at("startTimeUnixNano"), 5_000_000);
        assert_eq!(span["attributes"].as_array().unwrap().len(), 2);
    }
}
