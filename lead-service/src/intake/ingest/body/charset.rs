//! Character sets of bodies.

use std::borrow::Cow;

use actix_web::{HttpMessage, HttpRequest};
use encoding_rs::{Encoding, WINDOWS_1252};

/// What some programs write before UTF-8.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// The character set that the content type names.
pub fn label(request: &HttpRequest) -> Option<String> {
    let media = request.mime_type().ok().flatten()?;
    media.get_param("charset").map(|label| label.as_str().to_owned())
}

/// Text in the character set of this name. Without a name, or with an unknown one, it is UTF-8, and what cannot be is what
/// forms of old pages send, which is Windows-1252 whatever they call it.
pub fn decoded<'a>(bytes: &'a [u8], label: Option<&str>) -> Cow<'a, str> {
    let named = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    match (named, std::str::from_utf8(bytes)) {
        (Some(encoding), _) if encoding != encoding_rs::UTF_8 => {
            encoding.decode_without_bom_handling(bytes).0
        }
        (_, Ok(text)) => Cow::Borrowed(text),
        (_, Err(_)) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_the_character_set_that_is_named_or_fits() {
        for (bytes, label, text) in [
            (&b"Zo\xeb"[..], Some("iso-8859-1"), "Zo\u{eb}"),
            (b"Zo\xeb", None, "Zo\u{eb}"),
            (b"Zo\xc3\xab", None, "Zo\u{eb}"),
            (b"\x80", Some("windows-1252"), "\u{20ac}"),
            (b"Zo\xc3\xab", Some("nonsense"), "Zo\u{eb}"),
        ] {
            assert_eq!(decoded(bytes, label), text);
        }
    }
}
