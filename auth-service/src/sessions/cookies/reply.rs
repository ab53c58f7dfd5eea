//! Replies that set the session cookie, or remove it. None of them is kept for a repeated request.

use actix_web::http::StatusCode;
use platform::http::{
    Reply,
    openapi::Schemas,
    reply::{Keeping, Parts},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// 200 with a body and `Set-Cookie`.
pub struct WithCookie<T> {
    /// Body.
    pub body: T,
    /// `Set-Cookie`.
    pub cookie: String,
}

impl<T: Serialize + ToSchema + 'static> Reply for WithCookie<T> {
    const STATUS: u16 = 200;
    const KEEPING: Keeping = Keeping::Never;

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        Some(schemas.add::<T>())
    }

    fn into_parts(self) -> Parts {
        // A struct of texts and numbers can always be written.
        let body = serde_json::to_vec(&self.body).unwrap_or_default();
        let headers = vec![("Set-Cookie", self.cookie)];
        Parts { status: StatusCode::OK, headers, content_type: Some("application/json"), body }
    }
}

/// 204; the cookie and what the page kept are removed.
pub struct SignedOut {
    /// `Set-Cookie`.
    pub cookie: String,
}

impl Reply for SignedOut {
    const STATUS: u16 = 204;
    const KEEPING: Keeping = Keeping::Never;

    fn schema(_: &mut Schemas) -> Option<Value> {
        None
    }

    fn into_parts(self) -> Parts {
        let headers = vec![("Set-Cookie", self.cookie), ("Clear-Site-Data", "\"storage\"".to_owned())];
        Parts { status: StatusCode::NO_CONTENT, headers, content_type: None, body: Vec::new() }
    }
}
