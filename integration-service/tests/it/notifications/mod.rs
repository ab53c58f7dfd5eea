//! Notifications.

mod occasions;
mod own;
