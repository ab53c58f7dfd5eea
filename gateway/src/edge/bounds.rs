//! Bounds of a request's head: the length of its target, the number of its headers, and their size.
//!
//! The server takes heads of up to 128 KiB with 96 headers, and so do the services. What the gateway adds, such as the signed
//! identity, which repeats the path, must find room beside what it passes on: a service answers nothing of use to a larger head.

use actix_web::http::{StatusCode, Uri, header::HeaderMap};
use platform::Problem;

/// Longest path with its query, in bytes.
const TARGET: usize = 16 << 10;
/// Bytes that are shown of a longer path.
const SHOWN: usize = 200;
/// Most headers.
const HEADERS: usize = 80;
/// Most bytes of their names and values.
const HEADER_BYTES: usize = 64 << 10;

/// Refuses a head that is out of bounds.
///
/// # Errors
/// 414 `uri_too_long`, 431 `headers_too_large`.
pub fn check(target: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
    if target.path_and_query().is_some_and(|target| target.as_str().len() > TARGET) {
        let detail = format!("Path and query may have at most {TARGET} bytes.");
        return Err(Problem::new(StatusCode::URI_TOO_LONG, "uri_too_long", detail));
    }
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers.len() > HEADERS || bytes > HEADER_BYTES {
        let detail = format!("A request may have at most {HEADERS} headers of {HEADER_BYTES} bytes in all.");
        return Err(Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers_too_large", detail));
    }
    Ok(())
}

/// The path as it is named in an answer: its beginning where it is out of bounds.
pub fn shown(path: &str) -> &str {
    if path.len() <= TARGET { path } else { path.get(..SHOWN).unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(count: usize, length: usize) -> HeaderMap {
        let value = HeaderValue::from_str(&"v".repeat(length)).unwrap();
        let mut headers = HeaderMap::new();
        for number in 0..count {
            headers.append(HeaderName::try_from(format!("x-{number:03}")).unwrap(), value.clone());
        }
        headers
    }

    fn code(target: &str, headers: &HeaderMap) -> Option<(u16, &'static str)> {
        let problem = check(&target.parse().unwrap(), headers).err()?;
        Some((problem.status.as_u16(), problem.code))
    }

    #[test]
    fn path_and_query_are_bounded_together() {
        let none = HeaderMap::new();
        let (path, query) = ("/".to_owned() + &"p".repeat(TARGET / 2), "q".repeat(TARGET / 2 - 2));

        assert_eq!(code(&format!("{path}?{query}"), &none), None);
        assert_eq!(code(&format!("{path}?{query}q"), &none), Some((414, "uri_too_long")));
        assert_eq!((shown(&path), shown(&"/".repeat(TARGET + 1)).len()), (path.as_str(), SHOWN));
    }

    #[test]
    fn headers_are_bounded_by_number_and_by_size() {
        let refused = Some((431, "headers_too_large"));

        assert_eq!(code("/", &headers(HEADERS, 10)), None);
        assert_eq!(code("/", &headers(HEADERS + 1, 10)), refused);
        assert_eq!(code("/", &headers(1, HEADER_BYTES - 5)), None);
        assert_eq!(code("/", &headers(1, HEADER_BYTES - 4)), refused);
        assert_eq!(code("/", &headers(2, HEADER_BYTES / 2)), refused);
    }
}
