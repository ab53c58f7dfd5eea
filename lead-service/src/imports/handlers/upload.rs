//! Takes a multipart upload in: the file goes to the database piece by piece, never whole into memory.

use actix_multipart::{Field, Multipart};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use contracts::{TenantId, problem::FieldError};
use futures::StreamExt;
use platform::{
    Problem,
    http::{
        body::{self, BodyLimit},
        context::RequestContext,
        openapi::Operation,
        routes::Input,
    },
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::{
    future::{Ready, ready},
    sync::Arc,
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    imports::{
        chunks,
        readers::charset::{Detector, Found},
        settings::ImportSettings,
    },
};

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
        let settings = body::compiled::<ImportSettings>();
        let mut properties = Map::new();
        for name in settings.members() {
            properties.insert(name.to_owned(), settings.member(name).cloned().unwrap_or_default());
        }
        // A form has no objects: they travel as their JSON.
        for name in ["mapping", "value_map"] {
            if let Some(Value::Object(member)) = properties.get_mut(name) {
                member.insert("type".to_owned(), json!("string"));
                member.insert("contentMediaType".to_owned(), json!("application/json"));
            }
        }
        let about = "CSV in any character set, XLSX, JSON, NDJSON or vCard.";
        properties
            .insert("file".to_owned(), json!({ "type": "string", "format": "binary", "description": about }));
        let schema = json!({ "type": "object", "required": ["file"], "properties": properties });
        operation.bodies.push(("multipart/form-data", schema));
    }
}

/// An upload that was read.
#[derive(Debug, Default)]
pub struct Uploaded {
    /// The file's name.
    pub file_name: Option<String>,
    /// Whether there was a file.
    pub has_file: bool,
    /// Its size in bytes.
    pub size: usize,
    /// Its beginning, and the character set that its bytes speak for.
    pub found: Option<Found>,
    /// The other fields, as text.
    pub fields: Map<String, Value>,
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
        let (mut uploaded, mut digest) = (Uploaded::default(), Sha256::new());
        while let Some(part) = parts.next().await {
            let mut part = part.map_err(|_| broken())?;
            let disposition = part.content_disposition().ok_or_else(broken)?;
            let name = disposition.get_name().ok_or_else(broken)?.to_owned();
            digest.update(format!("\n{name}\n"));
            if name == "file" && !uploaded.has_file {
                uploaded.file_name = disposition
                    .get_filename()
                    .map(|name| name.chars().filter(|c| !c.is_control()).take(255).collect());
                uploaded.has_file = true;
                let mut file =
                    File { import, digest: &mut digest, detector: Detector::new(), size: 0, limit };
                file.keep(deps, tenant, &mut part).await?;
                uploaded.size = file.size;
                uploaded.found = Some(file.detector.finish());
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

/// A file on its way into the database.
struct File<'a> {
    import: Uuid,
    digest: &'a mut Sha256,
    detector: Detector,
    size: usize,
    limit: usize,
}

impl File<'_> {
    fn take(&mut self, piece: &[u8]) -> Result<(), Problem> {
        self.size += piece.len();
        if self.size > self.limit {
            let detail = format!("A file may have at most {} bytes.", self.limit);
            return Err(Problem::too_large("body_too_large", detail));
        }
        self.digest.update(piece);
        self.detector.feed(piece);
        Ok(())
    }

    async fn keep(&mut self, deps: &Deps, tenant: TenantId, part: &mut Field) -> Result<(), Problem> {
        let (import, mut place) = (self.import, 0);
        let mut gathered: Vec<u8> = Vec::with_capacity(PIECE);
        loop {
            let piece = part.next().await.transpose().map_err(|_| broken())?;
            if let Some(piece) = &piece {
                self.take(piece)?;
                gathered.extend_from_slice(piece);
            }
            if gathered.len() >= PIECE || (piece.is_none() && !gathered.is_empty()) {
                let bytes = std::mem::replace(&mut gathered, Vec::with_capacity(PIECE));
                deps.db
                    .in_tenant(tenant, async |tx| {
                        chunks::keep(tx, import, place, &bytes).await.map_err(Problem::from)
                    })
                    .await?;
                place += 1;
            }
            if piece.is_none() {
                return Ok(());
            }
        }
    }
}
