//! The platform's own mails: queued in the transaction of what causes them, sent by a worker until they are delivered.
//!
//! Where no mail server is configured they wait; under `cargo xtask up` they can be read meanwhile, at an address of this
//! machine only ([`mailbox`]).

mod content;
mod domain;
mod handlers;
mod limits;
mod mailbox;
mod mailer;
mod store;
mod worker;

pub use domain::{Content, EmailTemplate, NewMail, Queued};
pub use limits::MailLimits;
pub use mailbox::start as start_mailbox;
pub use mailer::Mailer;
pub use store::{forget_expired, newest, open, queue, reseal};
pub use worker::{SendMail, run as run_worker};

use contracts::internal::mails::{CheckMailLimits, QueueMail};
use platform::http::Routes;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("internal")
        .internal::<QueueMail, _, _>("Queue an e-mail", handlers::take)
        .internal::<CheckMailLimits, _, _>("Check the e-mail limits of an address", handlers::check_limits)
}
