//! One file per verb.

pub mod accept;
pub mod invite;
pub mod list;
pub mod look_up;
pub mod read;
pub mod resend;
pub mod revoke;
