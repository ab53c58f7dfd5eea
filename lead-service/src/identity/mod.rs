//! Identity of persons: keys that recognise a person in any writing of an address, and the sources of references.

mod keys;
mod sources;
pub mod store;

pub use keys::{IdentityKey, Kind, keys};
pub use sources::SourceKey;
