//! Mail templates, their senders, and how long each mail is worth sending.

use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::{TenantId, UserId, internal::mails::Mail};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a mail says, before it is put into words.
#[derive(Clone, Debug)]
pub enum EmailTemplate {
    /// Prove that this address is yours.
    VerifyEmail {
        /// How they are greeted.
        first_name: Option<String>,
        /// Where they do, with the token.
        url: String,
        /// When the token is void.
        expires_at: DateTime<Utc>,
    },
    /// Choose another password.
    ResetPassword {
        /// How they are greeted.
        first_name: Option<String>,
        /// Where they do, with the token.
        url: String,
        /// When the token is void.
        expires_at: DateTime<Utc>,
    },
    /// Your password is another one now.
    PasswordChanged {
        /// How they are greeted.
        first_name: Option<String>,
    },
    /// A second factor was added or taken away.
    SecondFactorChanged {
        /// How they are greeted.
        first_name: Option<String>,
        /// Whether signing in needs a code from now on.
        on: bool,
    },
    /// What another service has to say on behalf of a tenant; of none where that was not noted.
    Other(Mail, Option<TenantId>),
}

/// The party that a mail is sent for, which decides its share of an address's limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A tenant.
    Tenant(Option<TenantId>),
    /// Anyone who requested a link by mail.
    Anyone,
    /// The platform, about a change of the recipient's account.
    Platform,
}

impl EmailTemplate {
    /// Its name in the table.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::VerifyEmail { .. } => "verify_email",
            Self::ResetPassword { .. } => "reset_password",
            Self::PasswordChanged { .. } => "password_changed",
            Self::SecondFactorChanged { .. } => "second_factor_changed",
            Self::Other(Mail::Invitation { .. }, _) => "invitation",
            Self::Other(Mail::Welcome { .. }, _) => "welcome",
        }
    }

    /// After this it would say what is no longer true.
    pub const fn expires_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::VerifyEmail { expires_at, .. }
            | Self::ResetPassword { expires_at, .. }
            | Self::Other(Mail::Invitation { expires_at, .. }, _) => Some(*expires_at),
            Self::PasswordChanged { .. }
            | Self::SecondFactorChanged { .. }
            | Self::Other(Mail::Welcome { .. }, _) => None,
        }
    }

    /// The party that it is sent for.
    pub const fn sender(&self) -> Sender {
        match self {
            Self::VerifyEmail { .. } | Self::ResetPassword { .. } => Sender::Anyone,
            Self::PasswordChanged { .. } | Self::SecondFactorChanged { .. } => Sender::Platform,
            Self::Other(_, tenant) => Sender::Tenant(*tenant),
        }
    }
}

/// A mail to be queued.
pub struct NewMail<'a> {
    /// Its id; queued a second time under it, it is one mail.
    pub id: Uuid,
    /// The person, where it is one of ours.
    pub user: Option<UserId>,
    /// The address.
    pub to: &'a str,
    /// What it says.
    pub template: &'a EmailTemplate,
}

/// What became of a mail that was to be queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queued {
    /// It is queued.
    New,
    /// It was queued before under its id.
    Known,
    /// It is not queued: too many were, and there is room again after so long.
    Full(Duration),
}

/// A mail in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Subject.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}
