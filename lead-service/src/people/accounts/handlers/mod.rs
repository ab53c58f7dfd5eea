//! One file per verb that is not like every entity's.

pub mod bulk_create;
pub mod create;
pub mod enrichment;
pub mod fill;
