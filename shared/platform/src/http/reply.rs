//! Replies: every handler's result type declares status and shape, for the wire and for the OpenAPI document.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream::LocalBoxStream};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{openapi::Schemas, problem::Problem};

/// An answer in parts, so that it can be stored and given again.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Status.
    pub status: StatusCode,
    /// Headers beside the content type.
    pub headers: Vec<(&'static str, String)>,
    /// Media type; none when there is no body.
    pub content_type: Option<&'static str>,
    /// Body.
    pub body: Vec<u8>,
}

impl Parts {
    /// The answer as actix sends it.
    pub fn into_response(self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        for (name, value) in self.headers {
            response.insert_header((name, value));
        }
        match self.content_type {
            Some(media_type) => response.insert_header((header::CONTENT_TYPE, media_type)).body(self.body),
            None => response.finish(),
        }
    }
}

/// Who stores an answer to be given again under the request's `Idempotency-Key`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// The handler, in the transaction of its effect.
    InTransaction,
    /// The route, when the handler is done.
    AroundHandler,
    /// It is not stored: it is sent while it is made.
    Never,
}

/// What a handler answers when all went well.
pub trait Reply: 'static {
    /// The status it is sent with.
    const STATUS: u16;
    /// Who keeps it, when it is the answer to a POST.
    const KEEPING: Keeping = Keeping::AroundHandler;
    /// Other statuses that it may be sent with, with the same body.
    const ALSO: &'static [u16] = &[];
    /// Schema of the body where it is JSON; none when there is none.
    fn schema(schemas: &mut Schemas) -> Option<Value>;
    /// Media types and schemas of the body; none when there is none.
    fn content(schemas: &mut Schemas) -> Vec<(&'static str, Value)> {
        Self::schema(schemas).map(|schema| ("application/json", schema)).into_iter().collect()
    }
    /// The answer.
    fn into_parts(self) -> Parts;

    /// The answer as actix sends it.
    fn into_response(self) -> HttpResponse
    where
        Self: Sized,
    {
        self.into_parts().into_response()
    }
}

fn json<T: Serialize>(status: StatusCode, headers: Vec<(&'static str, String)>, body: &T) -> Parts {
    match serde_json::to_vec(body) {
        Ok(body) => Parts { status, headers, content_type: Some("application/json"), body },
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            Parts {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                headers: vec![],
                content_type: None,
                body: vec![],
            }
        }
    }
}

/// The schema of a body that is text of another media type than JSON.
pub fn text() -> Value {
    serde_json::json!({ "type": "string" })
}

/// The schema of a body that is a file.
pub fn file() -> Value {
    serde_json::json!({ "type": "string", "format": "binary" })
}

/// The `ETag` of a version.
pub fn etag(version: i32) -> String {
    format!("\"{version}\"")
}

/// 200 with a body.
#[derive(Debug)]
pub struct Body<T> {
    body: T,
    version: Option<i32>,
    fields: Option<Vec<String>>,
}

impl<T> Body<T> {
    /// A plain body.
    pub fn new(body: T) -> Self {
        Self { body, version: None, fields: None }
    }

    /// A body with its version as `ETag`.
    pub fn versioned(body: T, version: i32) -> Self {
        Self { body, version: Some(version), fields: None }
    }

    /// Keeps these members only.
    pub fn trimmed(mut self, fields: Option<Vec<String>>) -> Self {
        self.fields = fields;
        self
    }
}

impl<T: Serialize + ToSchema + 'static> Reply for Body<T> {
    const STATUS: u16 = 200;

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        Some(schemas.add::<T>())
    }

    fn into_parts(self) -> Parts {
        let headers = self.version.map(|version| ("ETag", etag(version))).into_iter().collect();
        match self.fields {
            None => json(StatusCode::OK, headers, &self.body),
            Some(fields) => json(StatusCode::OK, headers, &trimmed(&self.body, &fields)),
        }
    }
}

/// `body` with only these members.
pub fn trimmed<T: Serialize>(body: &T, fields: &[String]) -> Value {
    let mut value = serde_json::to_value(body).unwrap_or_default();
    if let Value::Object(members) = &mut value {
        members.retain(|name, _| fields.contains(name));
    }
    value
}

/// 201 with a body and where the new thing is.
#[derive(Debug)]
pub struct Created<T> {
    location: String,
    body: T,
    version: Option<i32>,
}

impl<T> Created<T> {
    /// A new thing at `location`.
    pub fn at(location: impl Into<String>, body: T) -> Self {
        Self { location: location.into(), body, version: None }
    }

    /// With its version as `ETag`.
    pub fn version(mut self, version: i32) -> Self {
        self.version = Some(version);
        self
    }
}

impl<T: Serialize + ToSchema + 'static> Reply for Created<T> {
    const STATUS: u16 = 201;

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        Some(schemas.add::<T>())
    }

    fn into_parts(self) -> Parts {
        let mut headers = vec![("Location", self.location)];
        headers.extend(self.version.map(|version| ("ETag", etag(version))));
        json(StatusCode::CREATED, headers, &self.body)
    }
}

/// 202 with a body: taken, done later.
#[derive(Debug)]
pub struct Accepted<T>(pub T);

impl<T: Serialize + ToSchema + 'static> Reply for Accepted<T> {
    const STATUS: u16 = 202;

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        Some(schemas.add::<T>())
    }

    fn into_parts(self) -> Parts {
        json(StatusCode::ACCEPTED, vec![], &self.0)
    }
}

/// 204.
#[derive(Debug)]
pub struct NoContent;

impl Reply for NoContent {
    const STATUS: u16 = 204;

    fn schema(_: &mut Schemas) -> Option<Value> {
        None
    }

    fn into_parts(self) -> Parts {
        Parts { status: StatusCode::NO_CONTENT, headers: vec![], content_type: None, body: vec![] }
    }
}

/// 200 with a file that is sent while it is being made. It is for reading only: what is stored under an
/// `Idempotency-Key` must be whole.
pub struct Streamed {
    content_type: &'static str,
    file_name: &'static str,
    chunks: LocalBoxStream<'static, Result<Bytes, Problem>>,
}

impl Streamed {
    /// A file of this type and name. When a chunk fails, the connection is aborted, so that the client does not take the file for complete.
    pub fn file(
        content_type: &'static str,
        file_name: &'static str,
        chunks: impl Stream<Item = Result<Bytes, Problem>> + 'static,
    ) -> Self {
        Self { content_type, file_name, chunks: chunks.boxed_local() }
    }
}

impl Reply for Streamed {
    const STATUS: u16 = 200;
    const KEEPING: Keeping = Keeping::Never;

    fn schema(_: &mut Schemas) -> Option<Value> {
        None
    }

    fn content(_: &mut Schemas) -> Vec<(&'static str, Value)> {
        vec![("text/csv", text()), ("application/x-ndjson", text())]
    }

    fn into_parts(self) -> Parts {
        tracing::error!(file = self.file_name, "a streamed answer cannot be kept");
        Parts { status: StatusCode::INTERNAL_SERVER_ERROR, headers: vec![], content_type: None, body: vec![] }
    }

    fn into_response(self) -> HttpResponse {
        let disposition = format!("attachment; filename=\"{}\"", self.file_name);
        let chunks =
            self.chunks.inspect_err(|problem| tracing::error!(%problem, "a streamed answer broke off"));
        HttpResponse::Ok()
            .content_type(self.content_type)
            .insert_header((header::CONTENT_DISPOSITION, disposition))
            .streaming(chunks)
    }
}
