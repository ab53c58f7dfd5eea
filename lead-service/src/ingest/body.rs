//! A submission's body, whatever a form makes of it: JSON, urlencoded or multipart, as one set of fields.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
};

use actix_multipart::Multipart;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web::Bytes};
use contracts::problem::FieldError;
use futures::{StreamExt, future::LocalBoxFuture, stream};
use platform::{
    Problem,
    http::{body, openapi::Operation, routes::Input},
};
use serde_json::{Map, Value, json};

/// Most fields a submission may have.
const FIELD_LIMIT: usize = 500;

/// The fields of a submission.
#[derive(Debug)]
pub struct Submission(pub Map<String, Value>);

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

impl FromRequest for Submission {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move { read(&request, &mut payload).await.map(Self) })
    }
}

impl Input for Submission {
    fn describe(operation: &mut Operation) {
        let schema = json!({
            "type": "object",
            "additionalProperties": true,
            "description": "Known fields are normalised; everything else is kept in raw_payload.",
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
            },
        });
        for media in ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"] {
            operation.bodies.push((media, schema.clone()));
        }
    }
}

async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Map<String, Value>, Problem> {
    if body::is_json(request) {
        let bytes = body::read(request, payload).await?;
        return match body::parse(&bytes)? {
            Value::Object(fields) => within_limit(fields),
            _ => Err(Problem::invalid(vec![FieldError::new("", "wrong_type", "the body must be an object")])),
        };
    }
    match request.content_type().to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => {
            let bytes = body::read(request, payload).await?;
            urlencoded(&bytes)
        }
        "multipart/form-data" => {
            let bytes = body::read(request, payload).await?;
            multipart(request, bytes).await
        }
        _ => Err(Problem::unsupported(
            "unsupported_media_type",
            "Send application/json, application/x-www-form-urlencoded or multipart/form-data.",
        )),
    }
}

fn within_limit(fields: Map<String, Value>) -> Result<Map<String, Value>, Problem> {
    if fields.len() > FIELD_LIMIT {
        let message = format!("has more than {FIELD_LIMIT} fields");
        return Err(Problem::invalid(vec![FieldError::new("", "too_many", message)]));
    }
    Ok(fields)
}

fn nul() -> Problem {
    Problem::bad_request("nul_not_allowed", "The body contains a NUL character.")
}

/// A field given several times (checkboxes) becomes a list.
fn add(fields: &mut Map<String, Value>, name: String, value: String) {
    match fields.get_mut(&name) {
        None => {
            fields.insert(name, Value::String(value));
        }
        Some(Value::Array(values)) => values.push(Value::String(value)),
        Some(first) => *first = Value::Array(vec![first.take(), Value::String(value)]),
    }
}

fn urlencoded(bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(bytes)
        .map_err(|_| Problem::bad_request("invalid_form", "The form cannot be read."))?;
    let mut fields = Map::new();
    for (name, value) in pairs {
        if name.contains('\0') || value.contains('\0') {
            return Err(nul());
        }
        add(&mut fields, name, value);
    }
    within_limit(fields)
}

async fn multipart(request: &HttpRequest, bytes: Bytes) -> Result<Map<String, Value>, Problem> {
    let broken = || Problem::bad_request("invalid_form", "The multipart form cannot be read.");
    let stream = stream::once(async move { Ok::<_, actix_web::error::PayloadError>(bytes) });
    let mut parts = Multipart::new(request.headers(), stream);
    let mut fields = Map::new();
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_| broken())?;
        let disposition = part.content_disposition().ok_or_else(broken)?;
        let name = disposition.get_name().ok_or_else(broken)?.to_owned();
        if disposition.get_filename().is_some_and(|file| !file.is_empty()) {
            let fault =
                FieldError::new(name, "file_not_allowed", "is a file; leads are handed in without files");
            return Err(Problem::invalid(vec![fault]));
        }
        let mut value = Vec::new();
        while let Some(chunk) = part.next().await {
            value.extend_from_slice(&chunk.map_err(|_| broken())?);
        }
        let value = String::from_utf8(value).map_err(|_| broken())?;
        if name.contains('\0') || value.contains('\0') {
            return Err(nul());
        }
        add(&mut fields, name, value);
    }
    within_limit(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_fields_and_repeated_ones_a_list() {
        let fields = urlencoded(b"name=Ada+Lovelace&email=ada%40example.com&topic=a&topic=b").unwrap();
        assert_eq!(
            Value::Object(fields),
            json!({"name": "Ada Lovelace", "email": "ada@example.com", "topic": ["a", "b"]})
        );
    }

    #[test]
    fn a_nul_in_a_form_is_refused() {
        assert_eq!(urlencoded(b"name=a%00b").unwrap_err().code, "nul_not_allowed");
    }
}
