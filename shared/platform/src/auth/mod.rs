//! Who is asking: signed identities between processes; and sealing of credentials at rest.

pub mod identity;
pub mod seal;
