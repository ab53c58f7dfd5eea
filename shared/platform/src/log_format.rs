//! Log lines that say which request they belong to.
//!
//! A span for each request would say it too; it costs every request its making, an entering at each step, and every line the
//! reading of what the span was written as.

use std::fmt::{Error, Result};

use tracing::{Event, Subscriber};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::{Format, Full, Json, Writer},
    },
    registry::LookupSpan,
};

use crate::http::context::{self, RequestContext};

/// A format with the id of the current request in each line.
pub(crate) struct InRequest<F> {
    format: F,
    name: fn(&mut Writer<'_>, &str, &RequestContext) -> Result,
}

/// Lines as people read them: the request stands at the end.
pub(crate) fn text(format: Format<Full>) -> InRequest<Format<Full>> {
    InRequest {
        format,
        name: |writer, line, RequestContext { request_id, trace, .. }| {
            writeln!(writer, "{} request.id={request_id} trace.id={}", line.trim_end(), trace.trace_id)
        },
    }
}

/// Lines as programs read them: the request's and the trace's id are members beside the others. Ids need no escaping.
pub(crate) fn object(format: Format<Json>) -> InRequest<Format<Json>> {
    InRequest {
        format,
        name: |writer, line, RequestContext { request_id, trace, .. }| {
            let members = line.strip_prefix('{').ok_or(Error)?;
            write!(writer, "{{\"request.id\":\"{request_id}\",\"trace.id\":\"{}\",{members}", trace.trace_id)
        },
    }
}

impl<S, N, F> FormatEvent<S, N> for InRequest<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, ctx: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> Result {
        let Some(context) = context::current() else { return self.format.format_event(ctx, writer, event) };
        let mut line = String::with_capacity(512);
        self.format.format_event(ctx, Writer::new(&mut line), event)?;
        (self.name)(&mut writer, &line, &context)
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
            let format = object(fmt::format().json().flatten_event(true));
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
        let (written, trace) = written(|lines| {
            let layer = fmt::layer().event_format(text(fmt::format()));
            tracing_subscriber::registry().with(layer.with_writer(move || lines.clone()))
        })
        .await;
        let lines: Vec<&str> = written.lines().collect();

        assert!(lines[0].ends_with(&format!("request.id=r-1 trace.id={trace}")), "{written}");
        assert!(lines[1].contains("outside") && !lines[1].contains("request.id"), "{written}");
    }
}
