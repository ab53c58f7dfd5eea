//! The people: who they are, what they may do on the platform itself, and whether they may sign in.

mod api;
mod customers;
mod domain;
mod handlers;
mod routes;
mod store;

pub use api::{PersonView, UserView, WriteUser};
pub use domain::{
    AccountType, Consequence, NewUser, Standing, User, UserStatus, name as person_name, own_standing,
    registration_pending,
};
pub use routes::routes;
pub use store::{
    CheckedPassword, clear, find, find_by_email, insert, is_registering, lock, mark_proven, note_login,
    remove, rename, replace_password, set_password, set_standing,
};
