//! Values that several services must write alike: e-mail addresses, web addresses, phone numbers.

use std::str::FromStr;

use url::Url;

/// Longest e-mail address, in bytes (RFC 5321 allows 254 in a path).
pub const EMAIL_LENGTH: usize = 254;
/// Longest part before the `@`, in bytes (RFC 5321, section 4.5.3.1.1).
const LOCAL_PART_LENGTH: usize = 64;

/// The address in lower case, if it is one that mail can be sent to: words joined by dots, `@`, a name of at least two labels.
///
/// Stricter than RFC 5322: no quoted words and comments, which hold anything, and no `%` and `!`, which old mail servers
/// read as an address within the address.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let sane = text.len() <= EMAIL_LENGTH && is_local_part(local) && is_mail_domain(domain);
    sane.then(|| text.to_lowercase())
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
    if text.is_ascii() {
        return is_name(text);
    }
    // Of all spellings that mean the same name, such as with letters of full width, one is taken.
    let Ok(ascii) = idna::domain_to_ascii(text) else { return false };
    let (unicode, outcome) = idna::domain_to_unicode(&ascii);
    outcome.is_ok() && unicode == text.to_lowercase() && is_name(&ascii)
}

/// A web address with scheme and host; `https://` is assumed where the scheme is missing.
pub fn web_url(text: &str) -> Option<Url> {
    let text = text.trim();
    let url =
        if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("https://{text}")) }.ok()?;
    let sane = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.host_str().is_some_and(|host| !host.is_empty());
    sane.then_some(url)
}

/// A phone number in E.164, read as of `country` (ISO 3166-1 alpha-2) when it has no country code of its own.
pub fn phone(text: &str, country: Option<&str>) -> Option<String> {
    let text = text.trim();
    if let Some(plain) = plain_e164(text) {
        return Some(plain);
    }
    let country = country.and_then(|code| phonenumber::country::Id::from_str(code).ok());
    let number = phonenumber::parse(country, text).ok()?;
    number.is_valid().then(|| number.format().mode(phonenumber::Mode::E164).to_string())
}

/// Makes ready what reading phone numbers needs. It takes a tenth of a second, which whoever sends the first number that is
/// not in international form would wait for, and with them everybody whom the same thread serves.
pub fn prepare_phones() {
    // No number, and not needed to be one.
    let _ = phonenumber::parse(None, "-");
}

/// Numbers already in international form need no table of the world's numbering plans.
fn plain_e164(text: &str) -> Option<String> {
    let rest = text.strip_prefix('+')?;
    let mut number = String::with_capacity(16);
    number.push('+');
    for c in rest.chars() {
        match c {
            '0'..='9' => number.push(c),
            ' ' | '-' | '.' | '(' | ')' | '/' => {}
            _ => return None,
        }
    }
    (8..=16).contains(&number.len()).then_some(number).filter(|number| !number.starts_with("+0"))
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
            ("JÖRG@BÜCHER.example", "jörg@bücher.example"),
            ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
            ("用户@例子.广告", "用户@例子.广告"),
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

    #[test]
    fn a_web_address_gets_a_scheme_and_carries_no_password() {
        assert_eq!(web_url("example.com").unwrap().as_str(), "https://example.com/");
        assert_eq!(web_url("http://127.0.0.1:9000/x").unwrap().as_str(), "http://127.0.0.1:9000/x");
        for bad in ["", "ftp://example.com", "javascript:alert(1)", "https://user:pw@example.com", "https://"]
        {
            assert!(web_url(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_phone_number_becomes_e164() {
        assert_eq!(phone("+49 (30) 901820", None), Some("+4930901820".into()));
        assert_eq!(phone("030 901820", Some("DE")), Some("+4930901820".into()));
        assert_eq!(phone("(415) 555-2671", Some("US")), Some("+14155552671".into()));
        for bad in ["", "12", "call me", "+0123456789", "555-2671"] {
            assert_eq!(phone(bad, None), None, "{bad}");
        }
    }
}
