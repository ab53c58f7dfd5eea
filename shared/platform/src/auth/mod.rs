//! Signed identities between processes, tokens of outside workers, and sealing of credentials at rest.

pub mod identity;
pub mod key_set;
pub mod seal;
pub mod service_tokens;
pub mod teams;
