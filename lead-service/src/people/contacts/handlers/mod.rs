//! One file per verb that is not like every entity's.

pub mod create;
