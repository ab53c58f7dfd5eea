//! Notifications.

mod occasions;
mod own;
mod stream;
