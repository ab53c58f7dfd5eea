//! Values that several services must write alike: e-mail addresses, web addresses, phone numbers.

use std::str::FromStr;

use email_address::{EmailAddress, Options};
use url::Url;

/// Longest e-mail address, in characters (RFC 5321 allows 254 in a path).
pub const EMAIL_LENGTH: usize = 254;

/// The address in lower case, if it is one that mail can be sent to.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
    let sane = text.len() <= EMAIL_LENGTH && EmailAddress::parse_with_options(text, options).is_ok();
    sane.then(|| text.to_lowercase())
}

/// Whether a text can be the name of a person or an organisation: it has no line breaks, no control characters, and nothing
/// that turns the direction of the text around it.
pub fn is_name(text: &str) -> bool {
    let turns = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || turns(c))
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
        assert_eq!(email(" Ada@Example.COM "), Some("ada@example.com".into()));
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
