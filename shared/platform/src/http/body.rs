//! JSON bodies: size, time, depth, encoding and NUL checked before parsing; every fault of the content reported at once.

use std::{any::TypeId, sync::Arc, sync::LazyLock, time::Duration};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header, web};
use bytes::{Bytes, BytesMut};
use contracts::problem::FieldError;
use dashmap::DashMap;
use futures::{StreamExt, future::LocalBoxFuture};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::{
    context::RequestContext,
    openapi::{Operation, Schemas},
    problem::Problem,
    reply::{Parts, Reply},
    routes::Input,
    schema::{Compiled, Strictness},
};
use crate::config::HttpConfig;

/// Deepest nesting of arrays and objects taken.
pub const DEPTH_LIMIT: usize = 64;

/// Largest body of one route, where it differs from the service's.
#[derive(Clone, Copy, Debug, Default)]
pub struct BodyLimit(pub Option<usize>);

/// How bodies are read, from the configuration.
#[derive(Clone, Copy, Debug)]
pub struct BodyRules {
    limit: usize,
    deadline: Duration,
}

impl From<&HttpConfig> for BodyRules {
    fn from(config: &HttpConfig) -> Self {
        Self { limit: config.body_limit, deadline: config.body_deadline }
    }
}

/// The whole body, within the route's limit and in time. Compressed bodies are refused.
pub async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Bytes, Problem> {
    let rules = request
        .app_data::<web::Data<BodyRules>>()
        .map_or(BodyRules { limit: 1 << 20, deadline: Duration::from_secs(10) }, |rules| ***rules);
    let limit = request.app_data::<BodyLimit>().and_then(|own| own.0).unwrap_or(rules.limit);
    let encoding = request.headers().get(header::CONTENT_ENCODING).map(|value| value.as_bytes());
    if encoding.is_some_and(|encoding| !encoding.eq_ignore_ascii_case(b"identity")) {
        return Err(Problem::unsupported("unsupported_encoding", "Send the body without Content-Encoding."));
    }
    let too_large =
        || Problem::too_large("body_too_large", format!("The body may have at most {limit} bytes."));
    let announced =
        request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut body = BytesMut::with_capacity(announced.unwrap_or(0));
    let reading = async {
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| {
                Problem::bad_request("body_truncated", "The request body ended before it was complete.")
            })?;
            if body.len() + chunk.len() > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(())
    };
    tokio::time::timeout(rules.deadline, reading).await.map_err(|_| {
        Problem::new(actix_web::http::StatusCode::REQUEST_TIMEOUT, "body_too_slow", "The body took too long.")
    })??;
    let body = body.freeze();
    if let Some(context) = request.extensions().get::<Arc<RequestContext>>()
        && context.idempotency_key.is_some()
    {
        // Set only once: a body is read once.
        let _first = context.body_digest.set(Sha256::digest(&body).into());
    }
    Ok(body)
}

/// Whether the content type says JSON.
pub fn is_json(request: &HttpRequest) -> bool {
    let media_type = request.content_type();
    media_type.eq_ignore_ascii_case("application/json")
        || (media_type.len() > 5
            && media_type.get(media_type.len() - 5..).is_some_and(|end| end.eq_ignore_ascii_case("+json")))
}

/// The body as JSON of bearable depth without NUL.
pub async fn read_json(request: &HttpRequest, payload: &mut Payload) -> Result<Value, Problem> {
    if !is_json(request) {
        return Err(Problem::unsupported("unsupported_media_type", "Send application/json."));
    }
    let body = read(request, payload).await?;
    parse(&body)
}

/// Bytes as JSON of bearable depth without NUL.
pub fn parse(body: &[u8]) -> Result<Value, Problem> {
    check_depth_and_nul(body)?;
    serde_json::from_slice(body).map_err(|fault| {
        let message =
            format!("the body is not valid JSON (line {}, column {})", fault.line(), fault.column());
        Problem {
            code: "invalid_json",
            ..Problem::invalid(vec![FieldError::new("", "invalid_json", message)])
        }
    })
}

