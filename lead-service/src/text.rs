//! Texts as people write them, in the form in which they are stored.

use contracts::problem::FieldError;
use platform::values;

/// The text without surrounding space; none when nothing is left.
pub fn filled(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
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

/// A currency's ISO 4217 code in upper case; a fault when it is not made of three letters.
pub fn currency(text: Option<String>, faults: &mut Vec<FieldError>) -> Option<String> {
    let code = text?.to_ascii_uppercase();
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Some(code);
    }
    faults.push(FieldError::new("currency", "invalid_currency", "is not an ISO 4217 code"));
    None
}
