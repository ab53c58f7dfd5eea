//! Recogniser: the field of a lead that a column of a file or a field of a form means, by its name and values.

mod candidates;
mod dictionary;
mod evidence;
mod folding;
mod forms;
mod json;
mod loose;
mod payload;
mod remembered;
mod scoring;
mod senders;
mod values;

pub use dictionary::FIELDS;
pub use folding::{fold, words};
pub use forms::{Asked, Explained, Recognised, TRUSTED, explain, read};
pub use json::parse as parse_json;
pub use loose::{is_blank, is_given, moment as read_moment, truth as read_truth};
pub use payload::{PATH as PAYLOAD_PATH, at as payload_at, is_document, tree as payload_tree};
pub use senders::forget_secrets;
pub use values::{
    DateOrder, LONGEST as LONGEST_VALUE, Reading, amount as read_amount, consent as read_consent,
    country as read_country, currency as read_currency, emails as read_emails, honorific as read_honorific,
    is_test, linkedin as read_linkedin, persona as read_persona, phones as read_phones,
    reference as read_reference, score as read_score, source as read_source, status as read_status,
};

/// A column of a file with some of its cells, or a form's field with its one value.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    /// Its heading, its path (`form_response.answers[0].email`), its label or its question.
    pub name: &'a str,
    /// Cells that are not blank; a few are enough, more are better.
    pub samples: Vec<&'a str>,
}

/// Where the values come from, which decides what may be guessed at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// A browser key, an address, a form: person, company, message and campaign only.
    Anonymous,
    /// A key that no web page is named for: also amount, source, reference, time.
    Server,
    /// A server key: the same, and owner, status and tags by the API's own names.
    Trusted,
    /// A file that a person imports: all fields, also consent, status, owner and tags.
    Import,
}

/// What a column seems to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// The API name of the field, one of [`FIELDS`]; none for a column that is kept as it is.
    pub field: Option<&'static str>,
    /// From 0 to 1; 1 for the API name itself.
    pub confidence: f32,
    /// Why, in a sentence for a person.
    pub reason: String,
}

/// A guess for each column, in their order. Several may have the same field: the most confident comes first, the others fill
/// what it leaves blank. What the values contradict is no guess, and `reason` says so.
pub fn recognise(columns: &[Column<'_>], door: Door) -> Vec<Guess> {
    scoring::guesses(columns, door)
}

/// The column that says in which country a row's person is, to read national phone numbers by.
pub fn country_column(columns: &[Column<'_>]) -> Option<usize> {
    scoring::country(columns)
}
