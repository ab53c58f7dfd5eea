//! Requests that only pages of the same origin may make: those that the browser adds a cookie to. Pure.
//!
//! The rule of Go's `CrossOriginProtection`: browsers say where a request comes from in `Sec-Fetch-Site`; where they do
//! not, `Origin` must be that of the request itself.

use actix_web::http::{Method, StatusCode, header::HeaderMap};
use platform::Problem;

use super::address::ClientInfo;

/// Checks that a request comes from a page of its own origin and, where it has a body, that this is JSON: forms of other
/// pages cannot send that.
///
/// # Errors
/// 403 `cross_site_request`, 415 `unsupported_media_type`.
pub fn check(method: &Method, headers: &HeaderMap, client: &ClientInfo) -> Result<(), Problem> {
    let said = |name: &str| {
        let mut values = headers.get_all(name);
        let first = values.next().map(|value| value.to_str().unwrap_or_default());
        // Two values say nothing that can be relied on.
        if values.next().is_some() { Some("") } else { first }
    };
    let is_ours = match (said("sec-fetch-site"), said("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => client.host.as_deref().is_some_and(|host| {
            let own =
                if client.https { origin.strip_prefix("https://") } else { origin.strip_prefix("http://") };
            own.is_some_and(|own| own.eq_ignore_ascii_case(host))
        }),
        (None, None) => false,
    };
    if !is_ours {
        let detail = "Only pages of the platform's own origin may do this.";
        return Err(Problem::forbidden("cross_site_request", detail));
    }
    let media_type = said("content-type").unwrap_or_default();
    let is_json =
        media_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if *method == Method::POST && !is_json {
        let detail = "The body must be JSON.";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn code(method: &Method, https: bool, lines: &[(&'static str, &'static str)]) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let client =
            ClientInfo { address: [127, 0, 0, 1].into(), https, host: Some("app.example:8000".to_owned()) };
        check(method, &headers, &client).err().map(|problem| problem.code)
    }

    const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");

    #[test]
    fn what_the_browser_says_of_the_site_decides() {
        let with = |site| code(&Method::POST, true, &[("sec-fetch-site", site), JSON]);

        assert_eq!(with("same-origin"), None);
        for site in ["same-site", "cross-site", "none", "", "Same-Origin"] {
            assert_eq!(with(site), Some("cross_site_request"), "{site}");
        }
        let own = [("sec-fetch-site", "cross-site"), ("origin", "https://app.example:8000"), JSON];
        assert_eq!(code(&Method::POST, true, &own), Some("cross_site_request"));
        let twice = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site"), JSON];
        assert_eq!(code(&Method::POST, true, &twice), Some("cross_site_request"));
    }

    #[test]
    fn an_older_browser_is_told_by_its_origin() {
        let with = |https, origin| code(&Method::DELETE, https, &[("origin", origin)]);

        assert_eq!(with(true, "https://app.example:8000"), None);
        assert_eq!(with(false, "http://App.example:8000"), None);
        for (https, origin) in [
            (true, "http://app.example:8000"),
            (false, "https://app.example:8000"),
            (true, "https://app.example"),
            (true, "https://evil.example"),
            (true, "null"),
        ] {
            assert_eq!(with(https, origin), Some("cross_site_request"), "{origin}");
        }
        assert_eq!(code(&Method::DELETE, true, &[]), Some("cross_site_request"));
    }

    #[test]
    fn a_form_of_another_kind_than_json_is_refused() {
        let with =
            |kind| code(&Method::POST, true, &[("sec-fetch-site", "same-origin"), ("content-type", kind)]);

        assert_eq!(with("application/json"), None);
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""] {
            assert_eq!(with(kind), Some("unsupported_media_type"), "{kind}");
        }
        assert_eq!(code(&Method::DELETE, true, &[("sec-fetch-site", "same-origin")]), None);
    }
}
