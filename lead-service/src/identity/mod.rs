//! Who is who: the addresses by which a person is known again, whatever the writing.

mod keys;
pub mod store;

pub use keys::{IdentityKey, Kind, keys};
