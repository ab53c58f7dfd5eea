//! Events as they were received and handled.

mod list;
mod retry;
