//! One path, one spelling: what is authorised is what is forwarded, byte for byte (RFC 3986, section 6).

/// A path that could be spelled, or understood, in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotCanonical;

/// The path without its trailing slash, if it is spelled in the one canonical way.
///
/// Refused are empty, `.` and `..` segments, backslashes, semicolons, anything that is not visible ASCII, and percent
/// encodings that are malformed or stand for a character that needs none, a separator or a control character.
pub fn canonical(path: &str) -> Result<&str, NotCanonical> {
    let mut rest = path.strip_prefix('/').ok_or(NotCanonical)?.as_bytes();
    if rest.is_empty() {
        return Ok(path);
    }
    let (mut length, mut only_dots) = (0_usize, true);
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte == b'/' {
            end_segment(length, only_dots)?;
            (length, only_dots) = (0, true);
            if rest.is_empty() {
                return path.strip_suffix('/').ok_or(NotCanonical);
            }
            continue;
        }
        if byte == b'%' {
            let ([high, low], tail) = tail.split_first_chunk::<2>().ok_or(NotCanonical)?;
            check_encoded(hex(*high).ok_or(NotCanonical)? * 16 + hex(*low).ok_or(NotCanonical)?)?;
            rest = tail;
        } else if !is_plain(byte) {
            return Err(NotCanonical);
        }
        only_dots &= byte == b'.';
        length += 1;
    }
    end_segment(length, only_dots)?;
    Ok(path)
}

/// Whether a query holds neither spaces nor control characters. What else is in it is the service's business.
pub fn is_sane_query(query: &str) -> bool {
    query.bytes().all(|byte| byte > b' ' && byte != 0x7f)
}

fn end_segment(length: usize, only_dots: bool) -> Result<(), NotCanonical> {
    if length == 0 || (only_dots && length <= 2) { Err(NotCanonical) } else { Ok(()) }
}

/// What may stand in a segment as it is; the semicolon may by the RFC, but some servers cut parameters off there.
fn is_plain(byte: u8) -> bool {
    is_unreserved(byte)
        || matches!(byte, b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b'=' | b':' | b'@')
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn check_encoded(byte: u8) -> Result<(), NotCanonical> {
    let refused = is_unreserved(byte) || byte.is_ascii_control() || matches!(byte, b'/' | b'\\' | b';');
    if refused { Err(NotCanonical) } else { Ok(()) }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_plain_path_is_itself_and_one_trailing_slash_is_dropped() {
        for path in [
            "/",
            "/api",
            "/api/v2/leads/0190",
            "/t/o/a.gif",
            "/a/...",
            "/a/.b",
            "/a/b%20c",
            "/a/%C3%A4",
            "/a:b@c",
        ] {
            assert_eq!(canonical(path), Ok(path));
        }
        assert_eq!(canonical("/api/v2/leads/"), Ok("/api/v2/leads"));
    }

    #[test]
    fn anything_with_a_second_spelling_is_refused() {
        for path in [
            "",
            "api",
            "*",
            "//",
            "//api",
            "/api//v2",
            "/api/v2//",
            "/.",
            "/..",
            "/api/./v2",
            "/api/../v2",
            "/api/..",
            "/api/../",
            "/api/%2e%2e/v2",
            "/api/%2E",
            "/api/.%2e/",
            "/api%2fv2",
            "/api%2Fv2",
            "/api%5cv2",
            "/api\\v2",
            "/api;x=1/v2",
            "/api%3bx",
            "/api/%00",
            "/api/%0a",
            "/api/%7f",
            "/api/%61",
            "/api/%7E",
            "/api/%",
            "/api/%2",
            "/api/%zz",
            "/api/ä",
            "/api/\t",
            "/api/a b",
            "/api/\"",
            "/api/<x>",
            "/api/{id}",
            "/api/a|b",
            "/api/a^b",
            "/a#b",
        ] {
            assert_eq!(canonical(path), Err(NotCanonical), "{path:?}");
        }
    }

    #[test]
    fn a_query_has_no_control_characters() {
        assert!(is_sane_query("a=b&c=%20d"));
        assert!(!is_sane_query("a=\u{1}"));
        assert!(!is_sane_query("a=b c"));
    }

    proptest! {
        #[test]
        fn what_is_accepted_survives_a_url_parser_unchanged(path in "/[ -~]{0,40}") {
            if let Ok(kept) = canonical(&path) {
                let parsed = url::Url::parse("http://host").unwrap().join(&path).unwrap();
                let spelled = path.replace('\'', "%27");
                prop_assert!(parsed.path() == path || parsed.path() == spelled, "{} {}", parsed.path(), path);
                prop_assert!(path == kept || path.strip_suffix('/') == Some(kept));
                prop_assert_eq!(canonical(kept), Ok(kept));
            }
        }
    }
}
