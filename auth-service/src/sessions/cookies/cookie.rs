//! The session cookie (RFC 6265) and the host that a request was sent to. Pure.

use std::time::Duration;

use actix_web::{
    HttpRequest,
    http::header::{self, HeaderMap},
};
use platform::Problem;

use super::config::CookieProfile;

/// Set by the gateway where the host is the platform's own and not a tenant's.
pub const OWN_HOST: &str = "x-leadstream-own-host";

/// Where a request came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The host, in lower case; its cookies are bound to it.
    pub host: String,
    /// Whether that is the platform's own address.
    pub is_own: bool,
}

impl Place {
    /// The place of a request that the gateway forwarded.
    ///
    /// # Errors
    /// 400 without a host, 403 over plain HTTP where cookies must be secure.
    pub fn of(request: &HttpRequest, profile: CookieProfile) -> Result<Self, Problem> {
        Self::said(request.headers(), profile)
    }

    fn said(headers: &HeaderMap, profile: CookieProfile) -> Result<Self, Problem> {
        let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let host = said("x-forwarded-host").map(str::to_ascii_lowercase);
        let host =
            host.ok_or_else(|| Problem::bad_request("invalid_host", "The request must name one host."))?;
        if profile == CookieProfile::Secure && said("x-forwarded-proto") != Some("https") {
            let detail = "A browser's session needs HTTPS.";
            return Err(Problem::forbidden("https_required", detail));
        }
        Ok(Self { host, is_own: said(OWN_HOST) == Some("1") })
    }
}

impl CookieProfile {
    /// The cookie's name. Browsers take one with `__Host-` only from the host itself, over HTTPS.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secure => "__Host-leadstream",
            Self::Development => "leadstream_dev",
        }
    }

    /// `Set-Cookie` for a token.
    pub fn set(self, token: &str, life: Duration) -> String {
        let secure = if self == Self::Secure { "Secure; " } else { "" };
        format!(
            "{}={token}; Path=/; {secure}HttpOnly; SameSite=Strict; Max-Age={}",
            self.name(),
            life.as_secs()
        )
    }

    /// `Set-Cookie` that removes it.
    pub fn removed(self) -> String {
        self.set("", Duration::ZERO)
    }

    /// The token of a request; none where there is none, or more than one.
    pub fn token(self, request: &HttpRequest) -> Option<String> {
        self.token_in(request.headers())
    }

    fn token_in(self, headers: &HeaderMap) -> Option<String> {
        let lines = headers.get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut ours = pairs.filter(|(name, _)| *name == self.name()).map(|(_, value)| value);
        let token = ours.next().filter(|token| !token.is_empty())?;
        ours.next().is_none().then(|| token.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn a_secure_cookie_is_of_its_host_alone_and_no_script_reads_it() {
        let set = CookieProfile::Secure.set("lsc_x", Duration::from_secs(60));

        assert_eq!(set, "__Host-leadstream=lsc_x; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=60");
        assert!(CookieProfile::Secure.removed().ends_with("Max-Age=0"));
        assert!(!CookieProfile::Development.set("x", Duration::ZERO).contains("Secure"));
    }

    #[test]
    fn one_cookie_of_the_name_is_taken_and_two_are_not() {
        let token = |line| CookieProfile::Secure.token_in(&headers(&[("cookie", line)]));

        assert_eq!(token("a=b; __Host-leadstream=lsc_1; c=d").as_deref(), Some("lsc_1"));
        assert_eq!(token("leadstream_dev=lsc_1; leadstream=lsc_2"), None);
        assert_eq!(token("__Host-leadstream="), None);
        assert_eq!(token("__Host-leadstream=lsc_1; __Host-leadstream=lsc_2"), None);
        let twice = headers(&[("cookie", "leadstream_dev=1"), ("cookie", "leadstream_dev=2")]);
        assert_eq!(CookieProfile::Development.token_in(&twice), None);
    }

    #[test]
    fn plain_http_has_a_place_in_development_only() {
        let plain = [("x-forwarded-host", "Acme.example:8000"), ("x-forwarded-proto", "http")];
        let place = Place::said(&headers(&plain), CookieProfile::Development).unwrap();

        assert_eq!(place, Place { host: "acme.example:8000".into(), is_own: false });
        assert_eq!(Place::said(&headers(&plain), CookieProfile::Secure).unwrap_err().code, "https_required");
    }
}
