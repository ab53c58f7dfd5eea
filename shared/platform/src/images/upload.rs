//! A picture as it comes in: the body itself, or the one file of a form.

use actix_multipart::Multipart;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use bytes::{Bytes, BytesMut};
use futures::{StreamExt, future::LocalBoxFuture, stream};
use serde_json::json;

use crate::http::{Problem, body, openapi::Operation, reply, routes::Input};

/// The file that was sent, not looked into yet; [`super::clean`] does that.
#[derive(Clone, Debug)]
pub struct ImageUpload(pub Bytes);

impl FromRequest for ImageUpload {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let media_type = request.content_type().to_ascii_lowercase();
            if media_type == "multipart/form-data" {
                let bytes = body::read(&request, &mut payload).await?;
                return file_of(&request, bytes).await.map(Self);
            }
            if super::media_type(&media_type).is_none() {
                return Err(Problem::unsupported(
                    "unsupported_media_type",
                    "Send image/png, image/jpeg, image/webp, or multipart/form-data with one such file.",
                ));
            }
            body::read(&request, &mut payload).await.map(Self)
        })
    }
}

impl Input for ImageUpload {
    fn describe(operation: &mut Operation) {
        // The form alone: of an operation with several kinds of bodies, generated clients send one, and of a bare file some
        // send its path or wrong media type.
        let form = json!({ "type": "object", "properties": { "file": reply::file() }, "required": ["file"] });
        operation.bodies.push(("multipart/form-data", form));
    }
}

async fn file_of(request: &HttpRequest, bytes: Bytes) -> Result<Bytes, Problem> {
    let broken = || Problem::bad_request("invalid_form", "The multipart form cannot be read.");
    let stream = stream::once(async move { Ok::<_, actix_web::error::PayloadError>(bytes) });
    let mut parts = Multipart::new(request.headers(), stream);
    let mut file = None;
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_| broken())?;
        let mut content = BytesMut::new();
        while let Some(chunk) = part.next().await {
            content.extend_from_slice(&chunk.map_err(|_| broken())?);
        }
        if file.replace(content.freeze()).is_some() {
            return Err(Problem::bad_request(
                "invalid_form",
                "The form must hold one file and nothing else.",
            ));
        }
    }
    file.ok_or_else(|| Problem::bad_request("invalid_form", "The form holds no file."))
}
