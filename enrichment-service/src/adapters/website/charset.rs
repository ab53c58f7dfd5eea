//! Bytes of a page as text, in the order of trust of the HTML standard: byte order mark, header, meta, a guess.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// How far into the page a `<meta charset>` is looked for, in bytes.
const PRESCAN: usize = 1024;

/// The page's text. What does not fit the encoding becomes U+FFFD.
pub(super) fn decode(body: &[u8], content_type: Option<&str>) -> String {
    let stated = content_type.and_then(|stated| label(stated.as_bytes()));
    let encoding = stated.or_else(|| declared(body)).unwrap_or_else(|| guessed(body));
    // A byte order mark outweighs everything else, which `decode` sees to.
    encoding.decode(body).0.into_owned()
}

/// The encoding that follows `charset=`.
fn label(text: &[u8]) -> Option<&'static Encoding> {
    let lower = text.to_ascii_lowercase();
    let at = lower.windows(8).position(|window| window == b"charset=")?;
    let rest = lower.get(at + 8..)?;
    let quotes = |byte: &u8| matches!(byte, b'"' | b'\'' | b' ');
    let start = rest.iter().position(|byte| !quotes(byte))?;
    let rest = rest.get(start..)?;
    let ends = |byte: &u8| quotes(byte) || matches!(byte, b';' | b'>' | b'/');
    let end = rest.iter().position(ends).unwrap_or(rest.len());
    Encoding::for_label(rest.get(..end)?)
}

fn declared(body: &[u8]) -> Option<&'static Encoding> {
    let beginning = body.get(..body.len().min(PRESCAN)).unwrap_or_default();
    let encoding = label(beginning)?;
    // A page with a meta element readable byte by byte is not in UTF-16, even if it says so.
    Some(if encoding.is_ascii_compatible() { encoding } else { UTF_8 })
}

fn guessed(body: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(body).is_ok() { UTF_8 } else { WINDOWS_1252 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_outweighs_the_page_and_the_mark_outweighs_both() {
        assert_eq!(decode(b"M\xfcller", Some("text/html; charset=\"ISO-8859-1\"")), "Müller");
        assert_eq!(
            decode(b"<meta charset=utf-8>M\xfcller", Some("text/html;charset=latin1")),
            "<meta charset=utf-8>Müller"
        );
        assert_eq!(decode(b"\xef\xbb\xbfM\xc3\xbcller", Some("text/html; charset=latin1")), "Müller");
    }

    #[test]
    fn the_page_says_when_the_header_does_not() {
        let page = b"<meta http-equiv=content-type content='text/html; charset=windows-1251'>\xcf\xf0\xe8";
        assert!(decode(page, Some("text/html")).ends_with("При"));
        assert!(decode(b"<META CHARSET=\"shift_jis\">\x93\xfa", None).ends_with('日'));
        assert_eq!(decode(b"<meta charset=utf-16>a", None), "<meta charset=utf-16>a");
    }

    #[test]
    fn without_a_word_it_is_utf_8_if_it_can_be() {
        assert_eq!(decode("Müller".as_bytes(), None), "Müller");
        assert_eq!(decode(b"M\xfcller", None), "Müller");
        assert_eq!(decode(b"", Some("text/html; charset=nonsense")), "");
    }

    #[test]
    fn bytes_that_do_not_fit_are_replaced() {
        assert_eq!(decode(b"M\xfcller", Some("text/html; charset=utf-8")), "M\u{fffd}ller");
    }
}
