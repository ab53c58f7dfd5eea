//! One file per verb that is not like every entity's.

pub mod as_of;
pub mod convert;
pub mod create;
pub mod read;
pub mod step;
