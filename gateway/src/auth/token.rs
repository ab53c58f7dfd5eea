//! One access token: how it is read from the header and verified. Pure but for the clock.

use contracts::{
    UserId,
    access_tokens::{AUDIENCE, AccessClaims, ISSUER, TOKEN_TYPE},
    identity::PlatformRole,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, errors::ErrorKind};
use platform::Problem;
use uuid::Uuid;

/// How far clocks may lie apart, in seconds.
pub const LEEWAY: i64 = 5;
/// Longest token looked at, in bytes.
const LENGTH_LIMIT: usize = 8_192;

/// What a verified token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// The person.
    pub user: UserId,
    /// Their session.
    pub session: Uuid,
    /// Their role on the platform.
    pub role: PlatformRole,
    /// Whether the session was begun with a second factor.
    pub second_factor: bool,
    /// Unix time in seconds of issue.
    pub issued_at: i64,
    /// Unix time in seconds of expiry.
    pub expires_at: i64,
    /// The host that it is good at; none where it is good everywhere.
    pub host: Option<Box<str>>,
}

impl AccessToken {
    /// Checks that the token is good at the host that the request was sent to.
    ///
    /// # Errors
    /// [`Fault::Invalid`].
    pub fn check_host(&self, host: Option<&str>) -> Result<(), Fault> {
        match (&self.host, host) {
            (None, _) => Ok(()),
            (Some(bound), Some(host)) if bound.eq_ignore_ascii_case(host) => Ok(()),
            (Some(_), _) => Err(Fault::Invalid),
        }
    }
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is none.
    Missing,
    /// It is not of our making, or not an access token.
    Invalid,
    /// Its time is over.
    Expired,
    /// Its session or person lost access.
    Revoked,
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Missing => Self::unauthorized(
                "not_authenticated",
                "Sign in and send the access token as a Bearer token.",
            ),
            Fault::Invalid => Self::unauthorized("invalid_token", "The access token is not valid."),
            Fault::Expired => {
                Self::unauthorized("token_expired", "The access token has expired. Refresh it.")
            }
            Fault::Revoked => Self::unauthorized("token_revoked", "The session is over. Sign in again."),
        }
    }
}

/// The token of an `Authorization` header.
///
/// # Errors
/// [`Fault::Invalid`] when the header is of another form.
pub fn bearer(header: &str) -> Result<&str, Fault> {
    let (scheme, token) = header.split_once(' ').ok_or(Fault::Invalid)?;
    let token = token.trim();
    let sane = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= LENGTH_LIMIT;
    if sane { Ok(token) } else { Err(Fault::Invalid) }
}

/// The id of the key that signed, if the header is that of an access token.
///
/// # Errors
/// [`Fault::Invalid`].
pub fn key_id(token: &str) -> Result<String, Fault> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| Fault::Invalid)?;
    let ours = header.alg == Algorithm::EdDSA && header.typ.as_deref() == Some(TOKEN_TYPE);
    header.kid.filter(|_| ours).ok_or(Fault::Invalid)
}

/// What the token says, if this key signed it.
///
/// # Errors
/// [`Fault::Invalid`] or [`Fault::Expired`].
pub fn verify(token: &str, key: &DecodingKey) -> Result<AccessToken, Fault> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY.unsigned_abs();
    let decoded = jsonwebtoken::decode::<AccessClaims>(token, key, &validation);
    let claims = decoded.map_err(|error| match error.kind() {
        ErrorKind::ExpiredSignature => Fault::Expired,
        _ => Fault::Invalid,
    });
    claims.map(|decoded| AccessToken {
        second_factor: decoded.claims.has_second_factor(),
        user: decoded.claims.sub,
        session: decoded.claims.session,
        role: decoded.claims.platform_role,
        issued_at: decoded.claims.iat,
        expires_at: decoded.claims.exp,
        host: decoded.claims.host.map(String::into_boxed_str),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_is_bearer_in_any_case_and_nothing_else() {
        assert_eq!(bearer("Bearer a.b.c"), Ok("a.b.c"));
        assert_eq!(bearer("bearer  a.b.c"), Ok("a.b.c"));
        for header in ["", "Bearer", "Bearer ", "Basic a.b.c", "a.b.c", "Bearera.b.c x"] {
            assert_eq!(bearer(header), Err(Fault::Invalid), "{header}");
        }
        assert_eq!(bearer(&format!("Bearer {}", "a".repeat(LENGTH_LIMIT + 1))), Err(Fault::Invalid));
    }

    #[test]
    fn a_header_of_another_algorithm_or_type_names_no_key() {
        // {"alg":"none"}, {"alg":"HS256","typ":"at+jwt","kid":"k"}, {"alg":"EdDSA","typ":"JWT","kid":"k"}
        for head in [
            "eyJhbGciOiJub25lIn0",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImsifQ",
            "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6ImsifQ",
        ] {
            assert_eq!(key_id(&format!("{head}.e30.AA")), Err(Fault::Invalid));
        }
        // {"alg":"EdDSA","typ":"at+jwt","kid":"k"}
        assert_eq!(
            key_id("eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImsifQ.e30.AA"),
            Ok("k".to_owned())
        );
    }
}
