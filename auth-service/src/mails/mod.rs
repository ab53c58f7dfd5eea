//! The platform's own mails: queued in the transaction of what causes them, sent by a worker until they are delivered.
//!
//! Where no mail server is configured they wait; under `cargo xtask up` they can be read meanwhile, at an address of this
//! machine only ([`mailbox`]).

mod content;
pub mod domain;
mod handlers;
pub mod limits;
pub mod mailbox;
mod mailer;
pub mod store;
pub mod worker;

pub use domain::EmailTemplate;
pub use mailer::Mailer;
pub use store::queue;

use contracts::internal::mails::{CheckMailLimits, QueueMail};
use platform::http::Routes;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("internal")
        .internal::<QueueMail, _, _>("Queue an e-mail", handlers::take)
        .internal::<CheckMailLimits, _, _>("Check the e-mail limits of an address", handlers::check_limits)
}
