//! Texts as people write them, in the form in which they are stored.

use contracts::problem::FieldError;
use platform::values::{self, Currency};

/// The text without surrounding space, its letters composed; none when nothing is left.
pub fn filled(text: Option<String>) -> Option<String> {
    text.map(|text| values::composed(text.trim()).into_owned()).filter(|text| !text.is_empty())
}

/// The text as it is, its letters composed.
pub fn composed(text: Option<String>) -> Option<String> {
    text.map(|text| values::composed(&text).into_owned())
}

/// The text in one line: line breaks, other control characters and what turns the direction of text become blanks.
pub fn one_line(text: &str) -> String {
    let breaks = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let text = values::composed(text);
    if !text.contains(breaks) {
        return text.trim().to_owned();
    }
    text.split(breaks).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The text in one line; none when nothing is left.
pub fn filled_line(text: Option<String>) -> Option<String> {
    text.map(|text| one_line(&text)).filter(|text| !text.is_empty())
}

/// The address of a page at LinkedIn, in the form in which it is stored.
pub fn linkedin_url(text: Option<&str>) -> Option<String> {
    text.and_then(values::linkedin_url).map(String::from)
}

/// A phone number, in E.164 where it can be read as one; a fault of `field` when it has hardly a digit.
pub fn phone(field: &str, text: Option<String>, faults: &mut Vec<FieldError>) -> Option<String> {
    let text = filled(text)?;
    if text.bytes().filter(u8::is_ascii_digit).count() < 5 {
        faults.push(FieldError::new(field, "invalid_phone", "is not a phone number"));
        return None;
    }
    Some(values::phone(&text, None).unwrap_or(text))
}

/// The currency of an ISO 4217 code; a fault when there is none.
pub fn currency(text: Option<String>, faults: &mut Vec<FieldError>) -> Option<Currency> {
    let currency = values::currency(&text?);
    if currency.is_none() {
        faults.push(FieldError::new("currency", "invalid_currency", "is not an ISO 4217 code"));
    }
    currency
}
