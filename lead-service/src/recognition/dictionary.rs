//! Dictionary of known names, from `names.toml`, and the candidates for a name.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use serde::Deserialize;

use super::{Door, fold, words};

/// The fields that a column may feed, beside `custom_fields.NAME`. `consent` says that a person agreed, `opt_out` that they
/// did not; `assigned_to` names a colleague, by e-mail address if possible.
pub const FIELDS: &[&str] = &[
    "name",
    "first_name",
    "last_name",
    "email",
    "phone",
    "company_name",
    "role_title",
    "linkedin_url",
    "notes",
    "source",
    "status",
    "persona",
    "score",
    "estimated_value",
    "currency",
    "lead_reference_id",
    "external_id",
    "product_id",
    "account_id",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "fbclid",
    "msclkid",
    "ttclid",
    "twclid",
    "li_fat_id",
    "submitted_at",
    "is_test",
    "consent",
    "opt_out",
    "assigned_to",
    "tags",
];

/// What is guessed at doors where nothing is known of the sender: the person, the company, the message, the campaign.
const PERSONAL: usize = 9;

/// Whether a door guesses a field by a name that makes that sure of it.
pub fn is_guessed(field: &str, confidence: f32, door: Door) -> bool {
    let is_personal = FIELDS.iter().take(PERSONAL).any(|own| *own == field)
        || field.starts_with("utm_")
        || field.ends_with("clid")
        || field.ends_with("braid")
        || field == "li_fat_id";
    let is_for_people = matches!(
        field,
        "status" | "persona" | "score" | "consent" | "opt_out" | "assigned_to" | "tags" | "external_id"
    );
    match door {
        Door::Import => true,
        Door::Anonymous => is_personal,
        Door::Server | Door::Trusted => is_personal || (confidence >= STRONG && !is_for_people),
    }
}

/// How sure a name makes one of a field.
pub const EXACT: f32 = 1.0;
/// A mobile beats a switchboard.
const MOBILE: f32 = 0.96;
/// Below it, values must speak for a name.
pub const STRONG: f32 = 0.95;
const GOOD: f32 = 0.85;
const WEAK: f32 = 0.6;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    #[serde(default)]
    strong: Vec<String>,
    #[serde(default)]
    mobile: Vec<String>,
    #[serde(default)]
    good: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
    #[serde(default)]
    within: Vec<String>,
}

#[derive(Deserialize)]
struct List {
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Others {
    people: Vec<String>,
    things: Vec<String>,
    named: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    decorations: List,
    qualifiers: HashMap<String, f32>,
    others: Others,
    parents: List,
    country: Names,
    fields: HashMap<String, Names>,
}

/// What a name may mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The field.
    pub field: &'static str,
    /// How sure the name makes of it.
    pub confidence: f32,
}

/// Known names, folded.
#[derive(Default)]
pub struct Dictionary {
    pub(super) names: HashMap<String, Vec<Candidate>>,
    /// Words in a row, with the field that a question with them asks for.
    pub(super) phrases: Vec<(Vec<String>, &'static str)>,
    pub(super) decorations: HashSet<String>,
    pub(super) qualifiers: HashMap<String, f32>,
    pub(super) people: HashSet<String>,
    pub(super) things: HashSet<String>,
    pub(super) named: HashSet<String>,
    pub(super) parents: HashSet<String>,
    countries: HashSet<String>,
}

/// The file is part of the program, and a test reads it; were it broken, only the API's own names would be known.
pub static DICTIONARY: LazyLock<Dictionary> =
    LazyLock::new(|| match toml::from_str::<Written>(include_str!("names.toml")) {
        Ok(written) => Dictionary::of(written),
        Err(error) => {
            tracing::error!(%error, "the list of known names cannot be read");
            Dictionary::default()
        }
    });

fn folded(list: &[String]) -> HashSet<String> {
    list.iter().map(|word| fold(word)).collect()
}

impl Dictionary {
    fn of(written: Written) -> Self {
        let mut dictionary = Self {
            decorations: folded(&written.decorations.words),
            qualifiers: written.qualifiers.into_iter().map(|(word, cost)| (fold(&word), cost)).collect(),
            people: folded(&written.others.people),
            things: folded(&written.others.things),
            named: folded(&written.others.named),
            parents: folded(&written.parents.words),
            countries: folded(&written.country.strong),
            ..Self::default()
        };
        for (field, names) in written.fields {
            let Some(field) = api_name(&field) else {
                tracing::error!(field, "the list of known names has a field that leads do not have");
                continue;
            };
            dictionary.add(field, std::slice::from_ref(&field), STRONG);
            dictionary.add(field, &names.mobile, MOBILE);
            dictionary.add(field, &names.strong, STRONG);
            dictionary.add(field, &names.good, GOOD);
            dictionary.add(field, &names.weak, WEAK);
            let phrases = names.within.iter().map(|phrase| (words(phrase), field));
            dictionary.phrases.extend(phrases.filter(|(words, _)| !words.is_empty()));
        }
        // Of phrases that overlap, the longest says most; the order of a hash map is arbitrary.
        dictionary.phrases.sort_by(|one, other| other.0.len().cmp(&one.0.len()).then_with(|| one.cmp(other)));
        dictionary
    }

    fn add(&mut self, field: &'static str, names: &[impl AsRef<str>], confidence: f32) {
        for name in names {
            let known = self.names.entry(fold(name.as_ref())).or_default();
            if !known.iter().any(|candidate| candidate.field == field) {
                known.push(Candidate { field, confidence });
            }
        }
    }

    /// What a folded name means as it stands.
    pub fn named(&self, folded: &str) -> &[Candidate] {
        self.names.get(folded).map_or(&[], Vec::as_slice)
    }
}

/// The API's own name of a field, if it is one.
pub fn api_name(name: &str) -> Option<&'static str> {
    FIELDS.iter().find(|field| **field == name).copied()
}

/// Whether a column of this name says in which country a person is.
pub fn is_country(name: &str) -> bool {
    DICTIONARY.countries.contains(&fold(name))
}

/// Words of the longest name that is looked at for other people; a question may speak of them and ask for the person's own.
const SHORT: usize = 4;

/// Whether a name is one of another person than the lead.
pub fn is_of_another(name: &str) -> bool {
    let words = words(name);
    words.len() <= SHORT && words.iter().any(|word| DICTIONARY.people.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_read_and_names_fields_that_leads_have() {
        let written: Written = toml::from_str(include_str!("names.toml")).unwrap();
        for field in written.fields.keys() {
            assert!(api_name(field).is_some(), "{field}");
        }
        assert!(!DICTIONARY.names.is_empty());
    }
}
