//! One file per verb that is not like every entity's.

pub mod bulk_create;
pub mod convert;
pub mod create;
pub mod export;
pub mod generate;
pub mod quota;
pub mod research;
pub mod search;
pub mod step;
pub mod upsert;
