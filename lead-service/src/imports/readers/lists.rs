//! The lists of objects in a JSON document of any length.

use std::{fmt, io::Read};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{json::Progress, objects};
use crate::imports::files::{Broken, ROW_LIMIT};

/// Objects of a list that are kept to look at.
const SAMPLES: usize = 20;
/// Longest of them.
const SAMPLE_LENGTH: usize = 64 << 10;
/// Most lists of a document to choose from.
const LISTS: usize = 100;
/// Longest names that lead to a list, together.
const PATH_LENGTH: usize = 1_000;

/// A list of objects in a document.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The names that lead to it.
    pub path: Vec<String>,
    /// The number of its objects.
    pub count: usize,
    /// The first of them, as text.
    pub samples: Vec<String>,
}

/// The lists of objects in a document; the document itself is one when it is an object.
///
/// # Errors
/// Why it cannot be read.
pub fn lists(text: impl Read) -> Result<Vec<List>, Broken> {
    let progress = Progress::default();
    let mut json = serde_json::Deserializer::from_reader(progress.watching(text));
    let (mut found, mut documents) = (Vec::new(), 0);
    loop {
        documents += 1;
        let explore = Explore { path: &mut Vec::new(), found: &mut found, progress: &progress };
        match explore.deserialize(&mut json) {
            Ok(()) if json.end().is_ok() => return Ok(found),
            Ok(()) => {}
            Err(error) => return Err(progress.broken(&error, documents)),
        }
    }
}

struct Explore<'a> {
    path: &'a mut Vec<String>,
    found: &'a mut Vec<List>,
    progress: &'a Progress,
}

impl Explore<'_> {
    /// The place of the list at this path; none where there are too many to choose from.
    fn place(&mut self) -> Option<usize> {
        if let Some(place) = self.found.iter().position(|list| list.path == *self.path) {
            return Some(place);
        }
        if self.found.len() >= LISTS || self.path.iter().map(String::len).sum::<usize>() > PATH_LENGTH {
            return None;
        }
        self.found.push(List { path: self.path.clone(), ..List::default() });
        Some(self.found.len() - 1)
    }

    fn keep(&mut self, place: Option<usize>, text: &str) {
        let Some(list) = place.and_then(|place| self.found.get_mut(place)) else { return };
        list.count += 1;
        if list.samples.len() < SAMPLES && text.len() < SAMPLE_LENGTH {
            list.samples.push(text.to_owned());
        }
    }
}

impl<'de> DeserializeSeed<'de> for Explore<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.progress.enter::<D::Error>(self.path.len())?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Explore<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a document")
    }

    scalars!(_value => (), null => ());

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let mut place = None;
        while let Some(item) = list.next_element::<Box<RawValue>>()? {
            self.progress.next();
            if item.get().starts_with('{') {
                let place = *place.get_or_insert_with(|| self.place());
                self.keep(place, item.get());
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let is_root = self.path.is_empty();
        let (mut own, mut length) = (Vec::new(), 0);
        while let Some(name) = map.next_key::<String>()? {
            self.path.push(name.clone());
            let (path, found, progress) = (&mut *self.path, &mut *self.found, self.progress);
            let scalar = map.next_value_seed(Member { explore: Explore { path, found, progress } })?;
            self.path.pop();
            self.progress.next();
            if let Some(text) = scalar.filter(|_| is_root) {
                length += name.len() + text.len();
                // A document of this length is no row, and nothing of it has to be kept.
                if length <= ROW_LIMIT {
                    own.push((name, text));
                }
            }
        }
        if is_root && length <= ROW_LIMIT {
            let place = self.place();
            self.keep(place, &objects::object(own));
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
        self.explore.progress.enter::<D::Error>(self.explore.path.len())?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    scalars!(value => Some(value.to_string()), null => None);

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

    #[test]
    fn what_is_kept_of_a_document_is_bounded() {
        let many: String = (0..50_000).map(|n| format!("\"l{n}\": [{{\"a\": {n}}}],")).collect();
        let found = lists(format!("{{{many} \"z\": 1}}").as_bytes()).unwrap();
        assert_eq!(found.len(), LISTS);

        let long: String = (0..40).map(|n| format!("\"t{n}\": \"{}\",", "x".repeat(100_000))).collect();
        let found = lists(format!("{{{long} \"people\": [{{\"a\": 1}}]}}").as_bytes()).unwrap();
        assert_eq!((found.len(), found[0].path.join(".")), (1, "people".to_owned()), "4 MB are no row");

        let people = vec!["{\"a\": 1}"; 100_000].join(",");
        let found = lists(format!("[{people}]").as_bytes()).unwrap();
        assert_eq!((found[0].count, found[0].samples.len()), (100_000, SAMPLES));

        let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        assert_eq!(lists(deep.as_bytes()).unwrap_err(), Broken::NestedTooDeep);
        let huge = format!("{{\"x\": \"{}\"}}", "x".repeat(2 << 20));
        assert_eq!(lists(huge.as_bytes()).unwrap_err(), Broken::RowTooLong("item", 1));
    }
}
