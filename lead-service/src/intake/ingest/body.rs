//! Bodies of submissions: JSON, urlencoded, multipart or plain text, as one set of fields or a list of such sets.

mod charset;
mod parts;
mod urlencoded;

use std::{
    future::{Ready, ready},
    marker::PhantomData,
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web::Bytes};
use contracts::problem::FieldError;
use futures::future::LocalBoxFuture;
use platform::{
    Problem,
    http::{Json, body, openapi::Operation, routes::Input},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::limit;
use crate::recognition;

pub use charset::MARK;

/// What was sent: one submission, or a list of them.
#[derive(Debug)]
pub enum Submission {
    /// One.
    One(Fields),
    /// Each stands for itself.
    Many(Vec<Map<String, Value>>),
}

/// A submission's fields.
#[derive(Debug, Default)]
pub struct Fields {
    /// Their values.
    pub fields: Map<String, Value>,
    /// What was not taken: files.
    pub warnings: Vec<FieldError>,
}

/// A body that is read only when asked for, so that a bad key is refused whatever the body.
pub struct Unread<T>(HttpRequest, Payload, PhantomData<T>);

impl<T: FromRequest> Unread<T> {
    /// Reads it.
    pub async fn read(mut self) -> Result<T, T::Error> {
        T::from_request(&self.0, &mut self.1).await
    }

    /// The request it belongs to.
    pub fn request(&self) -> &HttpRequest {
        &self.0
    }
}

impl<T> FromRequest for Unread<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.clone(), payload.take(), PhantomData)))
    }
}

impl<T: Input> Input for Unread<T> {
    fn describe(operation: &mut Operation) {
        T::describe(operation);
    }
}

/// A JSON body that fits the schema of `T`, with all digits of its numbers.
#[derive(Debug)]
pub struct Exact<T>(pub T);

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Exact<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            if !body::is_json(&request) {
                return Err(Problem::unsupported("unsupported_media_type", "Send application/json."));
            }
            let bytes = body::read(&request, &mut payload).await?;
            body::decode(recognition::parse_json(&bytes)?).map(Self)
        })
    }
}

impl<T: DeserializeOwned + ToSchema + 'static> Input for Exact<T> {
    fn describe(operation: &mut Operation) {
        Json::<T>::describe(operation);
    }
}

impl FromRequest for Submission {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move { read(&request, &mut payload).await })
    }
}

impl Input for Submission {
    fn describe(operation: &mut Operation) {
        let schema = json!({
            "type": "object",
            "additionalProperties": true,
            "description": "Fields are recognised by their names and values, in nested documents too, and normalised; \
                everything else is kept in raw_payload. A list holds up to 1,000 submissions and is answered like a batch.",
            "properties": {
                "lead_reference_id": { "type": "string", "maxLength": 255 },
                "name": { "type": "string" },
                "first_name": { "type": "string", "maxLength": 100 },
                "last_name": { "type": "string", "maxLength": 100 },
                "email": { "type": "string", "format": "email" },
                "phone": { "type": "string", "maxLength": 50 },
                "company_name": { "type": "string", "maxLength": 255 },
                "role_title": { "type": "string", "maxLength": 255 },
                "linkedin_url": { "type": "string", "format": "uri" },
                "notes": { "type": "string" },
                "source": { "type": "string" },
                "product_id": { "type": "string", "format": "uuid" },
                "account_id": { "type": "string", "format": "uuid" },
                "custom_fields": { "type": "object" },
                "consent": { "type": "object" },
                "utm": { "type": "object" },
                "submitted_at": { "type": "string", "format": "date-time" },
                "is_test": { "type": "boolean" },
                "assigned_to": {
                    "type": "string",
                    "description": "Id or e-mail address of a member. Server keys only, as are `status` and `tags`.",
                },
                "status": { "type": "string" },
                "tags": { "type": "array", "items": { "type": "string" } },
            },
        });
        for media in ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"] {
            operation.bodies.push((media, schema.clone()));
        }
    }
}

