//! Contacts of an address book (vCard 2.1, 3.0 and 4.0) as objects.

use std::{
    collections::{HashMap, HashSet},
    io::BufRead,
};

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Reader, Sink, folding::Unfolded, objects};
use crate::imports::files::{Broken, RawRow};

/// Properties that are pictures, sounds and keys.
const BINARY: [&str; 4] = ["PHOTO", "LOGO", "SOUND", "KEY"];
/// Most members of a card.
const MEMBERS: usize = 1_000;
/// Most bytes of a card, names and values together.
const CARD: usize = 512 << 10;

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
        let mut lines = Unfolded::new(&mut self.text, is_binary);
        let mut card: Option<Card> = None;
        while let Some(line) = lines.next()? {
            let Some(property) = Property::parse(&line.text) else {
                if let Some(card) = card.as_mut().filter(|_| !line.text.trim().is_empty()) {
                    card.odd += 1;
                }
                continue;
            };
            let is_of_card = property.value.trim().eq_ignore_ascii_case("vcard");
            match property.name.as_str() {
                "BEGIN" if is_of_card => {
                    let before = card.replace(Card { place: line.place, ..Card::default() });
                    if !before.is_none_or(|card| sink(card.row(false))) {
                        return Ok(());
                    }
                }
                "END" if is_of_card => {
                    if !card.take().is_none_or(|card| sink(card.row(true))) {
                        return Ok(());
                    }
                }
                _ => {
                    if let Some(card) = &mut card {
                        card.cut += usize::from(line.is_cut);
                        card.take(&property);
                    }
                }
            }
        }
        if let Some(card) = card {
            sink(card.row(false));
        }
        Ok(())
    }
}

/// Name and parameters of a property, and its value: `item1.EMAIL;type=WORK:ada@example.com`.
fn parts(line: &str) -> Option<(&str, &str, &str)> {
    let mut in_quotes = false;
    let colon = line.find(|c: char| {
        in_quotes ^= c == '"';
        c == ':' && !in_quotes
    })?;
    let (head, value) = line.split_at_checked(colon)?;
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    let name = name.rsplit_once('.').map_or(name, |(_, name)| name).trim();
    Some((name, parameters, value.strip_prefix(':')?))
}

/// Whether a line begins a property that is no text.
fn is_binary(line: &str) -> bool {
    parts(line).is_some_and(|(name, ..)| BINARY.iter().any(|known| name.eq_ignore_ascii_case(known)))
}

/// One property of a card.
struct Property {
    name: String,
    parameters: String,
    value: String,
}

