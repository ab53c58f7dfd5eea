//! JSON parser that keeps all digits of numbers.

use std::borrow::Cow;

use platform::{Problem, http::body};
use serde_json::Value;

/// Digits that a number has for certain when it is read as a floating one.
const CERTAIN: usize = 17;

/// JSON of bearable depth without NUL. A number with more digits than numbers keep becomes text, so that none is lost:
/// references of other systems are such numbers.
///
/// # Errors
/// As [`body::parse`].
pub fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    body::parse(&exact(bytes))
}

fn exact(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !has_long_number(bytes) {
        return Cow::Borrowed(bytes);
    }
    let mut written = Vec::with_capacity(bytes.len() + 16);
    let (mut rest, mut in_text, mut escaped) = (bytes, false, false);
    while let Some((&byte, tail)) = rest.split_first() {
        if !in_text && (byte == b'-' || byte.is_ascii_digit()) {
            let length = rest.iter().take_while(|byte| is_of_number(**byte)).count();
            let (number, behind) = rest.split_at(length);
            if loses_digits(number) {
                written.push(b'"');
                written.extend_from_slice(number);
                written.push(b'"');
            } else {
                written.extend_from_slice(number);
            }
            rest = behind;
            continue;
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ => {}
        }
        written.push(byte);
        rest = tail;
    }
    Cow::Owned(written)
}

/// Whether there is anything to be careful about, in texts or outside.
fn has_long_number(bytes: &[u8]) -> bool {
    let mut run = 0;
    bytes.iter().any(|byte| {
        run = if byte.is_ascii_digit() || *byte == b'.' { run + 1 } else { 0 };
        run > CERTAIN
    })
}

fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E')
}

fn loses_digits(number: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(number) else { return false };
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    // What is no number, or says by its exponent that its digits are rounded, is left to the parser.
    if !is_digits(whole) || (whole.len() > 1 && whole.starts_with('0')) || !fraction.is_none_or(is_digits) {
        return false;
    }
    match fraction {
        None => text.parse::<i64>().is_err() && text.parse::<u64>().is_err(),
        Some(fraction) => whole.trim_start_matches('0').len() + fraction.len() > CERTAIN,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        let read = |text: &str| parse(text.as_bytes()).unwrap();
        assert_eq!(read(r#"{"a":6963887712520725123456}"#), json!({"a": "6963887712520725123456"}));
        assert_eq!(
            read(r#"{"a":-6963887712520725123456,"b":[1]}"#),
            json!({"a": "-6963887712520725123456", "b": [1]})
        );
        assert_eq!(read(r#"{"a":18446744073709551615,"b":1.5}"#), json!({"a": u64::MAX, "b": 1.5}));
        assert_eq!(read(r#"[0.12345678901234567890]"#), json!(["0.12345678901234567890"]));
        assert_eq!(
            read(r#"["6963887712520725123456 \" 6963887712520725123457"]"#)[0],
            "6963887712520725123456 \" 6963887712520725123457"
        );
    }

    #[test]
    fn what_is_no_number_stays_a_fault() {
        for text in ["[00000000000000000000001]", "[1.2.33333333333333333333]", "[123456789012345678901-1]"] {
            assert_eq!(parse(text.as_bytes()).unwrap_err().code, "invalid_json", "{text}");
        }
    }
}
