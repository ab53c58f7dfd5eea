//! Webhook endpoints.

mod create;
mod isolation;
mod rotate_secret;
mod update;
