//! Addresses, numbers, profiles and references as cells have them.

use platform::values;
use serde_json::Value;

use super::Reading;
use crate::recognition::json;

/// Warning: the cell had more than one value, of which the first was taken.
const SEVERAL: &str = "several_values";
/// Warning: a part of the cell was not used.
const PARTLY: &str = "partly_used";
/// Longest text, in bytes, in which an address, a number or a profile is looked for. What is longer is prose, and reading
/// it costs more than in proportion.
pub const LONGEST: usize = 4_096;
/// Most pieces of a text that are looked at; the others are kept as they are.
const MOST: usize = 64;

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
    // What is deeper than documents may be, or has a NUL in it, is text like any other.
    let value = json::parse(text.as_bytes()).ok()?;
    let mut texts = Vec::new();
    collect(&value, &mut texts);
    Some(texts)
}

/// Goes as deep as the parser, which is bounded.
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
    if text.len() > LONGEST {
        return Reading::unreadable(cell, "invalid_email");
    }
    if let Some(address) = values::email(text) {
        return Reading::whole(address);
    }
    let (mut found, mut rest, mut several) = (None, Vec::new(), false);
    for (place, piece) in pieces(text).into_iter().enumerate() {
        if place >= MOST {
            rest.push(piece);
            continue;
        }
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
    if text.len() > LONGEST {
        return Reading::unreadable(cell, "invalid_phone");
    }
    // A plus in a form that was encoded by hand arrives as a blank.
    if let Some(number) = values::lost_plus(cell).or_else(|| values::phone(text, country)) {
        return Reading::whole(number);
    }
    let (mut found, mut rest, mut warning): (Option<String>, _, _) = (None, Vec::new(), None);
    let pieces = pieces(text);
    for (place, piece) in pieces.iter().flat_map(|piece| alternatives(piece)).enumerate() {
        if place >= MOST {
            warning = warning.or(Some(PARTLY));
            rest.push(piece.to_owned());
            continue;
        }
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

/// Words and signs between numbers beside each other.
const BETWEEN: [&str; 8] = [" / ", " or ", " oder ", " ou ", " o ", " und ", " and ", " & "];

/// Numbers beside each other: `a / b`, `a or b`. Behind the most that are looked at, the rest is one piece.
fn alternatives(piece: &str) -> Vec<&str> {
    let mut numbers = Vec::new();
    let mut rest = piece;
    while numbers.len() < MOST {
        let two = BETWEEN.iter().find_map(|between| {
            let (one, others) = rest.split_once(between)?;
            (digits(one) >= 6 && digits(others) >= 6).then_some((one, others))
        });
        let Some((one, others)) = two else { break };
        numbers.push(one.trim());
        rest = others.trim();
    }
    numbers.push(rest);
    numbers
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
    let url = (text.len() <= LONGEST).then(|| values::linkedin_url(text)).flatten();
    match url.filter(|url| url.as_str().len() <= 512) {
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
mod tests;
