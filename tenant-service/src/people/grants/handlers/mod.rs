//! One file per kind of question.

pub mod access;
pub mod members;
pub mod memberships;
