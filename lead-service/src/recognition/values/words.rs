//! Words that people use for a lead's choices, from `words.toml`.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::{
    people::{LeadSource, LeadStatus, Persona},
    recognition::fold,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    status: HashMap<String, Vec<String>>,
    source: HashMap<String, Vec<String>>,
    persona: HashMap<String, Vec<String>>,
    consent: HashMap<String, Vec<String>>,
    honorifics: Vec<String>,
    countries: HashMap<String, Vec<String>>,
}

/// Folded words and what each means.
#[derive(Default)]
struct Words {
    status: HashMap<String, LeadStatus>,
    source: HashMap<String, LeadSource>,
    persona: HashMap<String, Persona>,
    consent: HashMap<String, bool>,
    honorifics: Vec<String>,
    countries: HashMap<String, String>,
}

/// The file is part of the program, and a test reads it; were it broken, no word would be known.
static WORDS: LazyLock<Words> =
    LazyLock::new(|| match toml::from_str::<Written>(include_str!("words.toml")) {
        Ok(written) => Words::of(written),
        Err(error) => {
            tracing::error!(%error, "the list of known words cannot be read");
            Words::default()
        }
    });

fn by_word<T: Copy>(
    written: &HashMap<String, Vec<String>>,
    own: &[&str],
    parse: impl Fn(&str) -> Option<T>,
) -> HashMap<String, T> {
    let own = own.iter().filter_map(|word| Some((fold(word), parse(word)?)));
    let synonyms = written.iter().filter_map(|(word, synonyms)| Some((parse(word)?, synonyms)));
    let synonyms = synonyms.flat_map(|(value, words)| words.iter().map(move |word| (fold(word), value)));
    synonyms.chain(own).filter(|(word, _)| !word.is_empty()).collect()
}

impl Words {
    fn of(written: Written) -> Self {
        let countries = written.countries.into_iter().flat_map(|(code, names)| {
            let names: Vec<String> = names.iter().map(|name| fold(name)).chain([fold(&code)]).collect();
            names.into_iter().map(move |name| (name, code.clone()))
        });
        Self {
            status: by_word(&written.status, LeadStatus::WORDS, LeadStatus::parse),
            source: by_word(&written.source, LeadSource::WORDS, LeadSource::parse),
            persona: by_word(&written.persona, Persona::WORDS, Persona::parse),
            consent: by_word(&written.consent, &[], |word| match word {
                "given" => Some(true),
                "withdrawn" => Some(false),
                _ => None,
            }),
            honorifics: written.honorifics.iter().map(|word| fold(word)).collect(),
            countries: countries.collect(),
        }
    }
}

fn find<T: Copy>(words: &HashMap<String, T>, cell: &str) -> Option<T> {
    if let Some(value) = words.get(&fold(cell)) {
        return Some(*value);
    }
    // `OPEN - Not contacted` is open; `4. Qualified` is qualified.
    let mut parts = cell.split(['-', '\u{2013}', ':', '/', '(', '.']);
    parts.find_map(|part| words.get(&fold(part)).copied())
}

/// How far a lead has been worked, in whichever word.
pub fn status(cell: &str) -> Option<LeadStatus> {
    find(&WORDS.status, cell)
}

/// Where a lead came from, in whichever word.
pub fn source(cell: &str) -> Option<LeadSource> {
    find(&WORDS.source, cell)
}

/// The part that a person plays in buying, in whichever word.
pub fn persona(cell: &str) -> Option<Persona> {
    find(&WORDS.persona, cell)
}

/// Whether a person agreed (`yes`, `subscribed`) or did not (`no`, `unsubscribed`).
pub fn consent(cell: &str) -> Option<bool> {
    WORDS.consent.get(&fold(cell)).copied()
}

/// Whether a text is how a person is addressed (`Dr`, `Mrs.`), and no job.
pub fn honorific(cell: &str) -> bool {
    let mut words = cell.split_whitespace().map(fold).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| WORDS.honorifics.contains(&word))
}

/// The ISO 3166-1 alpha-2 code of a country by its code or name.
pub fn country(cell: &str) -> Option<&'static str> {
    WORDS.countries.get(&fold(cell)).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_any_case_and_with_what_stands_beside_them() {
        for word in ["New", "NEW", "Open", "OPEN - Not contacted", "neu", "Open - Not Contacted", "to do"] {
            assert_eq!(status(word), Some(LeadStatus::New), "{word}");
        }
        for (word, value) in [
            ("Working - Contacted", LeadStatus::Contacted),
            ("ATTEMPTED_TO_CONTACT", LeadStatus::Contacted),
            ("Qualified", LeadStatus::Qualified),
            ("Closed - Not Converted", LeadStatus::Unqualified),
            ("Junk Lead", LeadStatus::Unqualified),
            ("Closed - Converted", LeadStatus::Converted),
        ] {
            assert_eq!(status(word), Some(value), "{word}");
        }
        assert_eq!(status("7"), None);
        assert_eq!(source("Cold Call"), Some(LeadSource::ColdCall));
        assert_eq!(source("LinkedIn"), Some(LeadSource::SocialMedia));
        assert_eq!(source("Trade Show"), Some(LeadSource::Event));
        assert_eq!(persona("Decision Maker"), Some(Persona::Buyer));
        assert_eq!((consent("Yes"), consent("Unsubscribed"), consent("?")), (Some(true), Some(false), None));
    }

    #[test]
    fn a_title_of_address_is_no_job() {
        assert!(honorific("Dr"));
        assert!(honorific("Mrs."));
        assert!(honorific("Prof. Dr."));
        assert!(!honorific("CFO"));
        assert!(!honorific(""));
    }

    #[test]
    fn a_country_is_known_by_code_and_name() {
        for name in ["DE", "Germany", "Deutschland", "Allemagne", "Niemcy"] {
            assert_eq!(country(name), Some("DE"), "{name}");
        }
        assert_eq!(country("USA"), Some("US"));
        assert_eq!(country("Atlantis"), None);
    }
}
