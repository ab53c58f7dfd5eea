//! Identity of persons: keys that recognise a person in any writing of an address.

mod keys;
pub mod store;

pub use keys::{IdentityKey, Kind, keys};
