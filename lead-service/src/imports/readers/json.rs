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
pub(super) struct Counted<R> {
    pub(super) text: R,
    pub(super) since: Rc<Cell<usize>>,
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
}
