//! Sign-in; `simple_jwt` is all verbs under SimpleJWT's names.

pub mod login;
pub mod simple_jwt;
