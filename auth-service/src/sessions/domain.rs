//! Refresh tokens, and what may become of one that is presented.

use actix_web::{HttpRequest, http::header};
use platform::Problem;

use super::cookies::Place;
use crate::tokens::{self, Fingerprint, Secret};

/// What every refresh token starts with, so that one that leaked is recognised.
const PREFIX: &str = "lsr_";
/// More of a client's name is not kept.
const USER_AGENT_LENGTH: usize = 255;

/// A new refresh token.
pub fn new_refresh_token() -> Secret {
    Secret::generate(PREFIX)
}

/// The fingerprint of a text that has the form of a refresh token; none of another.
pub fn fingerprint(text: &str) -> Option<Fingerprint> {
    tokens::fingerprint(PREFIX, text)
}

/// A pair of tokens just issued.
pub struct Tokens {
    /// Access token.
    pub access: String,
    /// Refresh token.
    pub refresh: String,
    /// Seconds for which the access token is good.
    pub expires_in: i64,
}

/// Where a session is used from, for its owner to recognise it.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// Its address as the gateway saw it.
    pub ip: Option<String>,
    /// The host that a browser's cookie is bound to; none where tokens travel in bodies.
    pub cookie_host: Option<String>,
    /// Whether that is a tenant's host, where staff of the platform does not sign in.
    pub is_tenants_host: bool,
}

impl Device {
    /// The device a request came from.
    pub fn of(request: &HttpRequest, address: Option<&str>) -> Self {
        let user_agent = request.headers().get(header::USER_AGENT);
        let user_agent = user_agent.map(|value| String::from_utf8_lossy(value.as_bytes()));
        Self {
            user_agent: user_agent.map(|text| text.chars().take(USER_AGENT_LENGTH).collect()),
            ip: address.map(str::to_owned),
            cookie_host: None,
            is_tenants_host: false,
        }
    }

    /// The same for a browser that keeps its session in a cookie of that place.
    pub fn with_cookie_of(self, place: Place) -> Self {
        Self { cookie_host: Some(place.host), is_tenants_host: !place.is_own, ..self }
    }
}

/// A presented refresh token as it was found before it was tried to be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whether it was spent.
    pub spent: bool,
    /// It was spent after this request arrived, or so recently that it is let pass.
    pub spent_meanwhile: bool,
    /// Its session had ended.
    pub revoked: bool,
    /// It was too old.
    pub expired: bool,
}

/// Why a refresh token was not good for a new pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is spent, and this is not a concurrent request: its session must end.
    Reused,
    /// Another request that was under way at the same time was first.
    LostRace,
    /// Its session has ended.
    Revoked,
    /// It is too old.
    Expired,
}

impl Refusal {
    /// Why a token that was so found could not be spent.
    pub fn of(found: Found) -> Self {
        match found {
            Found { spent: true, spent_meanwhile: false, .. } => Self::Reused,
            Found { spent: true, .. } => Self::LostRace,
            Found { revoked: true, .. } => Self::Revoked,
            Found { expired: true, .. } => Self::Expired,
            // It was valid when read and no longer when spent: a concurrent request came between.
            Found { .. } => Self::LostRace,
        }
    }

    /// The answer.
    pub fn problem(self) -> Problem {
        let (code, detail) = match self {
            Self::Reused | Self::LostRace => {
                ("token_reused", "This refresh token was used before. Sign in again.")
            }
            Self::Revoked => ("token_revoked", "This session has ended. Sign in again."),
            Self::Expired => ("token_expired", "This refresh token has expired. Sign in again."),
        };
        Problem::unauthorized(code, detail)
    }
}

/// A text that is no refresh token of ours.
pub fn invalid_token() -> Problem {
    Problem::unauthorized("invalid_token", "This is no refresh token that can be used here.")
}

/// Alike for an unknown address and a wrong password.
pub fn invalid_credentials() -> Problem {
    Problem::unauthorized("invalid_credentials", "The e-mail address or the password is wrong.")
}

/// Answered only after a correct password.
pub fn user_inactive() -> Problem {
    Problem::forbidden("user_inactive", "This account may not sign in.")
}

/// Answered only after a correct password, where the deployment requires a proven address.
pub fn email_not_verified() -> Problem {
    Problem::forbidden(
        "email_not_verified",
        "Confirm your e-mail address first, with the link that was mailed to you.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Found = Found { spent: false, spent_meanwhile: false, revoked: false, expired: false };

    #[test]
    fn what_has_not_the_form_of_a_token_is_not_looked_for() {
        for text in ["", "lsr_", "lsr_abc", "lsr_!!!", "eyJhbGciOiJFZERTQSJ9.e30.x"] {
            assert_eq!(fingerprint(text), None, "{text}");
        }
    }

    #[test]
    fn a_token_spent_before_the_request_came_is_reuse() {
        assert_eq!(Refusal::of(Found { spent: true, ..GOOD }), Refusal::Reused);
        assert_eq!(Refusal::of(Found { spent: true, revoked: true, expired: true, ..GOOD }), Refusal::Reused);
    }

    #[test]
    fn a_token_spent_by_a_request_under_way_is_a_lost_race() {
        assert_eq!(Refusal::of(Found { spent: true, spent_meanwhile: true, ..GOOD }), Refusal::LostRace);
        assert_eq!(Refusal::of(GOOD), Refusal::LostRace);
    }

    #[test]
    fn ended_and_old_sessions_are_told_apart() {
        assert_eq!(Refusal::of(Found { revoked: true, expired: true, ..GOOD }), Refusal::Revoked);
        assert_eq!(Refusal::of(Found { expired: true, ..GOOD }), Refusal::Expired);
    }
}
