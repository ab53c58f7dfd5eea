//! Values of cells: everything that can be read of each, and what is left over.
//!
//! Pure functions. What one address or one number is, [`platform::values`] decides.

mod amounts;
mod contacts;
mod dates;
mod words;

pub use amounts::{amount, currency, score};
pub use contacts::{LONGEST, emails, is_test, linkedin, phones, reference};
pub use dates::DateOrder;
pub use words::{consent, country, honorific, persona, source, status};

/// What was read of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<T> {
    /// The value, where there is a usable one.
    pub value: Option<T>,
    /// What was not used, as it was written; to be kept in `raw_payload`.
    pub rest: Option<String>,
    /// Code of a warning; none when all was used, or nothing was there.
    pub warning: Option<&'static str>,
}

impl<T> Reading<T> {
    /// An empty cell.
    pub const BLANK: Self = Self { value: None, rest: None, warning: None };

    /// All of it was used.
    pub fn whole(value: T) -> Self {
        Self { value: Some(value), rest: None, warning: None }
    }

    /// None of it can be used.
    pub fn unreadable(cell: &str, warning: &'static str) -> Self {
        Self { value: None, rest: Some(cell.to_owned()), warning: Some(warning) }
    }
}
