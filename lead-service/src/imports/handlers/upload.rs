//! Takes a multipart upload in: the file goes to the database piece by piece, never whole into memory.

use actix_multipart::{Field, Multipart};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use contracts::{TenantId, problem::FieldError};
use futures::StreamExt;
use platform::{
    Problem,
    http::{body::BodyLimit, context::RequestContext, openapi::Operation, routes::Input},
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::{
    future::{Ready, ready},
    sync::Arc,
};
use uuid::Uuid;

use crate::{deps::Deps, imports::store};

/// Size of a piece.
const PIECE: usize = 256 << 10;
/// Largest field beside the file.
const FIELD_LIMIT: usize = 256 << 10;

/// A multipart body that is not read yet.
pub struct Upload(HttpRequest, Payload);

impl FromRequest for Upload {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.clone(), payload.take())))
    }
}

impl Input for Upload {
    fn describe(operation: &mut Operation) {
        let schema = json!({
            "type": "object",
            "required": ["file"],
            "properties": {
                "file": { "type": "string", "format": "binary", "description": "CSV with a header or NDJSON, in UTF-8." },
                "format": { "type": "string", "enum": ["csv", "ndjson"], "description": "As the file's name says, unless given." },
                "mapping": { "type": "string", "description": "JSON object: column to field, null to leave one out." },
                "mode": { "type": "string", "enum": ["commit", "validate"] },
                "update_by": { "type": "string", "enum": ["email", "external_id"] },
            },
        });
        operation.bodies.push(("multipart/form-data", schema));
    }
}

/// What came.
#[derive(Debug, Default)]
pub struct Uploaded {
    /// The file's name.
    pub file_name: Option<String>,
    /// What the file says it is.
    pub media_type: Option<String>,
    /// Whether there was a file.
    pub has_file: bool,
    /// The other fields, as text.
    pub fields: Map<String, Value>,
}

impl Uploaded {
    /// A field beside the file, if it says anything.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
    }
}

fn broken() -> Problem {
    Problem::bad_request("invalid_form", "The multipart form cannot be read.")
}

impl Upload {
    /// Reads the body; the file becomes chunks of `import`.
    pub async fn read(self, deps: &Deps, tenant: TenantId, import: Uuid) -> Result<Uploaded, Problem> {
        let Self(request, payload) = self;
        if !request.content_type().eq_ignore_ascii_case("multipart/form-data") {
            return Err(Problem::unsupported("unsupported_media_type", "Send multipart/form-data."));
        }
        let limit = request.app_data::<BodyLimit>().and_then(|own| own.0).unwrap_or(usize::MAX);
        let mut parts = Multipart::new(request.headers(), payload);
        let (mut uploaded, mut digest, mut size) = (Uploaded::default(), Sha256::new(), 0);
        while let Some(part) = parts.next().await {
            let mut part = part.map_err(|_| broken())?;
            let disposition = part.content_disposition().ok_or_else(broken)?;
            let name = disposition.get_name().ok_or_else(broken)?.to_owned();
            digest.update(format!("\n{name}\n"));
            if name == "file" && !uploaded.has_file {
                uploaded.file_name = disposition.get_filename().map(|name| name.chars().take(255).collect());
                uploaded.media_type = part.content_type().map(ToString::to_string);
                uploaded.has_file = true;
                keep(deps, tenant, import, &mut part, &mut digest, &mut size, limit).await?;
                continue;
            }
            let mut value = Vec::new();
            while let Some(piece) = part.next().await {
                value.extend_from_slice(&piece.map_err(|_| broken())?);
                if value.len() > FIELD_LIMIT {
                    return Err(Problem::invalid(vec![FieldError::new(name, "too_long", "is too long")]));
                }
            }
            digest.update(&value);
            let text = String::from_utf8(value).map_err(|_| broken())?;
            if uploaded.fields.insert(name.clone(), Value::String(text)).is_some() {
                return Err(Problem::invalid(vec![FieldError::new(
                    name,
                    "ambiguous",
                    "is given more than once",
                )]));
            }
        }
        if let Some(context) = request.extensions().get::<Arc<RequestContext>>() {
            // Set only once: a body is read once.
            let _first = context.body_digest.set(digest.finalize().into());
        }
        Ok(uploaded)
    }
}

async fn keep(
    deps: &Deps,
    tenant: TenantId,
    import: Uuid,
    part: &mut Field,
    digest: &mut Sha256,
    size: &mut usize,
    limit: usize,
) -> Result<(), Problem> {
    let mut place = 0;
    let mut gathered: Vec<u8> = Vec::with_capacity(PIECE);
    loop {
        let piece = part.next().await.transpose().map_err(|_| broken())?;
        if let Some(piece) = &piece {
            *size += piece.len();
            if *size > limit {
                return Err(Problem::too_large(
                    "body_too_large",
                    format!("A file may have at most {limit} bytes."),
                ));
            }
            digest.update(piece);
            gathered.extend_from_slice(piece);
        }
        if gathered.len() >= PIECE || (piece.is_none() && !gathered.is_empty()) {
            let bytes = std::mem::replace(&mut gathered, Vec::with_capacity(PIECE));
            deps.db
                .in_tenant(tenant, async |tx| {
                    store::keep_chunk(tx, import, place, &bytes).await.map_err(Problem::from)
                })
                .await?;
            place += 1;
        }
        if piece.is_none() {
            return Ok(());
        }
    }
}
