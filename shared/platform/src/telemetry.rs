//! Logs and traces.

use std::time::Duration;

use contracts::Service;
use tracing_subscriber::{
    EnvFilter,
    fmt::{self, format::JsonFields},
    prelude::*,
};

use crate::{
    config::LogConfig,
    log_format,
    log_lines::{self, LogLines},
    spans,
};

/// Starts logging to standard output. Called once, first thing in a process; [`flush`] is called last.
///
/// # Errors
/// When the level cannot be read, or the threads that write cannot be started.
pub fn init(service: Service, config: &LogConfig) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.level)?;
    let registry = tracing_subscriber::registry().with(filter);
    let lines = LogLines::start()?;
    if config.format == "json" {
        let format = log_format::object(fmt::format().json().flatten_event(true).with_span_list(false));
        let layer = fmt::layer().event_format(format).fmt_fields(JsonFields::new());
        registry.with(layer.with_writer(lines)).try_init()?;
    } else {
        let layer = fmt::layer().event_format(log_format::text(fmt::format()));
        registry.with(layer.with_writer(lines)).try_init()?;
    }
    match &config.collector {
        Some(collector) => spans::start(service, collector),
        None => Ok(()),
    }
}

/// Writes what was gathered. The last thing that a process does.
pub fn flush() {
    spans::flush();
    log_lines::flush();
}

/// A step of a trace that has ended.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// What was done: a method and a route.
    pub name: [&'a str; 2],
    /// Whether we answered, rather than asked.
    pub is_ours: bool,
    /// How long it took, until now.
    pub took: Duration,
    /// The status of its answer; 0 where there was none.
    pub status: u16,
    /// Whether it failed through no fault of who asked.
    pub failed: bool,
    /// What else is worth knowing; what is empty is left out.
    pub attributes: &'a [(&'a str, &'a str)],
}

impl Step<'_> {
    /// Sends the step to the collector of traces, if one is configured.
    pub fn ended(&self, trace: &TraceContext) {
        spans::ended(trace, self);
    }
}

/// W3C trace context: which trace a request belongs to and which step called this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceContext {
    /// 32 hex digits, the same through every process.
    pub trace_id: String,
    /// 16 hex digits of this very step.
    pub span_id: String,
    /// Those of the step that called this one.
    pub parent_id: Option<String>,
    /// Whether the caller records the trace.
    pub sampled: bool,
}

impl TraceContext {
    /// Goes on with the caller's trace when its header is sane, starts one otherwise.
    pub fn continued(header: Option<&str>) -> Self {
        let span_id = random_hex::<8>();
        match header.and_then(parse) {
            Some((trace_id, parent_id, sampled)) => {
                Self { trace_id, span_id, parent_id: Some(parent_id), sampled }
            }
            None => Self { trace_id: random_hex::<16>(), span_id, parent_id: None, sampled: true },
        }
    }

    /// The `traceparent` header to send on.
    pub fn header(&self) -> String {
        format!("00-{}-{}-{}", self.trace_id, self.span_id, if self.sampled { "01" } else { "00" })
    }
}

fn parse(header: &str) -> Option<(String, String, bool)> {
    let mut parts = header.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str, length| {
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let sane = is_hex(version, 2)
        && version != "ff"
        && (version != "00" || parts.next().is_none())
        && is_hex(trace, 32)
        && trace.bytes().any(|b| b != b'0')
        && is_hex(span, 16)
        && span.bytes().any(|b| b != b'0')
        && is_hex(flags, 2);
    let sampled = flags
        .bytes()
        .last()
        .is_some_and(|b| matches!(b, b'1' | b'3' | b'5' | b'7' | b'9' | b'b' | b'd' | b'f'));
    sane.then(|| (trace.to_owned(), span.to_owned(), sampled))
}

fn random_hex<const BYTES: usize>() -> String {
    hex::encode(rand::random::<[u8; BYTES]>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_header_keeps_its_trace_and_gets_a_new_step() {
        let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let context = TraceContext::continued(Some(header));
        assert_eq!(context.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_ne!(context.span_id, "00f067aa0ba902b7");
        assert_eq!(context.parent_id.as_deref(), Some("00f067aa0ba902b7"));
        assert!(context.sampled);
    }

    #[test]
    fn an_insane_header_starts_a_new_trace() {
        for header in ["", "00-0-0-01", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "x\ny"] {
            let context = TraceContext::continued(Some(header));
            assert_eq!(context.trace_id.len(), 32, "{header}");
            assert!(!header.contains(&context.trace_id), "{header}");
        }
    }
}
