//! Headers of the web app: scripts and styles are its own files, no text becomes markup or script.

use actix_web::http::header::HeaderName;

/// The two hashes are those of the constant styles that React Aria injects; a test of the app computes them again.
const CONTENT: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o=' \
    'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg='; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'none'; manifest-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types default";

/// What every file of the app is sent with, beside the headers of every answer.
pub const HEADERS: [(HeaderName, &str); 4] = [
    (HeaderName::from_static("content-security-policy"), CONTENT),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_unsafe_and_nothing_is_loaded_from_elsewhere() {
        for word in ["unsafe-", "http:", "https:", "*"] {
            assert!(!CONTENT.contains(word), "{word}");
        }
        for rule in
            ["default-src 'none'", "worker-src 'none'", "frame-ancestors 'none'", "form-action 'none'"]
        {
            assert!(CONTENT.contains(rule), "{rule}");
        }
    }
}
