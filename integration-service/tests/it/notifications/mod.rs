//! Notifications.

mod rules;
mod own;
mod stream;
