//! One JSON object a line, read piece by piece.

use serde_json::{Map, Value};

use super::files::{Broken, ROW_LIMIT};

/// Takes in bytes and gives lines.
#[derive(Debug, Default)]
pub struct Reader {
    line: Vec<u8>,
}

impl Reader {
    /// Reads on; whole lines go to `rows`, each as its only cell. Blank lines are no rows.
    pub fn push(&mut self, bytes: &[u8], rows: &mut Vec<Vec<String>>) -> Result<(), Broken> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if self.line.len() > ROW_LIMIT {
                return Err(Broken::RowTooLong);
            }
            if piece.ends_with(b"\n") {
                self.finish(rows)?;
            }
        }
        Ok(())
    }

    /// The file is over; its last line may have no end.
    pub fn finish(&mut self, rows: &mut Vec<Vec<String>>) -> Result<(), Broken> {
        let line = String::from_utf8(std::mem::take(&mut self.line)).map_err(|_| Broken::NotUtf8)?;
        let line = line.trim_start_matches('\u{feff}').trim();
        if !line.is_empty() {
            rows.push(vec![line.to_owned()]);
        }
        Ok(())
    }
}

/// The members of a line; those of `custom_fields` as `custom_fields.NAME`. None when it is no JSON object.
pub fn members(line: &str) -> Option<Vec<(String, Value)>> {
    let Ok(Value::Object(object)) = platform::http::body::parse(line.as_bytes()) else { return None };
    let mut members = Vec::with_capacity(object.len());
    for (name, value) in object {
        match value {
            Value::Object(own) if name == "custom_fields" => members.extend(flattened(own)),
            value => members.push((name, value)),
        }
    }
    Some(members)
}

fn flattened(own: Map<String, Value>) -> impl Iterator<Item = (String, Value)> {
    own.into_iter().map(|(name, value)| (format!("custom_fields.{name}"), value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lines_are_read_however_the_file_is_cut() {
        let text = "\u{feff}{\"a\": 1}\r\n\n{\"a\": \"Zoë\"}";
        for step in [1, 2, 5, 100] {
            let (mut reader, mut rows) = (Reader::default(), Vec::new());
            for piece in text.as_bytes().chunks(step) {
                reader.push(piece, &mut rows).unwrap();
            }
            reader.finish(&mut rows).unwrap();
            assert_eq!(rows, [vec!["{\"a\": 1}"], vec!["{\"a\": \"Zoë\"}"]], "{step}");
        }
        assert_eq!(Reader::default().push(&vec![b'x'; 2 << 20], &mut Vec::new()), Err(Broken::RowTooLong));
    }

    #[test]
    fn own_fields_are_named_below_theirs() {
        let members = members(r#"{"email": "a@example.com", "custom_fields": {"tier": "gold"}}"#).unwrap();
        let tier = ("custom_fields.tier".to_owned(), json!("gold"));
        assert!(members.contains(&tier), "{members:?}");
        assert_eq!(super::members("[1]"), None);
    }
}