impl Property {
    fn parse(line: &str) -> Option<Self> {
        let (name, parameters, value) = parts(line)?;
        let parameters = parameters.to_ascii_uppercase();
        Some(Self { name: name.to_ascii_uppercase(), value: decoded(value, &parameters), parameters })
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
        let bare: String = value.chars().filter(|c| !c.is_whitespace()).collect();
        let text = BASE64_STANDARD.decode(bare).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        return text.unwrap_or_else(|| value.to_owned());
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

/// A card as members of an object, and what was left out of it.
#[derive(Default)]
struct Card {
    place: u64,
    members: Vec<(String, String)>,
    names: HashSet<String>,
    /// The number of members of each name.
    counts: HashMap<String, usize>,
    length: usize,
    /// Pictures, sounds and keys.
    binary: usize,
    /// Values of which only the beginning was read.
    cut: usize,
    /// Members beyond the bounds.
    excess: usize,
    /// Lines that are no properties.
    odd: usize,
}

impl Card {
    /// A member; another of the same name gets a number.
    fn add(&mut self, name: &str, text: String) {
        if text.is_empty() {
            return;
        }
        if self.members.len() >= MEMBERS || self.length + name.len() + text.len() > CARD {
            self.excess += 1;
            return;
        }
        self.length += name.len() + text.len();
        let count = self.counts.entry(name.to_owned()).or_insert(0);
        let unique = loop {
            *count += 1;
            let unique = if *count == 1 { name.to_owned() } else { format!("{name} {count}") };
            if self.names.insert(unique.clone()) {
                break unique;
            }
        };
        self.members.push((unique, text));
    }

    fn take(&mut self, property: &Property) {
        let plain = || split(&property.value, '\u{0}').concat();
        let joined = |parts: Vec<String>| {
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        };
        match property.name.as_str() {
            "N" => {
                let names =
                    ["last_name", "first_name", "additional_name", "honorific_prefix", "honorific_suffix"];
                let mut parts = property.parts().into_iter();
                names.into_iter().zip(parts.by_ref()).for_each(|(name, text)| self.add(name, text));
                self.add("n", joined(parts.collect()));
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
            name if BINARY.contains(&name) => self.binary += 1,
            name => self.add(&name.to_ascii_lowercase(), plain()),
        }
    }

    fn row(self, is_ended: bool) -> RawRow {
        let told = [
            (self.binary > 0, "pictures, sounds and keys were left out"),
            (self.cut > 0, "a property has more than 256 KiB, of which the beginning was read"),
            (self.excess > 0, "properties beyond 1,000, or beyond 512 KiB, were left out"),
            (self.odd > 0, "lines that are no properties were left out"),
            (!is_ended, "the card has no end"),
        ];
        let mut row = RawRow::whole(self.place, vec![objects::object(self.members)]);
        told.iter().filter(|(is_so, _)| *is_so).for_each(|(_, sentence)| row.note(sentence));
        row
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn rows(text: &str) -> Vec<(Value, Option<String>)> {
        let mut cards = Vec::new();
        let mut take = |row: RawRow| {
            cards.push((serde_json::from_str(&row.cells[0]).unwrap(), row.left_out));
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
            URL:https://www.linkedin.com/in/ada\r\nEND:VCARD\r\n\
            BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6=\n=72g\n\
            TEL;WORK;VOICE:030 901820\nEND:VCARD\n";

        let cards = rows(text);

        assert_eq!(
            cards[0].0,
            json!({"first_name": "Ada", "last_name": "King", "honorific_prefix": "Dr.", "name": "Ada King",
                "email": "ada@example.com", "email 2": "ada@home.example", "phone": "+49 30 901820",
                "company_name": "Acme, Inc.", "department": "Sales", "role_title": "CTO", "notes": "one\ntwo three",
                "linkedin_url": "https://www.linkedin.com/in/ada"})
        );
        assert_eq!(cards[1].0, json!({"first_name": "Jörg", "last_name": "Müller", "phone": "030 901820"}));
        assert!(cards.iter().all(|(_, left_out)| left_out.is_none()));
    }

    #[test]
    fn pictures_of_any_size_and_folding_are_passed_over_and_told() {
        let data = "A".repeat(76);
        let folded =
            format!("PHOTO;ENCODING=b;TYPE=JPEG:{data}\r\n{}", format!(" {data}\r\n").repeat(40_000));
        let inline = format!("PHOTO:data:image/jpeg;base64,{}\r\n", "A".repeat(3 << 20));
        let bare = format!("PHOTO;JPEG;ENCODING=BASE64:\r\n{}\r\n", format!("{data}\r\n").repeat(3));
        for photo in [folded, inline, bare] {
            let card = format!("BEGIN:VCARD\r\nFN:Ada\r\n{photo}EMAIL:ada@a.example\r\nEND:VCARD\r\n");
            let (card, left_out) = rows(&card).remove(0);
            assert_eq!(card, json!({"name": "Ada", "email": "ada@a.example"}));
            assert_eq!(left_out.as_deref(), Some("pictures, sounds and keys were left out"));
        }
    }

    #[test]
    fn a_card_is_bounded_and_what_is_beyond_is_told() {
        let many = format!("BEGIN:VCARD\nFN:Ada\n{}END:VCARD\n", "EMAIL:a@a.example\n".repeat(20_000));
        let (card, left_out) = rows(&many).remove(0);
        assert_eq!(card.as_object().unwrap().len(), MEMBERS);
        assert!(left_out.unwrap().contains("properties beyond 1,000"));

        let long =
            format!("BEGIN:VCARD\nFN:Ada\nNOTE:{}\nEMAIL:a@a.example\nEND:VCARD\n", "n".repeat(5 << 20));
        let (card, left_out) = rows(&long).remove(0);
        assert_eq!(
            (card["notes"].as_str().unwrap().len() < 300_000, &card["email"]),
            (true, &json!("a@a.example"))
        );
        assert!(left_out.unwrap().contains("256 KiB"));
    }

    #[test]
    fn cards_without_an_end_and_lines_without_a_name_are_kept_and_told() {
        let text = "BEGIN:VCARD\nFN:Ada\nBEGIN:VCARD\nFN:Bob\nwhat is this\nEND:VCARD\nBEGIN:VCARD\nFN:Cy\n";

        let cards = rows(text);

        let names: Vec<&Value> = cards.iter().map(|(card, _)| &card["name"]).collect();
        assert_eq!(names, [&json!("Ada"), &json!("Bob"), &json!("Cy")]);
        assert_eq!(cards[0].1.as_deref(), Some("the card has no end"));
        assert_eq!(cards[1].1.as_deref(), Some("lines that are no properties were left out"));
    }
}
