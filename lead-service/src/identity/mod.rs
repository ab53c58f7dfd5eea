//! Identity of persons: keys that recognise a person in any writing of an address, and the sources of references.

mod keys;
mod sources;
mod store;

pub use keys::{IdentityKey, Kind, keys};
pub use sources::SourceKey;
pub use store::{Holder, KnownBy, claim, columns as key_columns, holders, holders_of, release};
