//! The one error a handler returns, and how the machinery's own errors become one.

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use contracts::problem::{FieldError, ProblemBody};
use serde_json::{Map, Value};

/// In a service's 429: the rate per second that the credential of the request has spent. For the gateway, which does not
/// forward it.
pub const RATE_HEADER: &str = "x-leadstream-rate";

/// An error answer: status, stable code, a sentence, and every faulty field.
#[derive(Clone, Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code for programs.
    pub code: &'static str,
    /// A sentence for a person. Says nothing internal.
    pub detail: String,
    /// Faults of a body or query.
    pub errors: Vec<FieldError>,
    /// Further members, such as `candidates`.
    pub extra: Map<String, Value>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u64>,
    /// Requests per second that the credential is allowed, where more were made.
    pub rate: Option<u32>,
    /// What the log says and the caller never sees.
    pub cause: Option<String>,
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:ident;)*) => {
        impl Problem {
            $(
                $(#[$doc])*
                pub fn $name(code: &'static str, detail: impl Into<String>) -> Self {
                    Self::new(StatusCode::$status, code, detail)
                }
            )*
        }
    };
}

problems! {
    /// 400: malformed or ambiguous.
    bad_request = BAD_REQUEST;
    /// 401: no or a bad credential.
    unauthorized = UNAUTHORIZED;
    /// 403: a good credential that does not suffice.
    forbidden = FORBIDDEN;
    /// 409: contradicts what is stored.
    conflict = CONFLICT;
    /// 410: a one-shot thing that was used or ran out.
    gone = GONE;
    /// 412: the caller's version is not the current one.
    stale = PRECONDITION_FAILED;
    /// 413: larger than the limit.
    too_large = PAYLOAD_TOO_LARGE;
    /// 415: a content type or encoding not taken.
    unsupported = UNSUPPORTED_MEDIA_TYPE;
    /// 422: understood but impossible.
    unprocessable = UNPROCESSABLE_ENTITY;
}

impl Problem {
    /// A problem with nothing more to it.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            errors: Vec::new(),
            extra: Map::new(),
            retry_after: None,
            rate: None,
            cause: None,
        }
    }

    /// 400 with every fault of a body or query.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] if only.field.is_empty() => only.message.clone(),
            [only] => format!("{}: {}", only.field, only.message),
            many => format!("{} fields have faults", many.len()),
        };
        Self { errors, ..Self::bad_request("validation_failed", detail) }
    }

    /// 404, the same for what does not exist and what the caller may not know of.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is nothing here.")
    }

    /// 503: something we need is away; try again.
    pub fn unavailable(cause: impl Into<String>) -> Self {
        Self {
            retry_after: Some(1),
            cause: Some(cause.into()),
            ..Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "Something needed is away. Try again shortly.",
            )
        }
    }

    /// 429: too many requests.
    pub fn throttled(retry_after: u64, detail: impl Into<String>) -> Self {
        Self {
            retry_after: Some(retry_after.max(1)),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail)
        }
    }

    /// Says which rate, in requests per second, the credential has spent.
    pub fn beyond(self, rate: u32) -> Self {
        Self { rate: Some(rate), ..self }
    }

    /// 500: a defect of ours. The cause goes to the log only.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side.")
        }
    }

    /// Adds a member to the body.
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(member.to_owned(), value.into());
        self
    }

    /// The body as it travels.
    pub fn body(&self, instance: Option<&str>, request_id: Option<&str>) -> ProblemBody {
        ProblemBody {
            kind: format!("urn:leadstream:problem:{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            instance: instance.map(str::to_owned),
            code: self.code.to_owned(),
            request_id: request_id.map(str::to_owned),
            errors: self.errors.clone(),
            extra: self.extra.clone(),
        }
    }

    /// The whole answer.
    pub fn response(&self, instance: Option<&str>, request_id: Option<&str>) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.content_type("application/problem+json");
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header(("WWW-Authenticate", "Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header(("Retry-After", seconds));
        }
        if let Some(rate) = self.rate {
            response.insert_header((RATE_HEADER, rate));
        }
        response.body(serde_json::to_vec(&self.body(instance, request_id)).unwrap_or_default())
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.status.as_u16(), self.code, self.detail)?;
        self.cause.as_ref().map_or(Ok(()), |cause| write!(f, " ({cause})"))
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    /// The outermost middleware adds what only it knows: the path and the request's id.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status);
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl From<diesel::result::Error> for Problem {
    fn from(error: diesel::result::Error) -> Self {
        crate::db::error::problem(&error)
    }
}