async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Submission, Problem> {
    let media = request.content_type().to_ascii_lowercase();
    let label = charset::label(request);
    if !body::is_json(request) && !READ.contains(&media.as_str()) {
        return Err(unsupported());
    }
    if media == "multipart/form-data" {
        return parts::read(request, payload, label.as_deref()).await?.checked();
    }
    let bytes = limit::read(request, payload).await?;
    if body::is_json(request) {
        return document(&bytes, label.as_deref());
    }
    // Hand-written code sends JSON without saying so.
    if is_document(&bytes) {
        let read = document(&bytes, label.as_deref());
        if read.is_ok() || media != FORM {
            return read;
        }
        // It only begins as a list does.
        if bytes.len() > limit::SUBMISSION {
            return Err(limit::too_large());
        }
    }
    match media.as_str() {
        FORM => urlencoded::read(&bytes, label.as_deref())?.checked(),
        // Browsers that may not ask first send forms as text.
        _ if urlencoded::is_form(&bytes) => urlencoded::read(&bytes, label.as_deref())?.checked(),
        _ => Err(unsupported()),
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
/// Media types that are read beside JSON; the empty one is of a body that has none.
const READ: [&str; 5] = [FORM, "multipart/form-data", "text/plain", "application/octet-stream", ""];

fn unsupported() -> Problem {
    Problem::unsupported(
        "unsupported_media_type",
        "Send application/json, application/x-www-form-urlencoded or multipart/form-data.",
    )
}

fn is_document(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    bytes.trim_ascii_start().first().is_some_and(|first| matches!(first, b'{' | b'['))
}

fn document(bytes: &Bytes, label: Option<&str>) -> Result<Submission, Problem> {
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let value = match label.filter(|label| !label.eq_ignore_ascii_case("utf-8")) {
        Some(label) => recognition::parse_json(charset::decoded(bytes, Some(label)).as_bytes())?,
        None => recognition::parse_json(bytes)?,
    };
    let wrong = || {
        Problem::invalid(vec![FieldError::new(
            "",
            "wrong_type",
            "the body must be an object, or a list of objects",
        )])
    };
    match value {
        Value::Object(fields) => Fields { fields, warnings: Vec::new() }.checked(),
        Value::Array(items) if items.len() > limit::SUBMISSIONS => {
            let message = format!("has more than {} submissions", limit::SUBMISSIONS);
            Err(Problem::invalid(vec![FieldError::new("", "too_many", message)]))
        }
        Value::Array(items) if !items.is_empty() => {
            let object = |item| match item {
                Value::Object(fields) => within_limit(fields),
                _ => Err(wrong()),
            };
            let mut items = items.into_iter().map(object).collect::<Result<Vec<_>, Problem>>()?;
            match (items.pop(), items.is_empty()) {
                (Some(fields), true) => Ok(Submission::One(Fields { fields, warnings: Vec::new() })),
                (last, _) => {
                    items.extend(last);
                    Ok(Submission::Many(items))
                }
            }
        }
        _ => Err(wrong()),
    }
}

impl Fields {
    fn checked(self) -> Result<Submission, Problem> {
        let fields = within_limit(self.fields)?;
        Ok(Submission::One(Self { fields, warnings: self.warnings }))
    }

    /// A field given several times (checkboxes) becomes a list.
    fn add(&mut self, name: String, value: String) -> Result<(), Problem> {
        if name.contains('\0') || value.contains('\0') {
            return Err(Problem::bad_request("nul_not_allowed", "The body contains a NUL character."));
        }
        if self.fields.len() >= limit::FIELDS && !self.fields.contains_key(&name) {
            return Err(too_many_fields());
        }
        match self.fields.get_mut(&name) {
            None => {
                self.fields.insert(name, Value::String(value));
            }
            Some(Value::Array(values)) => values.push(Value::String(value)),
            Some(first) => *first = Value::Array(vec![first.take(), Value::String(value)]),
        }
        Ok(())
    }
}

fn too_many_fields() -> Problem {
    let message = format!("has more than {} fields", limit::FIELDS);
    Problem::invalid(vec![FieldError::new("", "too_many", message)])
}

/// A submission of bearable size, without secrets that are its sender's.
fn within_limit(mut fields: Map<String, Value>) -> Result<Map<String, Value>, Problem> {
    if fields.len() > limit::FIELDS {
        return Err(too_many_fields());
    }
    recognition::forget_secrets(&mut fields);
    Ok(fields)
}
