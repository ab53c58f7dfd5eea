//! One file per verb.

pub mod find;
pub mod reject;
pub mod release;
pub mod replay;