/// PostgreSQL cannot store NUL, and deep nesting exhausts stacks; both are found without parsing.
pub fn check_depth_and_nul(body: &[u8]) -> Result<(), Problem> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let mut rest = body;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte == 0 || (escaped && byte == b'u' && tail.starts_with(b"0000")) {
            return Err(Problem::bad_request("nul_not_allowed", "The body contains a NUL character."));
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                if depth > DEPTH_LIMIT {
                    let detail = format!("The body nests deeper than {DEPTH_LIMIT} levels.");
                    return Err(Problem::bad_request("nested_too_deep", detail));
                }
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

static COMPILED: LazyLock<DashMap<TypeId, Arc<Compiled>>> = LazyLock::new(DashMap::new);

/// The schema of `T`, compiled once per process.
pub fn compiled<T: ToSchema + 'static>() -> Arc<Compiled> {
    Arc::clone(&COMPILED.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(Compiled::of::<T>())))
}

/// `value` as a `T`, or all that is wrong with it.
pub fn decode<T: DeserializeOwned + ToSchema + 'static>(mut value: Value) -> Result<T, Problem> {
    let schema = compiled::<T>();
    let faults = schema.faults(&value, Strictness::Whole);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    schema.make_whole(&mut value);
    serde_json::from_value(value)
        .map_err(|fault| Problem::invalid(vec![FieldError::new("", "invalid", fault.to_string())]))
}

/// A JSON body that fits the schema of `T`.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

impl<T> Json<T> {
    /// The content.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move { decode(read_json(&request, &mut payload).await?).map(Self) })
    }
}

impl<T: DeserializeOwned + ToSchema + 'static> Input for Json<T> {
    fn describe(operation: &mut Operation) {
        let schema = operation.schemas.add::<T>();
        operation.bodies.push(("application/json", schema));
    }
}

/// The body of a request between processes. Its shape is a Rust type on both ends, so no schema is held against it.
#[derive(Clone, Debug)]
pub struct InternalJson<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for InternalJson<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let body = read(&request, &mut payload).await?;
            serde_json::from_slice(&body)
                .map(Self)
                .map_err(|fault| Problem::bad_request("invalid_internal_call", fault.to_string()))
        })
    }
}

impl<T: DeserializeOwned + 'static> Input for InternalJson<T> {}

/// The answer to a request between processes.
#[derive(Clone, Debug)]
pub struct InternalReply<T>(pub T);

impl<T: Serialize + 'static> Reply for InternalReply<T> {
    const STATUS: u16 = 200;

    fn schema(_: &mut Schemas) -> Option<Value> {
        None
    }

    fn into_parts(self) -> Parts {
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        Parts {
            status: actix_web::http::StatusCode::OK,
            headers: vec![],
            content_type: Some("application/json"),
            body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(body: &str) -> &'static str {
        parse(body.as_bytes()).err().map_or("ok", |problem| problem.code)
    }

    #[test]
    fn depth_is_bounded_and_brackets_in_text_do_not_count() {
        assert_eq!(code(&format!("{}1{}", "[".repeat(64), "]".repeat(64))), "ok");
        assert_eq!(code(&format!("{}1{}", "[".repeat(65), "]".repeat(65))), "nested_too_deep");
        assert_eq!(code(&format!("\"{}\"", "[".repeat(100))), "ok");
        assert_eq!(code(&format!("\"\\\"{}\"", "[".repeat(100))), "ok");
    }

    #[test]
    fn nul_is_refused_raw_and_escaped() {
        assert_eq!(code("\"a\\u0000b\""), "nul_not_allowed");
        assert_eq!(code("\"a\0b\""), "nul_not_allowed");
        assert_eq!(code("\"a\\\\u0000b\""), "ok");
    }

    #[test]
    fn broken_json_names_the_place() {
        let problem = parse(b"{\"a\": ").unwrap_err();
        assert_eq!(problem.code, "invalid_json");
        assert!(problem.detail.contains("line 1"));
    }
}
