//! Addresses, numbers, profiles and references as cells have them.

use platform::values;
use serde_json::Value;

use super::Reading;

/// Warning: the cell had more than one value, of which the first was taken.
const SEVERAL: &str = "several_values";
/// Warning: a part of the cell was not used.
const PARTLY: &str = "partly_used";

/// The cell as it was meant: without what spreadsheets put around text (`="0170…"`, `'0170…`).
fn bare(cell: &str) -> &str {
    let text = cell.trim();
    let formula = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    formula.unwrap_or_else(|| text.strip_prefix('\'').unwrap_or(text)).trim()
}

/// The texts of a JSON list or object in a cell (`[{"value":"…","label":"work"}]`), in their order; none for other text.
fn listed(text: &str) -> Option<Vec<String>> {
    if !text.starts_with(['[', '{']) {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    let mut texts = Vec::new();
    collect(&value, &mut texts);
    Some(texts)
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Number(number) => texts.push(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(members) => match members.get("value") {
            Some(value) => collect(value, texts),
            None => members.values().for_each(|value| collect(value, texts)),
        },
        Value::Null | Value::Bool(_) => {}
    }
}

fn pieces(text: &str) -> Vec<String> {
    if let Some(texts) = listed(text) {
        return texts;
    }
    let parts = text.split(":::").flat_map(|part| part.split([';', ',', '|', '\n', '\r', '\t']));
    parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// The first usable e-mail address of a cell, in lower case: one of several, `Bob <b@x.example>`, `mailto:b@x.example`. The
/// rest are the other addresses and names.
pub fn emails(cell: &str) -> Reading<String> {
    let text = bare(cell);
    if text.is_empty() {
        return Reading::BLANK;
    }
    if let Some(address) = values::email(text) {
        return Reading::whole(address);
    }
    let (mut found, mut rest, mut several) = (None, Vec::new(), false);
    for piece in pieces(text) {
        let (addresses, remainder) = addresses(&piece);
        for address in addresses {
            match &found {
                None => found = Some(address),
                Some(first) if *first == address => {}
                Some(_) => {
                    several = true;
                    rest.push(address);
                }
            }
        }
        rest.extend(remainder);
    }
    match found {
        None => Reading::unreadable(cell, "invalid_email"),
        Some(address) => Reading {
            value: Some(address),
            rest: (!rest.is_empty()).then(|| rest.join("; ")),
            warning: several.then_some(SEVERAL),
        },
    }
}

/// The addresses of one piece, and what is beside them.
fn addresses(piece: &str) -> (Vec<String>, Option<String>) {
    if let Some(address) = address(piece) {
        return (vec![address], None);
    }
    for (open, close) in [('<', '>'), ('(', ')')] {
        let within = piece.split_once(open).and_then(|(before, after)| {
            let (inside, behind) = after.split_once(close)?;
            Some((address(inside)?, format!("{} {}", before.trim(), behind.trim())))
        });
        if let Some((address, beside)) = within {
            let beside = beside.trim().trim_matches(['"', '\'']).trim().to_owned();
            return (vec![address], (!beside.is_empty()).then_some(beside));
        }
    }
    let words: Vec<Option<String>> = piece.split_whitespace().map(address).collect();
    if words.len() > 1 && words.iter().all(Option::is_some) {
        return (words.into_iter().flatten().collect(), None);
    }
    (Vec::new(), Some(piece.to_owned()))
}

fn address(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['"', '\'', '<', '>']).trim();
    let is_link = text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:"));
    let text = if is_link { text.get(7..)? } else { text };
    let text = if is_link { text.split('?').next().unwrap_or(text) } else { text };
    values::email(text)
}

/// The first usable phone number of a cell: E.164 where it can be read as one, else as it was written. National numbers are
/// read as of `country` (ISO 3166-1 alpha-2). The rest are extensions and other numbers.
pub fn phones(cell: &str, country: Option<&str>) -> Reading<String> {
    let text = bare(cell);
    if text.is_empty() {
        return Reading::BLANK;
    }
    // A plus in a form that was encoded by hand arrives as a blank.
    if let Some(number) = values::lost_plus(cell).or_else(|| values::phone(text, country)) {
        return Reading::whole(number);
    }
    let (mut found, mut rest, mut warning): (Option<String>, _, _) = (None, Vec::new(), None);
    for piece in pieces(text).iter().flat_map(|piece| alternatives(piece)) {
        let piece = unlabelled(piece);
        let (number, extension) = match values::phone(piece, country) {
            Some(number) => (Some(number), None),
            None => {
                let (number, extension) = extension(piece);
                (number_of(number, country), extension)
            }
        };
        let Some(number) = number else {
            warning = warning.or(Some(PARTLY));
            rest.push(piece.to_owned());
            continue;
        };
        match &found {
            None => {
                found = Some(number);
                if let Some(extension) = extension {
                    warning = warning.or(Some(PARTLY));
                    rest.push(extension.to_owned());
                }
            }
            Some(first) if *first == number => {}
            Some(_) => {
                warning = Some(SEVERAL);
                rest.push(piece.to_owned());
            }
        }
    }
    match found {
        None => Reading::unreadable(cell, "invalid_phone"),
        Some(number) => {
            Reading { value: Some(number), rest: (!rest.is_empty()).then(|| rest.join("; ")), warning }
        }
    }
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Numbers beside each other: `a / b`, `a or b`.
fn alternatives(piece: &str) -> Vec<&str> {
    for separator in [" / ", " or ", " oder ", " ou ", " o ", " und ", " and ", " & "] {
        if let Some((one, other)) = piece.split_once(separator)
            && digits(one) >= 6
            && digits(other) >= 6
        {
            let mut numbers = vec![one.trim()];
            numbers.extend(alternatives(other.trim()));
            return numbers;
        }
    }
    vec![piece]
}

/// A number without what is written before it: `p:`, `tel:`, `Mobile:`.
fn unlabelled(piece: &str) -> &str {
    match piece.split_once(':') {
        Some((label, number)) if label.chars().all(|c| c.is_alphabetic() || " .".contains(c)) => {
            number.trim()
        }
        _ => piece.trim(),
    }
}

const EXTENSIONS: [&str; 9] = ["extension", "ext.", "ext", "durchwahl", "poste", "int.", "x.", "x", "#"];

/// A number and its extension.
fn extension(text: &str) -> (&str, Option<&str>) {
    // Only ASCII is lower-cased, so that places stay the same.
    let lower = text.to_ascii_lowercase();
    for mark in EXTENSIONS {
        let Some(place) = lower.find(mark) else { continue };
        let (Some(number), Some(end), Some(inner)) =
            (text.get(..place), text.get(place..), text.get(place + mark.len()..))
        else {
            continue;
        };
        let inner = inner.trim_start_matches([' ', '.', ':', '=', '-']).trim_end();
        let is_extension =
            !inner.is_empty() && inner.len() <= 8 && inner.bytes().all(|byte| byte.is_ascii_digit());
        if digits(number) >= 5 && is_extension {
            return (number.trim_end_matches([' ', ';', ',', '-', '(']), Some(end));
        }
    }
    (text, None)
}

fn number_of(text: &str, country: Option<&str>) -> Option<String> {
    let plain: String = text
        .chars()
        .map(|c| match c {
            '\u{a0}' | '\u{2009}' | '\u{202f}' => ' ',
            '\u{2010}'..='\u{2015}' => '-',
            c => c,
        })
        .collect();
    let text = plain.trim();
    // Spreadsheets make numbers of numbers.
    let text = text.strip_suffix(".0").filter(|whole| whole.len() > 5).unwrap_or(text);
    if let Some(number) = values::phone(text, country) {
        return Some(number);
    }
    // A number without its country is still a number: it is kept as it was written.
    let is_number =
        text.chars().all(|c| c.is_ascii_digit() || " +-./()".contains(c)) && (5..=20).contains(&digits(text));
    is_number.then(|| text.to_owned())
}

/// A person's or company's page at LinkedIn.
pub fn linkedin(cell: &str) -> Reading<String> {
    let text = bare(cell);
    if text.is_empty() {
        return Reading::BLANK;
    }
    match values::linkedin_url(text).filter(|url| url.as_str().len() <= 512) {
        Some(url) => Reading::whole(url.into()),
        None => Reading::unreadable(cell, "invalid_url"),
    }
}

/// What Facebook's files put before ids, numbers and postcodes (`l:428…`, `ag:…`, `z:01960`) says what they are, and is no
/// part of them.
pub fn reference(cell: &str) -> &str {
    let text = bare(cell);
    match text.split_once(':') {
        Some(("l" | "ag" | "as" | "c" | "f" | "z" | "p", rest))
            if !rest.is_empty() && !rest.starts_with('/') =>
        {
            rest.trim()
        }
        _ => text,
    }
}

/// Whether a cell is one of those that advertisers' tools send to try a form out.
pub fn is_test(cell: &str) -> bool {
    let text = cell.trim_start();
    text.starts_with('<') && text.to_ascii_lowercase().contains("test lead: dummy data")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_usable_address_is_taken_and_the_others_are_the_rest() {
        for (cell, address, rest) in [
            (" A@Example.com ", "a@example.com", None),
            ("a@x.example ::: b@x.example", "a@x.example", Some("b@x.example")),
            ("a@x.example; b@x.example", "a@x.example", Some("b@x.example")),
            ("a@x.example, b@x.example,c@x.example", "a@x.example", Some("b@x.example; c@x.example")),
            ("a@x.example b@x.example", "a@x.example", Some("b@x.example")),
            ("Bob B <b@x.example>", "b@x.example", Some("Bob B")),
            ("<b@x.example>", "b@x.example", None),
            ("mailto:c@x.example?subject=Hi", "c@x.example", None),
            ("n/a; d@x.example", "d@x.example", Some("n/a")),
            (
                r#"[{"value":"e@x.example","label":"work"},{"value":"f@x.example"}]"#,
                "e@x.example",
                Some("f@x.example"),
            ),
            ("=\"g@x.example\"", "g@x.example", None),
        ] {
            let read = emails(cell);
            assert_eq!((read.value.as_deref(), read.rest.as_deref()), (Some(address), rest), "{cell}");
        }
        for cell in ["nope", "a b@x.example", "a@", "@x.example"] {
            let read = emails(cell);
            assert_eq!((read.value, read.warning), (None, Some("invalid_email")), "{cell}");
            assert_eq!(read.rest.as_deref(), Some(cell));
        }
        assert_eq!(emails("  "), Reading::BLANK);
    }

    #[test]
    fn a_phone_number_is_found_in_what_people_write_around_it() {
        for (cell, country, number, rest) in [
            ("+44 20 7946 0958", None, "+442079460958", None),
            ("p:+442079460958", None, "+442079460958", None),
            ("=\"0170 1234567\"", Some("DE"), "+491701234567", None),
            ("(415) 555-0132 x12", Some("US"), "+14155550132;ext=12", None),
            ("(415) 555-0132 x12", None, "(415) 555-0132", Some("x12")),
            ("001-415-555-0132x123", None, "+14155550132;ext=123", None),
            ("+1 415 555 0133; +1 415 555 0134", None, "+14155550133", Some("+1 415 555 0134")),
            ("+1 415 555 0133 / +1 415 555 0134", None, "+14155550133", Some("+1 415 555 0134")),
            ("+1 415 555 0133 ::: +1 415 555 0134", None, "+14155550133", Some("+1 415 555 0134")),
            (" 1 202 555 0143", None, "+12025550143", None),
            ("030 901820", None, "030 901820", None),
            ("Mobile: 0170/1234567", Some("DE"), "+491701234567", None),
        ] {
            let read = phones(cell, country);
            assert_eq!((read.value.as_deref(), read.rest.as_deref()), (Some(number), rest), "{cell}");
        }
        for cell in ["n/a", "call me", "12", "4.9E+12"] {
            let read = phones(cell, None);
            assert_eq!((read.value, read.warning), (None, Some("invalid_phone")), "{cell}");
        }
        // Not every blank was a plus.
        assert_eq!(phones(" 030 901820", None).value.as_deref(), Some("030 901820"));
    }

    #[test]
    fn a_profile_is_at_linkedin() {
        for (cell, url) in [
            ("https://www.linkedin.com/in/ada", "https://www.linkedin.com/in/ada"),
            ("linkedin.com/in/ada", "https://linkedin.com/in/ada"),
            ("in/ada", "https://www.linkedin.com/in/ada"),
        ] {
            assert_eq!(linkedin(cell).value.as_deref(), Some(url), "{cell}");
        }
        for cell in ["@ada", "ada", "https://example.com/in/ada", "https://evil.example/linkedin.com"] {
            assert_eq!(linkedin(cell).warning, Some("invalid_url"), "{cell}");
        }
    }

    #[test]
    fn what_facebook_puts_before_values_is_taken_off() {
        assert_eq!(reference("l:4281234"), "4281234");
        assert_eq!(reference("z:01960"), "01960");
        assert_eq!(reference("gid://shopify/Customer/1"), "gid://shopify/Customer/1");
        assert_eq!(reference("p://x"), "p://x");
        assert!(is_test("<test lead: dummy data for full_name>"));
        assert!(!is_test("a test lead"));
    }
}
