//! Forms as browsers encode them, in any character set.

use platform::Problem;

use super::{Fields, charset};

/// The field by which a form says its character set (HTML, section 4.10.22.5).
pub const CHARSET_FIELD: &str = "_charset_";

/// The fields of a form. The character set is that of its field for that, or that of the content type.
pub fn read(bytes: &[u8], label: Option<&str>) -> Result<Fields, Problem> {
    let pairs: Vec<(Vec<u8>, Vec<u8>)> = bytes
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let mut half = || unescaped(halves.next().unwrap_or_default());
            (half(), half())
        })
        .collect();
    let named = pairs.iter().find(|(name, value)| name == CHARSET_FIELD.as_bytes() && !value.is_empty());
    let named = named.and_then(|(_, value)| std::str::from_utf8(value).ok());
    let label = named.or(label);
    let mut fields = Fields::default();
    for (name, value) in &pairs {
        let (name, value) = (charset::decoded(name, label), charset::decoded(value, label));
        fields.add(name.into_owned(), value.into_owned())?;
    }
    Ok(fields)
}

/// Whether text looks like an encoded form.
pub fn is_form(bytes: &[u8]) -> bool {
    let name = bytes.split(|byte| *byte == b'=').next().unwrap_or_default();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.+%[]*".contains(byte);
    name.len() < bytes.len() && !name.is_empty() && name.iter().all(is_plain) && !bytes.contains(&b'\n')
}

fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, behind @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high * 16 + low);
                    rest = behind;
                }
                _ => bytes.push(byte),
            },
            _ => bytes.push(byte),
        }
    }
    bytes
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn fields(body: &[u8], label: Option<&str>) -> Value {
        Value::Object(read(body, label).unwrap().fields)
    }

    #[test]
    fn a_form_becomes_fields_and_repeated_ones_a_list() {
        let body = b"name=Ada+Lovelace&email=ada%40example.com&topic=a&topic=b&&rate=5%&empty";
        let expected = json!({
            "name": "Ada Lovelace", "email": "ada@example.com", "topic": ["a", "b"], "rate": "5%", "empty": ""
        });
        assert_eq!(fields(body, None), expected);
    }

    #[test]
    fn a_form_is_read_in_its_own_character_set() {
        let zoe = json!({"name": "Zo\u{eb}"});
        for (body, label) in [
            (&b"name=Zo%EB"[..], Some("iso-8859-1")),
            (b"name=Zo\xeb", Some("ISO-8859-1")),
            (b"name=Zo%EB", None),
            (b"name=Zo%C3%AB", None),
            (b"name=Zo%C3%AB", Some("utf-8")),
        ] {
            assert_eq!(fields(body, label), zoe, "{label:?}");
        }
        assert_eq!(fields(b"name=%80&_charset_=windows-1252", Some("utf-8"))["name"], "\u{20ac}");
    }

    #[test]
    fn a_nul_in_a_form_is_refused() {
        assert_eq!(read(b"name=a%00b", None).unwrap_err().code, "nul_not_allowed");
    }

    #[test]
    fn text_may_be_a_form() {
        assert!(is_form(b"email=a%40x.example&name=Ada"));
        assert!(!is_form(b"hello") && !is_form(b"Dear all, 1 = 1") && !is_form(b"=x"));
    }
}
