//! A picture as it goes out.

use actix_web::http::StatusCode;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::media_type;
use crate::http::{
    Reply,
    openapi::Schemas,
    reply::{self, Parts},
};

/// 200 with a picture that was cleaned before it was stored.
#[derive(Debug)]
pub struct ImageReply {
    media_type: &'static str,
    bytes: Vec<u8>,
    public: bool,
}

impl ImageReply {
    /// A picture for its owner's eyes. One stored under a media type that is none of ours is sent as bytes.
    pub fn private(stored_as: &str, bytes: Vec<u8>) -> Self {
        let media_type = media_type(stored_as).unwrap_or("application/octet-stream");
        Self { media_type, bytes, public: false }
    }

    /// A public, cacheable image.
    pub fn public(stored_as: &str, bytes: Vec<u8>) -> Self {
        Self { public: true, ..Self::private(stored_as, bytes) }
    }
}

impl Reply for ImageReply {
    const STATUS: u16 = 200;

    fn schema(_: &mut Schemas) -> Option<Value> {
        None
    }

    fn content(_: &mut Schemas) -> Vec<(&'static str, Value)> {
        ["image/png", "image/jpeg", "image/webp"].map(|media| (media, reply::file())).to_vec()
    }

    fn into_parts(self) -> Parts {
        let digest = Sha256::digest(&self.bytes);
        let tag = hex::encode(digest.first_chunk::<8>().copied().unwrap_or_default());
        let kept = if self.public { "public, max-age=300" } else { "private, no-cache" };
        let headers = vec![
            ("ETag", format!("\"{tag}\"")),
            ("Cache-Control", kept.to_owned()),
            ("X-Content-Type-Options", "nosniff".to_owned()),
            ("Content-Disposition", "inline".to_owned()),
        ];
        Parts { status: StatusCode::OK, headers, content_type: Some(self.media_type), body: self.bytes }
    }
}
