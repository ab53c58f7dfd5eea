//! JSON: one object a line, or one document with a list of objects, read piece by piece.

use std::{
    cell::Cell,
    fmt,
    io::{self, BufRead, Read},
    rc::Rc,
};

use platform::http::body::DEPTH_LIMIT;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Reader, Sink, WITHOUT_NUL};
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
            if read == 0 {
                return Ok(());
            }
            place += 1;
            if line.len() > ROW_LIMIT {
                return Err(Broken::RowTooLong("line", place));
            }
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            if text.is_empty() {
                continue;
            }
            let mut row = RawRow::whole(place, vec![text.replace('\0', "")]);
            if text.contains('\0') {
                row.note(WITHOUT_NUL);
            }
            if !sink(row) {
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
        let progress = Progress::default();
        let mut json = serde_json::Deserializer::from_reader(progress.watching(text));
        let (mut place, mut is_done) = (0, false);
        let mut rows = |text: &str| {
            place += 1;
            is_done = !sink(RawRow::whole(place, vec![text.to_owned()]));
            !is_done
        };
        let read = loop {
            let walk = Walk { path: &self.path, depth: 0, rows: &mut rows, progress: &progress };
            if let Err(error) = walk.deserialize(&mut json) {
                break Err(error);
            }
            // Other documents may follow.
            if json.end().is_ok() {
                break Ok(());
            }
        };
        match read {
            Err(error) if !is_done => Err(progress.broken(&error, place + 1)),
            _ => Ok(()),
        }
    }
}

/// Progress since the last row of a document, so that no row takes more memory than allowed, and whether it is nested
/// too deeply.
#[derive(Clone, Default)]
pub(super) struct Progress(Rc<(Cell<usize>, Cell<bool>)>);

impl Progress {
    /// The text, counted as it is read.
    pub(super) fn watching<R: Read>(&self, text: R) -> impl Read + use<R> {
        Watched { text, progress: self.clone() }
    }

    /// Notes that a row, or what is none, was read to its end.
    pub(super) fn next(&self) {
        self.0.0.set(0);
    }

    /// Notes that a value is so many levels down.
    ///
    /// # Errors
    /// Where that is deeper than allowed: what is read by calls into each level would exhaust the stack.
    pub(super) fn enter<E: Error>(&self, depth: usize) -> Result<(), E> {
        if depth < DEPTH_LIMIT {
            return Ok(());
        }
        self.0.1.set(true);
        Err(E::custom("nested too deeply"))
    }

    fn is_too_long(&self) -> bool {
        self.0.0.get() > ROW_LIMIT
    }

    /// Why reading ended with this error, at the item of that number.
    pub(super) fn broken(&self, error: &serde_json::Error, item: u64) -> Broken {
        if self.0.1.get() {
            Broken::NestedTooDeep
        } else if self.is_too_long() {
            Broken::RowTooLong("item", item)
        } else if error.is_io() {
            Broken::Cut
        } else {
            Broken::Json(format!("line {}, column {}", error.line(), error.column()))
        }
    }
}

struct Watched<R> {
    text: R,
    progress: Progress,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(buffer)?;
        let since = &self.progress.0.0;
        since.set(since.get().saturating_add(read));
        if self.progress.is_too_long() { Err(io::ErrorKind::InvalidData.into()) } else { Ok(read) }
    }
}

/// Follows the path and hands over what it leads to. What is no list there, and no object, has no rows.
struct Walk<'a, F> {
    path: &'a [String],
    depth: usize,
    rows: &'a mut F,
    progress: &'a Progress,
}

impl<'de, F: FnMut(&str) -> bool> DeserializeSeed<'de> for Walk<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.progress.enter::<D::Error>(self.depth)?;
        // One object that is the only row is read whole, by its members.
        deserializer.deserialize_any(self)
    }
}

impl<F: FnMut(&str) -> bool> Walk<'_, F> {
    fn row<E: Error>(&mut self, text: &str) -> Result<(), E> {
        self.progress.next();
        if (self.rows)(text) { Ok(()) } else { Err(E::custom("enough rows")) }
    }
}

impl<'de, F: FnMut(&str) -> bool> Visitor<'de> for Walk<'_, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of objects")
    }

    scalars!(_value => (), null => ());

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
        let (depth, progress) = (self.depth + 1, self.progress);
        while let Some(name) = map.next_key::<String>()? {
            if name == *wanted {
                map.next_value_seed(Walk { path: rest, depth, rows: &mut *self.rows, progress })?;
            } else {
                map.next_value_seed(Skip { depth, progress })?;
            }
        }
        Ok(())
    }
}

/// Passes over a value of any length.
#[derive(Clone, Copy)]
struct Skip<'a> {
    depth: usize,
    progress: &'a Progress,
}

impl Skip<'_> {
    const fn below(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

impl<'de> DeserializeSeed<'de> for Skip<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.progress.enter::<D::Error>(self.depth)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Skip<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    scalars!(_value => (), null => ());

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(self.below())?.is_some() {
            self.progress.next();
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_key::<IgnoredAny>()?.is_some() {
            map.next_value_seed(self.below())?;
            self.progress.next();
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
        assert_eq!(read(Lines::new(long.as_slice())), Err(Broken::RowTooLong("line", 1)));
    }

    #[test]
    fn the_objects_of_a_document_are_its_rows() {
        assert_eq!(document("[ {\"a\": 1},\n {\"a\": 2} ]", &[]).unwrap(), ["{\"a\": 1}", "{\"a\": 2}"]);
        let inside = r#"{"page": 1, "x": [[1], {"y": "z"}], "data": {"people": [{"a": 1}, {"a": 2}]}}"#;
        assert_eq!(document(inside, &["data", "people"]).unwrap(), ["{\"a\": 1}", "{\"a\": 2}"]);
        assert_eq!(document("{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n", &[]).unwrap(), ["{\"a\":1}", "{\"a\":2}"]);
        assert!(matches!(document("[{\"a\": 1},", &[]), Err(Broken::Json(_))));
        let long = format!("[{{\"a\": \"{}\"}}]", "x".repeat(2 << 20));
        assert_eq!(document(&long, &[]), Err(Broken::RowTooLong("item", 1)));
        assert_eq!(
            document("{\"people\": null} {\"people\": [{\"a\": 1}]}", &["people"]).unwrap(),
            ["{\"a\": 1}"]
        );
    }

    #[test]
    fn documents_are_bounded_in_depth_and_in_the_length_of_what_is_passed_over() {
        let nested = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        let beside = |depth: usize| format!("{{\"x\": {}, \"people\": [{{\"a\": 1}}]}}", nested(depth));

        assert_eq!(document(&beside(62), &["people"]).unwrap().len(), 1);
        assert_eq!(document(&beside(64), &["people"]), Err(Broken::NestedTooDeep));
        assert_eq!(document(&beside(100_000), &["people"]), Err(Broken::NestedTooDeep));
        let many = format!("{{\"ids\": [{}], \"people\": [{{\"a\": 1}}]}}", vec!["1"; 600_000].join(","));
        assert_eq!(document(&many, &["people"]).unwrap().len(), 1, "long lists are passed over");
        let huge = format!("{{\"x\": \"{}\", \"people\": []}}", "x".repeat(2 << 20));
        assert_eq!(document(&huge, &["people"]), Err(Broken::RowTooLong("item", 1)), "a text is not");
    }
}
