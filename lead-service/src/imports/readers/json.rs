//! JSON: one object a line, or one document with a list of objects, read piece by piece.

use std::{
    cell::Cell,
    fmt,
    io::{self, BufRead, Read},
    rc::Rc,
};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Reader, Sink};
use crate::imports::files::{Broken, ROW_LIMIT, RawRow};

/// Objects of a list that are kept to look at.
const SAMPLES: usize = 20;
/// Longest of them.
const SAMPLE_LENGTH: usize = 64 << 10;

/// One object a line.
pub struct Lines<R> {
    text: R,
}

impl<R: BufRead> Lines<R> {
    /// The lines of this text.
    pub fn new(text: R) -> Self {
        Self { text }
    }
}

impl<R: BufRead> Reader for Lines<R> {
    fn read(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let (mut line, mut place) = (Vec::new(), 0);
        loop {
            line.clear();
            let most = u64::try_from(ROW_LIMIT + 1).unwrap_or(u64::MAX);
            let read = self.text.by_ref().take(most).read_until(b'\n', &mut line).map_err(|_| Broken::Cut)?;
            if line.len() > ROW_LIMIT {
                return Err(Broken::RowTooLong);
            }
            if read == 0 {
                return Ok(());
            }
            place += 1;
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            if !text.is_empty() && !sink(RawRow { place, cells: vec![text.replace('\0', "")] }) {
                return Ok(());
            }
        }
    }
}

/// The objects of a list in a document, or documents one behind the other.
pub struct Document<R> {
    text: Option<R>,
    path: Vec<String>,
}

impl<R: Read> Document<R> {
    /// The list to which these names lead; none of them for a document that is a list, or one object.
    pub fn new(text: R, path: Vec<String>) -> Self {
        Self { text: Some(text), path }
    }
}

impl<R: Read> Reader for Document<R> {
    fn read(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let Some(text) = self.text.take() else { return Ok(()) };
        let since = Rc::new(Cell::new(0));
        let counted = Counted { text, since: Rc::clone(&since) };
        let mut json = serde_json::Deserializer::from_reader(counted);
        let (mut place, mut is_done) = (0, false);
        let mut rows = |text: &str| {
            place += 1;
            is_done = !sink(RawRow { place, cells: vec![text.to_owned()] });
            !is_done
        };
        let read = loop {
            let walk = Walk { path: &self.path, rows: &mut rows, since: &since };
            if let Err(error) = walk.deserialize(&mut json) {
                break Err(error);
            }
            // Other documents may follow.
            if json.end().is_ok() {
                break Ok(());
            }
        };
        match read {
            Ok(()) => Ok(()),
            Err(_) if is_done => Ok(()),
            Err(_) if since.get() > ROW_LIMIT => Err(Broken::RowTooLong),
            Err(error) if error.is_io() => Err(Broken::Cut),
            Err(error) => Err(Broken::Json(format!("line {}, column {}", error.line(), error.column()))),
        }
    }
}

/// Counts the bytes since the last row, so that no row takes more memory than allowed.
struct Counted<R> {
    text: R,
    since: Rc<Cell<usize>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(buffer)?;
        let since = self.since.get().saturating_add(read);
        self.since.set(since);
        if since > ROW_LIMIT { Err(io::ErrorKind::InvalidData.into()) } else { Ok(read) }
    }
}

/// Follows the path and hands over what it leads to.
struct Walk<'a, F> {
    path: &'a [String],
    rows: &'a mut F,
    since: &'a Cell<usize>,
}

impl<'de, F: FnMut(&str) -> bool> DeserializeSeed<'de> for Walk<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // One object that is the only row is read whole, by its members.
        deserializer.deserialize_any(self)
    }
}

impl<F: FnMut(&str) -> bool> Walk<'_, F> {
    fn row<E: Error>(&mut self, text: &str) -> Result<(), E> {
        self.since.set(0);
        if (self.rows)(text) { Ok(()) } else { Err(E::custom("enough rows")) }
    }
}

impl<'de, F: FnMut(&str) -> bool> Visitor<'de> for Walk<'_, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(item) = list.next_element::<Box<RawValue>>()? {
            self.row(item.get())?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let Some((wanted, rest)) = self.path.split_first() else {
            let mut text = String::from("{");
            while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
                let comma = if text.len() > 1 { "," } else { "" };
                text.push_str(&format!("{comma}{}:{}", serde_json::Value::String(name), value.get()));
            }
            text.push('}');
            return self.row(&text);
        };
        while let Some(name) = map.next_key::<String>()? {
            if name == *wanted {
                map.next_value_seed(Walk { path: rest, rows: &mut *self.rows, since: self.since })?;
            } else {
                map.next_value_seed(Skip(self.since))?;
            }
        }
        Ok(())
    }
}

/// Passes over a value of any length.
struct Skip<'a>(&'a Cell<usize>);

impl<'de> DeserializeSeed<'de> for Skip<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Skip<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Skip(self.0))?.is_some() {
            self.0.set(0);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_key::<IgnoredAny>()?.is_some() {
            map.next_value_seed(Skip(self.0))?;
            self.0.set(0);
        }
        Ok(())
    }
}

