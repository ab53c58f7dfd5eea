//! Notifications.

mod own;
mod rules;
mod stream;
