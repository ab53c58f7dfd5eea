//! The words that a search looks for.

use unicode_normalization::char::is_combining_mark;

use super::Op;
use crate::{db::value::part_of_phone, values};

/// Most words of one search.
const LIMIT: usize = 20;
/// Most parts into which punctuation divides one word.
const PARTS_LIMIT: usize = 8;
/// Fewest digits that are taken for a part of a phone number.
const DIGITS: usize = 5;

/// What a search looks for: each of the words, in any of the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The words.
    pub words: Vec<Word>,
    /// The digits of all of it, where it may be a phone number.
    pub digits: Option<String>,
}

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// Letters and digits, compared without case, accents and punctuation.
    Folded {
        /// The word as it was written.
        whole: String,
        /// What it may be written as instead: parts of their own, such as those of `Jean-Luc`.
        parts: Vec<String>,
    },
    /// Nothing but punctuation, compared as it is.
    Literal(String),
}

impl Words {
    /// The words of a text; none where it is blank.
    ///
    /// # Errors
    /// A sentence on why there are too many.
    pub fn read(text: &str) -> Result<Option<Self>, String> {
        let composed = values::composed(text);
        let written: Vec<&str> = composed.split_whitespace().collect();
        if written.len() > LIMIT {
            return Err(format!("must have at most {LIMIT} words"));
        }
        let is_word = |word: &&str| word.chars().any(char::is_alphanumeric);
        let folded: Vec<Word> = written.iter().copied().filter(is_word).map(Word::folded).collect();
        let words = if folded.is_empty() {
            written.iter().map(|word| Word::Literal((*word).to_owned())).collect()
        } else {
            folded
        };
        let digits = part_of_phone(text, Op::Contains).filter(|digits| digits.len() >= DIGITS);
        Ok(Some(Self { words, digits }).filter(|read| !read.words.is_empty()))
    }
}

impl Word {
    fn folded(word: &str) -> Self {
        let keeps_dots = is_host(word);
        let belongs = |c: char| c.is_alphanumeric() || is_combining_mark(c) || keeps_dots && c == '.';
        let mut parts: Vec<String> = word
            .split(|c| !belongs(c))
            .filter(|part| part.chars().any(char::is_alphanumeric))
            .map(str::to_owned)
            .collect();
        // An address is looked for as a whole: its parts are everywhere.
        if word.contains('@') || !(2..=PARTS_LIMIT).contains(&parts.len()) {
            parts.clear();
        }
        // It is stored in one form only.
        let whole = values::email(word).unwrap_or_else(|| word.to_owned());
        Self::Folded { whole, parts }
    }
}

/// Whether it looks like the name of a host, such as `example.com`.
fn is_host(word: &str) -> bool {
    let labels: Vec<&str> = word.split('.').collect();
    let is_label = |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let [first, .., last] = labels.as_slice() else { return false };
    let is_end = last.chars().count() >= 2 && last.chars().all(char::is_alphabetic);
    labels.iter().all(is_label) && first.chars().count() >= 2 && is_end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(String, String)> {
        let read = Words::read(text).unwrap().map(|read| read.words).unwrap_or_default();
        let shown = |word| match word {
            Word::Folded { whole, parts } => (whole, parts.join(" ")),
            Word::Literal(text) => (text, "literal".to_owned()),
        };
        read.into_iter().map(shown).collect()
    }

    #[test]
    fn a_text_is_divided_into_words_and_these_into_parts() {
        for (text, expected) in [
            ("  ", vec![]),
            ("Ada  Lovelace", vec![("Ada", ""), ("Lovelace", "")]),
            ("Jean-Luc O'Brien", vec![("Jean-Luc", "Jean Luc"), ("O'Brien", "O Brien")]),
            ("Smith & Co.", vec![("Smith", ""), ("Co.", "")]),
            ("J.P. Morgan", vec![("J.P.", "J P"), ("Morgan", "")]),
            ("ada.l@example.com", vec![("ada.l@example.com", "")]),
            ("www.my-acme.example", vec![("www.my-acme.example", "www.my acme.example")]),
            ("example.com", vec![("example.com", "")]),
            ("%", vec![("%", "literal")]),
        ] {
            let expected: Vec<(String, String)> =
                expected.into_iter().map(|(word, parts)| (word.to_owned(), parts.to_owned())).collect();
            assert_eq!(words(text), expected, "{text}");
        }
        assert!(Words::read(&"a ".repeat(21)).is_err());
    }

    #[test]
    fn digits_may_be_a_phone_number() {
        let digits = |text| Words::read(text).unwrap().unwrap().digits;
        assert_eq!(digits("+49 30 901820").as_deref(), Some("4930901820"));
        assert_eq!(digits(" 49 30 901820").as_deref(), Some("4930901820"));
        assert_eq!(digits("030/90 18 20").as_deref(), Some("30901820"));
        assert_eq!(digits("Room 42"), None);
        assert_eq!(digits("2026"), None);
    }
}