/// A list of objects in a document.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The names that lead to it.
    pub path: Vec<String>,
    /// How many objects it has.
    pub count: usize,
    /// The first of them, as text.
    pub samples: Vec<String>,
}

/// The lists of objects in a document; the document itself is one when it is an object.
///
/// # Errors
/// Why it cannot be read.
pub fn lists(text: impl Read) -> Result<Vec<List>, Broken> {
    let since = Rc::new(Cell::new(0));
    let mut json = serde_json::Deserializer::from_reader(Counted { text, since: Rc::clone(&since) });
    let mut found = Vec::new();
    loop {
        let explored =
            Explore { path: &mut Vec::new(), found: &mut found, since: &since }.deserialize(&mut json);
        match explored {
            Ok(()) if json.end().is_ok() => return Ok(found),
            Ok(()) => {}
            Err(_) if since.get() > ROW_LIMIT => return Err(Broken::RowTooLong),
            Err(error) if error.is_io() => return Err(Broken::Cut),
            Err(error) => {
                return Err(Broken::Json(format!("line {}, column {}", error.line(), error.column())));
            }
        }
    }
}

struct Explore<'a> {
    path: &'a mut Vec<String>,
    found: &'a mut Vec<List>,
    since: &'a Cell<usize>,
}

impl Explore<'_> {
    fn keep(&mut self, text: String) {
        let place = self.found.iter().position(|list| list.path == *self.path);
        let place = place.unwrap_or_else(|| {
            self.found.push(List { path: self.path.clone(), ..List::default() });
            self.found.len() - 1
        });
        if let Some(list) = self.found.get_mut(place) {
            list.count += 1;
            if list.samples.len() < SAMPLES && text.len() < SAMPLE_LENGTH {
                list.samples.push(text);
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Explore<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Explore<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a document")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(item) = list.next_element::<Box<RawValue>>()? {
            self.since.set(0);
            if item.get().starts_with('{') {
                self.keep(item.get().to_owned());
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let is_root = self.path.is_empty();
        let mut own = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            self.path.push(name.clone());
            let (path, found) = (&mut *self.path, &mut *self.found);
            let scalar =
                map.next_value_seed(Member { explore: Explore { path, found, since: self.since } })?;
            self.path.pop();
            self.since.set(0);
            if let Some(text) = scalar.filter(|_| is_root) {
                own.push((name, text));
            }
        }
        if is_root {
            self.keep(super::objects::object(own));
        }
        Ok(())
    }
}

/// A member of an object: explored, and its text given when it is a plain value.
struct Member<'a> {
    explore: Explore<'a>,
}

impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Some(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        self.explore.visit_seq(list).map(|()| None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        self.explore.visit_map(map).map(|()| None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mut reader: impl Reader) -> Result<Vec<String>, Broken> {
        let mut rows = Vec::new();
        reader.read(&mut |row| {
            rows.extend(row.cells);
            rows.len() < 100
        })?;
        Ok(rows)
    }

    fn document(text: &str, path: &[&str]) -> Result<Vec<String>, Broken> {
        read(Document::new(text.as_bytes(), path.iter().map(|name| (*name).to_owned()).collect()))
    }

    #[test]
    fn lines_are_read_and_blank_ones_are_none() {
        let text = "\u{feff}{\"a\": 1}\r\n\n{\"a\": \"Zoë\"}";
        assert_eq!(read(Lines::new(text.as_bytes())).unwrap(), ["{\"a\": 1}", "{\"a\": \"Zoë\"}"]);
        let long = vec![b'x'; 2 << 20];
        assert_eq!(read(Lines::new(long.as_slice())), Err(Broken::RowTooLong));
    }

    #[test]
    fn the_objects_of_a_document_are_its_rows() {
        assert_eq!(document("[ {\"a\": 1},\n {\"a\": 2} ]", &[]).unwrap(), ["{\"a\": 1}", "{\"a\": 2}"]);
        let inside = r#"{"page": 1, "x": [[1], {"y": "z"}], "data": {"people": [{"a": 1}, {"a": 2}]}}"#;
        assert_eq!(document(inside, &["data", "people"]).unwrap(), ["{\"a\": 1}", "{\"a\": 2}"]);
        assert_eq!(document("{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n", &[]).unwrap(), ["{\"a\":1}", "{\"a\":2}"]);
        assert!(matches!(document("[{\"a\": 1},", &[]), Err(Broken::Json(_))));
        let long = format!("[{{\"a\": \"{}\"}}]", "x".repeat(2 << 20));
        assert_eq!(document(&long, &[]), Err(Broken::RowTooLong));
    }

    #[test]
    fn the_lists_of_a_document_are_found() {
        let text = r#"{"page": 1, "crumbs": [{"l": 1}], "people": [{"a": 1}, {"a": 2}], "ids": [1, 2, 3]}"#;

        let found = lists(text.as_bytes()).unwrap();

        let found: Vec<(String, usize)> =
            found.iter().map(|list| (list.path.join("."), list.count)).collect();
        assert_eq!(found, [("crumbs".into(), 1), ("people".into(), 2), (String::new(), 1)]);
    }
}
