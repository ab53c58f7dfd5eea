//! Optimistic concurrency: `If-Match` against the row's version.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use serde_json::json;

use super::{openapi::Operation, problem::Problem, routes::Input};

/// The version the caller last saw, if it said.
#[derive(Clone, Copy, Debug)]
pub struct IfMatch(Option<i32>);

impl IfMatch {
    /// 412 when the caller's version is not `current`.
    pub fn check(self, current: i32) -> Result<(), Problem> {
        match self.0 {
            Some(seen) if seen != current => Err(Problem::stale(
                "version_conflict",
                format!("This was changed meanwhile: it is at version {current}, you sent {seen}."),
            )),
            _ => Ok(()),
        }
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get(header::IF_MATCH) else { return ready(Ok(Self(None))) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return ready(Ok(Self(None)));
        }
        let version = text.trim_start_matches("W/").trim_matches('"').parse();
        // A tag that is none of ours can match nothing.
        ready(Ok(Self(Some(version.unwrap_or(i32::MIN)))))
    }
}

impl Input for IfMatch {
    fn describe(operation: &mut Operation) {
        operation.parameters.push(json!({
            "name": "If-Match", "in": "header", "required": false, "schema": { "type": "string" },
            "description": "ETag of the version you last saw; 412 when it is no longer the current one.",
        }));
    }
}
