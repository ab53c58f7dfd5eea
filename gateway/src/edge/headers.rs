//! Headers that pass, in either direction. Pure.

use actix_web::http::header::{HeaderMap, HeaderValue};
use contracts::identity::IDENTITY_HEADER;

/// What becomes of a header of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Passed on.
    Kept,
    /// Not passed on.
    Dropped,
    /// How long the body is.
    Length,
    /// How the body is encoded for the transfer.
    Encoding,
    /// Names further headers that concern the connection only.
    Connection,
    /// The service's build.
    Build,
    /// The rate that the caller's credential has spent.
    Rate,
}

/// Headers that concern one connection and not the request (RFC 9110, section 7.6.1, and those seen in practice).
fn is_hop_by_hop(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "keep-alive"
            | "te"
            | "trailer"
            | "trailers"
            | "transfer-encoding"
            | "upgrade"
            | "http2-settings"
    ) || name.starts_with("proxy-")
}

/// What becomes of a header of a service's answer, by its name in lower case.
pub fn of_answer(name: &str) -> Answer {
    match name {
        "content-length" => Answer::Length,
        "transfer-encoding" => Answer::Encoding,
        "connection" => Answer::Connection,
        platform::http::server::BUILD_HEADER => Answer::Build,
        platform::http::problem::RATE_HEADER => Answer::Rate,
        // Ours, or the server's own.
        "x-request-id" | "traceparent" | "tracestate" | "date" | "server" => Answer::Dropped,
        name if name.starts_with("x-leadstream-") || is_hop_by_hop(name) => Answer::Dropped,
        _ => Answer::Kept,
    }
}

/// Credentials that pass to a service; the gateway reads the others itself, or nothing does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keeps {
    /// `Authorization`, where the service checks a token of its own.
    pub authorization: bool,
    /// `Cookie`, where the operation is one of browsers' sessions.
    pub cookie: bool,
}

/// Whether a header of a request passes to a service, by its name in lower case. Those that the gateway says itself
/// never do.
pub fn passes(name: &str, keeps: Keeps) -> bool {
    match name {
        "authorization" => keeps.authorization,
        "cookie" => keeps.cookie,
        "host" | "content-length" | "expect" | "forwarded" | "x-request-id" | "traceparent" | "x-real-ip" => {
            false
        }
        IDENTITY_HEADER => false,
        name => {
            !(name.starts_with("x-leadstream-") || name.starts_with("x-forwarded-") || is_hop_by_hop(name))
        }
    }
}

/// The header names that a `Connection` header lists.
pub fn connection_names(value: &HeaderValue) -> impl Iterator<Item = &str> {
    value.to_str().unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// Names that the request's `Connection` headers list beside the usual ones, in lower case. Rarely any.
pub fn connection_only(headers: &HeaderMap) -> Vec<String> {
    let listed = headers.get_all("connection").flat_map(connection_names);
    let unusual =
        |name: &&str| !name.eq_ignore_ascii_case("keep-alive") && !name.eq_ignore_ascii_case("close");
    listed.filter(unusual).map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    const ALL: Keeps = Keeps { authorization: true, cookie: true };

    #[test]
    fn what_the_gateway_says_itself_cannot_be_said_by_the_caller() {
        for name in [
            "x-leadstream-identity",
            "x-leadstream-anything",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "forwarded",
            "x-request-id",
            "traceparent",
            "host",
            "content-length",
            "x-real-ip",
        ] {
            assert!(!passes(name, ALL), "{name}");
        }
    }

    #[test]
    fn what_concerns_the_connection_stays_behind() {
        for name in [
            "connection",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "proxy-authorization",
            "expect",
        ] {
            assert!(!passes(name, ALL), "{name}");
        }
    }

    #[test]
    fn keys_signatures_and_content_pass_and_credentials_only_where_the_service_checks_them() {
        for name in [
            "x-api-key",
            "x-hub-signature-256",
            "content-type",
            "accept",
            "idempotency-key",
            "if-match",
            "origin",
        ] {
            assert!(passes(name, Keeps::default()), "{name}");
        }
        assert!(passes("authorization", ALL) && passes("cookie", ALL));
        assert!(!passes("authorization", Keeps::default()) && !passes("cookie", Keeps::default()));
    }

    #[test]
    fn a_connection_header_lists_more_to_leave_behind() {
        let mut headers = HeaderMap::new();
        let name = HeaderName::from_static("connection");
        headers.append(name.clone(), HeaderValue::from_static("keep-alive, X-Secret"));
        headers.append(name, HeaderValue::from_static("close,x-other,"));
        assert_eq!(connection_only(&headers), ["x-secret", "x-other"]);
    }
}
