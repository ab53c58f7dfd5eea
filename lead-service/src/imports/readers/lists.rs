//! The lists of objects in a JSON document of any length.

use std::{cell::Cell, fmt, io::Read, rc::Rc};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{json::Counted, objects};
use crate::imports::files::{Broken, ROW_LIMIT};

/// Objects of a list that are kept to look at.
const SAMPLES: usize = 20;
/// Longest of them.
const SAMPLE_LENGTH: usize = 64 << 10;

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
            self.keep(objects::object(own));
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

    #[test]
    fn the_lists_of_a_document_are_found() {
        let text = r#"{"page": 1, "crumbs": [{"l": 1}], "people": [{"a": 1}, {"a": 2}], "ids": [1, 2, 3]}"#;

        let found = lists(text.as_bytes()).unwrap();

        let found: Vec<(String, usize)> =
            found.iter().map(|list| (list.path.join("."), list.count)).collect();
        assert_eq!(found, [("crumbs".into(), 1), ("people".into(), 2), (String::new(), 1)]);
    }
}
