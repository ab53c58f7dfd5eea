//! Log lines that say which request they belong to.
//!
//! A span for each request would say it too; it costs every request its making, an entering at each step, and every line the
//! reading of what the span was written as.

use std::fmt::Result;

use tracing::{Event, Subscriber};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::{Format, Full, Json, Writer},
    },
    registry::LookupSpan,
};

use crate::http::context::{self, RequestContext};

/// Lines as people read them: the request stands at the end.
pub(crate) struct Text(pub(crate) Format<Full>);

/// Lines as programs read them: the request's and the trace's id are members beside the others.
pub(crate) struct Object(pub(crate) Format<Json>);

impl<S, N> FormatEvent<S, N> for Text
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, ctx: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> Result {
        let Some(context) = context::current() else { return self.0.format_event(ctx, writer, event) };
        let mut line = String::with_capacity(256);
        self.0.format_event(ctx, Writer::new(&mut line), event)?;
        let RequestContext { request_id, trace, .. } = &*context;
        writeln!(writer, "{} request.id={request_id} trace.id={}", line.trim_end(), trace.trace_id)
    }
}

impl<S, N> FormatEvent<S, N> for Object
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, ctx: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> Result {
        let Some(context) = context::current() else { return self.0.format_event(ctx, writer, event) };
        let mut line = String::with_capacity(512);
        self.0.format_event(ctx, Writer::new(&mut line), event)?;
        let members = line.strip_prefix('{').unwrap_or_default();
        let RequestContext { request_id, trace, .. } = &*context;
        // Ids are made of letters, digits, "-", "_" and ".": nothing to escape.
        write!(writer, "{{\"request.id\":\"{request_id}\",\"trace.id\":\"{}\",{members}", trace.trace_id)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex, PoisonError},
    };

    use serde_json::Value;
    use tracing_subscriber::{fmt, prelude::*};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(line);
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is written while `work` says something as part of a request, and after it.
    async fn written<S: Subscriber + Send + Sync>(subscriber: impl FnOnce(Lines) -> S) -> (String, String) {
        let lines = Lines::default();
        let _guard = tracing::subscriber::set_default(subscriber(lines.clone()));
        let context = RequestContext::continued(Some("r-1"), None);
        let trace = context.trace.trace_id.clone();
        context::within(context, async { tracing::info!(code = "a\"b", "inside") }).await;
        tracing::info!("outside");
        let text = lines.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (String::from_utf8(text).unwrap(), trace)
    }

    #[tokio::test]
    async fn an_object_names_its_request() {
        let (text, trace) = written(|lines| {
            let format = Object(fmt::format().json().flatten_event(true));
            let fields = fmt::format::JsonFields::new();
            let layer = fmt::layer().event_format(format).fmt_fields(fields);
            tracing_subscriber::registry().with(layer.with_writer(move || lines.clone()))
        })
        .await;
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();

        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["request.id"], "r-1");
        assert_eq!(lines[0]["trace.id"], trace);
        assert_eq!((&lines[0]["code"], &lines[0]["message"]), (&"a\"b".into(), &"inside".into()));
        assert_eq!((&lines[1]["request.id"], &lines[1]["message"]), (&Value::Null, &"outside".into()));
    }

    #[tokio::test]
    async fn a_line_names_its_request() {
        let (text, trace) = written(|lines| {
            let layer = fmt::layer().event_format(Text(fmt::format()));
            tracing_subscriber::registry().with(layer.with_writer(move || lines.clone()))
        })
        .await;
        let lines: Vec<&str> = text.lines().collect();

        assert!(lines[0].ends_with(&format!("request.id=r-1 trace.id={trace}")), "{text}");
        assert!(lines[1].contains("outside") && !lines[1].contains("request.id"), "{text}");
    }
}
