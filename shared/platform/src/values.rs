//! Values that several services must write alike: texts, e-mail addresses, web addresses, phone numbers, currencies.

mod currencies;
mod links;
mod phones;

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

pub use currencies::{Currency, MOST_DECIMALS, USUAL_DECIMALS, amount_rule, currency, is_amount};
pub use links::{linkedin_url, web_url};
pub use phones::{lost_plus, phone, prepare_phones};

/// Longest e-mail address, in bytes (RFC 5321 allows 254 in a path).
pub const EMAIL_LENGTH: usize = 254;
/// Longest part before the `@`, in bytes (RFC 5321, section 4.5.3.1.1).
const LOCAL_PART_LENGTH: usize = 64;

/// The text with each letter and its marks composed (Unicode NFC), so that what looks the same is the same.
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// The address in lower case, if it is one that mail can be sent to: words joined by dots, `@`, a name of at least two labels.
/// A name with other letters than ASCII is written as mail servers write it (punycode), so that both writings are one address.
///
/// Stricter than RFC 5322: no quoted words and comments, which hold anything, and no `%` and `!`, which old mail servers
/// read as an address within the address.
pub fn email(text: &str) -> Option<String> {
    let text = composed(text.trim());
    let (local, domain) = text.rsplit_once('@')?;
    let domain = ascii_domain(domain)?;
    let domain = domain.as_ref();
    let sane = text.len() <= EMAIL_LENGTH && is_local_part(local) && is_mail_domain(domain);
    let address = sane.then(|| format!("{}@{domain}", composed(&local.to_lowercase())))?;
    (address.len() <= EMAIL_LENGTH).then_some(address)
}

/// What an address is looked up by: itself as it is stored; other text in lower case, which finds nothing.
pub fn email_or_text(text: &str) -> String {
    email(text).unwrap_or_else(|| text.trim().to_lowercase())
}

/// Whether a text can be the name of a person or an organisation: it has no line breaks, no control characters, and nothing
/// that turns the direction of the text around it.
pub fn is_name(text: &str) -> bool {
    let turns = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || turns(c))
}

fn is_local_part(text: &str) -> bool {
    let is_sane = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => true,
        '#' | '$' | '&' | '\'' | '*' | '+' | '-' | '/' | '=' | '?' | '^' | '_' | '`' | '{' | '|' | '}'
        | '~' => true,
        c => !c.is_ascii() && !c.is_control() && !c.is_whitespace() && !is_invisible(c),
    };
    text.len() <= LOCAL_PART_LENGTH
        && text.split('.').all(|word| !word.is_empty() && word.chars().all(is_sane))
}

/// Characters that show nothing, or turn the direction of what follows.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn is_mail_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_name = |name: &str| {
        let last = name.rsplit('.').next().unwrap_or_default();
        name.len() <= 253
            && name.contains('.')
            && name.split('.').all(is_label)
            && !last.bytes().all(|byte| byte.is_ascii_digit())
    };
    text.is_ascii() && is_name(text)
}

/// The name of a mail server in lower case, its letters beyond ASCII in punycode.
fn ascii_domain(text: &str) -> Option<Cow<'_, str>> {
    if text.is_ascii() {
        let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        return Some(if is_lower { Cow::Borrowed(text) } else { Cow::Owned(text.to_ascii_lowercase()) });
    }
    // Of all spellings that mean the same name, such as with letters of full width, one is taken.
    let ascii = idna::domain_to_ascii(text).ok()?;
    let (unicode, outcome) = idna::domain_to_unicode(&ascii);
    (outcome.is_ok() && unicode == composed(&text.to_lowercase())).then_some(Cow::Owned(ascii))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_is_lower_cased_and_needs_a_domain() {
        for (written, address) in [
            (" Ada@Example.COM ", "ada@example.com"),
            ("ada.king+news@mail.example.co.uk", "ada.king+news@mail.example.co.uk"),
            ("o'brien_1@x-y.example", "o'brien_1@x-y.example"),
            ("JÖRG@BÜCHER.example", "jörg@xn--bcher-kva.example"),
            ("a@xn--Bcher-kva.example", "a@xn--bcher-kva.example"),
        ] {
            assert_eq!(email(written).as_deref(), Some(address), "{written}");
        }
        for bad in
            ["", "ada", "ada@", "@example.com", "ada@localhost", "Ada <ada@example.com>", "a b@example.com"]
        {
            assert_eq!(email(bad), None, "{bad}");
        }
    }

    #[test]
    fn writings_of_one_address_are_one() {
        let one = email("jörg@köln.example").unwrap();
        assert_eq!(one, "jörg@xn--kln-sna.example");
        for other in
            ["jo\u{308}rg@ko\u{308}ln.example", "JÖRG@KÖLN.EXAMPLE", "jörg@XN--KLN-SNA.example", &one]
        {
            assert_eq!(email(other).as_deref(), Some(one.as_str()), "{other}");
        }
        let name = idna::domain_to_ascii("例子.广告").unwrap();
        assert_eq!(email("用户@例子.广告"), Some(format!("用户@{name}")));
        assert_eq!(email_or_text(" A@KÖLN.example "), "a@xn--kln-sna.example");
        assert_eq!(email_or_text(" No Address "), "no address");
    }

    #[test]
    fn letters_and_their_marks_are_composed() {
        assert_eq!(composed("Zoe\u{308}"), "Zoë");
        assert!(matches!(composed("Zoë & Ada"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_name_is_one_line_of_text() {
        for good in ["Ada", "Ada Lovelace-King", "Żółć", "Node.js GmbH", "مریم\u{200c}پور", "🚀 & Co"]
        {
            assert!(is_name(good), "{good}");
        }
        for bad in ["a\nb", "a\r\nBcc: x", "a\tb", "a\u{7f}", "a\u{2028}b", "a\u{202e}b", "\u{85}"] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }

    #[test]
    fn what_mail_servers_could_read_otherwise_is_no_email() {
        let long = [format!("{}@x.example", "a".repeat(65)), format!("a@{}.example", "a".repeat(64))];
        for bad in [
            "\"a b\"@x.example",
            "\"ab\"@x.example",
            "\"a@b\"@x.example",
            "a(comment)@x.example",
            "a@b.example%0a",
            "a@b.example%0d%0aBcc:c@d.example",
            "a%0a@b.example",
            "a%c.example@b.example",
            "c.example!a@b.example",
            "a@b@c.example",
            "a@b.example\n",
            "a\n@b.example",
            "a@b\r\n.example",
            "a\0@b.example",
            "a\t@b.example",
            "a@b.example,c@d.example",
            "a@b.example;c@d.example",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@b.1",
            "a@b..example",
            "a@.example",
            "a@b.example.",
            "a@-b.example",
            "a@b-.example",
            "a@b_c.example",
            ".a@b.example",
            "a.@b.example",
            "a..b@c.example",
            "<a@b.example>",
            "a:b@c.example",
            "a\\b@c.example",
            "a\u{200b}b@c.example",
            "a\u{202e}b@c.example",
            "a\u{a0}b@c.example",
            "a@b\u{200b}.example",
            "a@\u{ff42}.example",
            "a@b\u{3002}example",
            "a@b\u{ad}c.example",
        ]
        .into_iter()
        .chain(long.iter().map(String::as_str))
        {
            // Blanks at the ends are no part of it.
            if bad.trim() == bad {
                assert_eq!(email(bad), None, "{bad:?}");
            }
        }
        assert_eq!(email("a@b.example\n").as_deref(), Some("a@b.example"));
    }
}
