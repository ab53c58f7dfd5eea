//! Text of a model as JSON, and quotes that have to occur.

use serde_json::Value;

use crate::adapters::model::Written;

/// The JSON object that was written: white space and one fence around it are taken off, nothing is mended.
///
/// # Errors
/// The fault.
pub fn parse(written: &Written) -> Result<Value, String> {
    if written.is_cut {
        return Err("the answer was cut off".to_owned());
    }
    let text = written.text.trim();
    let inside = match text.strip_prefix("```") {
        Some(fenced) => {
            let fenced = fenced.strip_suffix("```").ok_or("the fence is not closed")?;
            fenced.strip_prefix("json").unwrap_or(fenced).trim()
        }
        None => text,
    };
    platform::http::body::check_depth_and_nul(inside.as_bytes()).map_err(|problem| problem.detail)?;
    let value: Value = serde_json::from_str(inside).map_err(|error| format!("it is no JSON: {error}"))?;
    if value.is_object() { Ok(value) } else { Err("it is no JSON object".to_owned()) }
}

/// Plain text: no control characters, single spaces, cut to a length in characters.
pub fn clean(text: &str, length: usize) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(length).collect()
}

/// Whether a quote occurs in a text, spaces and case aside.
pub fn occurs(quote: &str, folded: &str) -> bool {
    let quote = fold(quote);
    quote.chars().count() >= 3 && folded.contains(&quote)
}

/// A text in which quotes are looked for.
pub fn quoted(text: &str) -> String {
    fold(text)
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Value, String> {
        parse(&Written { text: text.to_owned(), ..Written::default() })
    }

    #[test]
    fn an_answer_is_read_as_it_stands() {
        assert!(read(" {\"a\": 1} ").is_ok());
        assert!(read("```json\n{\"a\": 1}\n```").is_ok());
        assert!(read("```\n{\"a\": 1}```").is_ok());
        for wrong in [
            "{\"a\": 1}}",
            "Here it is: {\"a\": 1}",
            "{\"a\": [1",
            "",
            "[1]",
            "null",
            "```json\n{\"a\": 1}",
            "{\"a\":\"\\u0000\"}",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        let cut = Written { text: "{}".to_owned(), is_cut: true, ..Written::default() };
        assert!(parse(&cut).is_err());
    }

    #[test]
    fn a_quote_occurs_whatever_its_spaces_and_case() {
        let text = quoted("Engines  are\nAnalytical.");
        assert!(occurs("engines are analytical", &text));
        assert!(!occurs("engines are fast", &text) && !occurs("a", &text));
    }
}
