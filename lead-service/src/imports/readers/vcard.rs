//! Contacts of an address book (vCard 2.1, 3.0 and 4.0) as objects.

use std::io::{BufRead, Read};

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Reader, Sink, objects};
use crate::imports::files::{Broken, ROW_LIMIT, RawRow};

/// Properties that are pictures, sounds and keys.
const BINARY: [&str; 4] = ["PHOTO", "LOGO", "SOUND", "KEY"];

/// The cards of a file.
pub struct Cards<R> {
    text: R,
}

impl<R: BufRead> Cards<R> {
    /// The cards in this text.
    pub fn new(text: R) -> Self {
        Self { text }
    }
}

impl<R: BufRead> Reader for Cards<R> {
    fn read(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let mut lines = Unfolded { text: &mut self.text, next: None, place: 0 };
        let mut card: Option<(u64, Card)> = None;
        while let Some((place, line)) = lines.next()? {
            let Some(property) = Property::parse(&line) else { continue };
            match (property.name.as_str(), property.value.trim().to_ascii_uppercase().as_str()) {
                ("BEGIN", "VCARD") => card = Some((place, Card::default())),
                ("END", "VCARD") => {
                    let Some((place, card)) = card.take() else { continue };
                    if !sink(RawRow { place, cells: vec![objects::object(card.0)] }) {
                        return Ok(());
                    }
                }
                _ => {
                    if let Some((_, card)) = &mut card {
                        card.take(&property);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Logical lines: what begins with a blank continues the line before, and so does what follows a `=` at the end of a
/// quoted-printable one.
struct Unfolded<R> {
    text: R,
    next: Option<String>,
    place: u64,
}

impl<R: BufRead> Unfolded<R> {
    fn physical(&mut self) -> Result<Option<String>, Broken> {
        if let Some(line) = self.next.take() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        let most = u64::try_from(ROW_LIMIT + 1).unwrap_or(u64::MAX);
        let read = self.text.by_ref().take(most).read_until(b'\n', &mut line).map_err(|_| Broken::Cut)?;
        if read > ROW_LIMIT {
            return Err(Broken::RowTooLong);
        }
        self.place += u64::from(read > 0);
        let text = String::from_utf8_lossy(&line);
        Ok((read > 0).then(|| text.trim_end_matches(['\r', '\n']).to_owned()))
    }

    fn next(&mut self) -> Result<Option<(u64, String)>, Broken> {
        let Some(mut line) = self.physical()? else { return Ok(None) };
        let place = self.place;
        while let Some(more) = self.physical()? {
            let is_quoted = line.to_ascii_uppercase().contains("QUOTED-PRINTABLE") && line.ends_with('=');
            match more.strip_prefix([' ', '\t']) {
                _ if is_quoted => {
                    line.pop();
                    line.push_str(more.trim_start());
                }
                Some(rest) => line.push_str(rest),
                None => {
                    self.next = Some(more);
                    break;
                }
            }
            if line.len() > ROW_LIMIT {
                return Err(Broken::RowTooLong);
            }
        }
        Ok(Some((place, line)))
    }
}

/// One property of a card.
struct Property {
    name: String,
    parameters: String,
    value: String,
}

impl Property {
    /// `item1.EMAIL;type=WORK:ada@example.com`.
    fn parse(line: &str) -> Option<Self> {
        let mut in_quotes = false;
        let colon = line.find(|c: char| {
            in_quotes ^= c == '"';
            c == ':' && !in_quotes
        })?;
        let (head, value) = line.split_at_checked(colon)?;
        let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
        let name = name.rsplit_once('.').map_or(name, |(_, name)| name).trim().to_ascii_uppercase();
        let parameters = parameters.to_ascii_uppercase();
        let value = value.strip_prefix(':')?;
        let value = decoded(value, &parameters);
        Some(Self { name, parameters, value })
    }

    fn parts(&self) -> Vec<String> {
        split(&self.value, ';')
    }

    fn is_of(&self, kind: &str) -> bool {
        self.parameters.split([';', ',', '=', '"']).any(|word| word == kind)
    }
}

fn decoded(value: &str, parameters: &str) -> String {
    if parameters.contains("QUOTED-PRINTABLE") {
        return quoted_printable(value, parameters);
    }
    if parameters.contains("ENCODING=B") {
        let bytes = BASE64_STANDARD.decode(value.trim()).unwrap_or_default();
        return String::from_utf8(bytes).unwrap_or_default();
    }
    value.to_owned()
}

fn quoted_printable(value: &str, parameters: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(value.len()), value.as_bytes());
    while let Some((byte, tail)) = rest.split_first() {
        let coded = tail.get(..2).filter(|_| *byte == b'=').and_then(|pair| std::str::from_utf8(pair).ok());
        match coded.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(coded) => {
                bytes.push(coded);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*byte);
                rest = tail;
            }
        }
    }
    let label = parameters.split(';').find_map(|part| part.trim().strip_prefix("CHARSET="));
    let charset = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    match charset {
        Some(charset) => charset.decode(&bytes).0.into_owned(),
        None => String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// The parts of a value between separators that are not escaped, unescaped.
fn split(value: &str, separator: char) -> Vec<String> {
    let (mut parts, mut part, mut escaped) = (Vec::new(), String::new(), false);
    for c in value.chars() {
        match c {
            'n' | 'N' if escaped => part.push('\n'),
            c if escaped => part.push(c),
            '\\' => {}
            c if c == separator => parts.push(std::mem::take(&mut part)),
            c => part.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    parts.push(part);
    parts.into_iter().map(|part| part.trim().to_owned()).collect()
}

/// What a card says, as members of an object.
#[derive(Default)]
struct Card(Vec<(String, String)>);

impl Card {
    /// A member; another of the same name gets a number.
    fn add(&mut self, name: &str, text: String) {
        if text.is_empty() {
            return;
        }
        let has = |name: &str| self.0.iter().any(|(known, _)| known == name);
        let numbered = (2..).map(|number| format!("{name} {number}"));
        let name = std::iter::once(name.to_owned()).chain(numbered).find(|name| !has(name));
        self.0.extend(name.map(|name| (name, text)));
    }

    fn take(&mut self, property: &Property) {
        let plain = || split(&property.value, '\u{0}').concat();
        let joined = |parts: Vec<String>| {
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        };
        match property.name.as_str() {
            "N" => {
                let mut parts = property.parts().into_iter();
                let (last, first) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
                self.add("first_name", first);
                self.add("last_name", last);
            }
            "FN" => self.add("name", plain()),
            "EMAIL" => self.add("email", plain()),
            "TEL" if property.is_of("FAX") => self.add("fax", plain()),
            "TEL" => self.add("phone", plain().trim_start_matches("tel:").to_owned()),
            "ORG" => {
                let mut parts = property.parts().into_iter();
                self.add("company_name", parts.next().unwrap_or_default());
                self.add("department", joined(parts.collect()));
            }
            "TITLE" => self.add("role_title", plain()),
            "NOTE" => self.add("notes", plain()),
            "URL" | "X-SOCIALPROFILE" | "X-LINKEDIN" if property.value.contains("linkedin.com/") => {
                self.add("linkedin_url", plain());
            }
            "ADR" => self.add("address", joined(property.parts())),
            "CATEGORIES" => self.add("tags", joined(split(&property.value, ','))),
            "UID" => self.add("uid", plain()),
            "VERSION" | "PRODID" | "REV" => {}
            name if BINARY.contains(&name) => {}
            name => self.add(&name.to_ascii_lowercase(), plain()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(text: &str) -> Vec<Value> {
        let mut cards = Vec::new();
        let mut take = |row: RawRow| {
            cards.push(serde_json::from_str(&row.cells[0]).unwrap());
            true
        };
        Cards::new(text.as_bytes()).read(&mut take).unwrap();
        cards
    }

    #[test]
    fn cards_of_all_versions_are_read() {
        let text = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:King;Ada;;Dr.;\r\nFN:Ada King\r\n\
            item1.EMAIL;type=INTERNET;type=WORK:ada@example.com\r\nEMAIL:ada@home.example\r\n\
            TEL;TYPE=CELL:+49 30 901820\r\nORG:Acme\\, Inc.;Sales\r\nTITLE:CTO\r\nNOTE:one\\ntwo\r\n  three\r\n\
            PHOTO;ENCODING=b:AAAA\r\nURL:https://www.linkedin.com/in/ada\r\nEND:VCARD\r\n\
            BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6=\n=72g\n\
            TEL;WORK;VOICE:030 901820\nEND:VCARD\n";

        let cards = read(text);

        assert_eq!(
            cards[0],
            json!({"first_name": "Ada", "last_name": "King", "name": "Ada King", "email": "ada@example.com",
                "email 2": "ada@home.example", "phone": "+49 30 901820", "company_name": "Acme, Inc.",
                "department": "Sales", "role_title": "CTO", "notes": "one\ntwo three",
                "linkedin_url": "https://www.linkedin.com/in/ada"})
        );
        assert_eq!(cards[1], json!({"first_name": "Jörg", "last_name": "Müller", "phone": "030 901820"}));
    }
}
