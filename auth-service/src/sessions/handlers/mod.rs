//! One file per verb; `simple_jwt` is all verbs under SimpleJWT's names.

pub mod list;
pub mod login;
pub mod logout;
pub mod refresh;
pub mod remove;
pub mod simple_jwt;
