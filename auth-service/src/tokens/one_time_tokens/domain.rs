//! Purposes and lifetimes of one-time tokens, and reasons to refuse one.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{Problem, addresses};
use url::Url;

use crate::{
    mails::EmailTemplate,
    tokens::secrets::{self, Fingerprint},
};

/// What a token is for. One for something else is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To prove that an address is one's own.
    VerifyEmail,
    /// To choose another password.
    ResetPassword,
}

impl Purpose {
    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
        }
    }

    /// What its tokens start with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::VerifyEmail => "lsv_",
            Self::ResetPassword => "lsp_",
        }
    }

    /// How long they are good for.
    pub const fn life(self) -> TimeDelta {
        match self {
            Self::VerifyEmail => TimeDelta::days(3),
            Self::ResetPassword => TimeDelta::hours(1),
        }
    }

    /// Where the page is that the link leads to.
    pub const fn path(self) -> &'static str {
        match self {
            Self::VerifyEmail => "/verify-email",
            Self::ResetPassword => "/reset-password",
        }
    }

    /// The mail that carries one.
    pub fn template(
        self,
        links_url: &Url,
        token: &str,
        first_name: Option<String>,
        expires_at: DateTime<Utc>,
    ) -> EmailTemplate {
        // The token is of letters, digits, - and _: nothing needs encoding.
        let url = addresses::below(links_url, &format!("{}?token={token}", self.path()));
        match self {
            Self::VerifyEmail => EmailTemplate::VerifyEmail { first_name, url, expires_at },
            Self::ResetPassword => EmailTemplate::ResetPassword { first_name, url, expires_at },
        }
    }
}

/// The fingerprint of a text that has the form of such a token.
///
/// # Errors
/// 400 `invalid_token`.
pub fn fingerprint(text: &str, purpose: Purpose) -> Result<Fingerprint, Problem> {
    secrets::fingerprint(purpose.prefix(), text.trim()).ok_or_else(unknown)
}

/// It never was, or was forgotten long after it expired.
pub fn unknown() -> Problem {
    Problem::bad_request("invalid_token", "This is no token that can be used here.")
}

/// It was used.
pub fn spent() -> Problem {
    Problem::gone("token_spent", "This link was used already.")
}

/// It is too old.
pub fn expired() -> Problem {
    Problem::gone("token_expired", "This link has expired. Ask for a new one.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_configured_address_and_ends_in_the_token() {
        for base in ["https://leads.example.com", "https://leads.example.com/"] {
            let template =
                Purpose::ResetPassword.template(&base.parse().unwrap(), "lsp_abc", None, Utc::now());
            let EmailTemplate::ResetPassword { url, .. } = template else { panic!("{template:?}") };
            assert_eq!(url, "https://leads.example.com/reset-password?token=lsp_abc");
        }
    }
}
