//! Validation of other issuers' tokens. Pure but for the clock.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::Utc;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    errors::ErrorKind,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk},
};
use platform::{Problem, values};
use serde::Deserialize;
use serde_json::Value;

use super::config::TrustedIssuer;
use crate::config::FOREIGN_TOKEN_LIFE;

const LEEWAY_SECONDS: i64 = 5;
/// Longest token looked at, in bytes.
const LENGTH_LIMIT: usize = 8_192;
const SUBJECT_LENGTH: usize = 255;
/// What `amr` holds where more than a password was given.
const SECOND_FACTORS: [&str; 2] = ["mfa", "otp"];

/// What a token says that was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignClaims {
    /// Who issued it.
    pub issuer: String,
    /// Who it is about, there.
    pub subject: String,
    /// Their address in lower case, if the issuer made sure that it is theirs.
    pub verified_email: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Whether the issuer says that it saw a second factor.
    pub second_factor: bool,
    /// Unix time in seconds of issue.
    pub issued_at: i64,
    /// Unix time in seconds after which it is not taken: its own end, or an hour after its issue.
    pub expires_at: i64,
}

#[derive(Deserialize)]
struct Issued {
    iss: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    iat: i64,
    exp: i64,
    email: Option<String>,
    email_verified: Option<Truth>,
    given_name: Option<String>,
    family_name: Option<String>,
    name: Option<String>,
    /// How they signed in there (RFC 8176).
    amr: Option<Value>,
    /// What Firebase adds.
    firebase: Option<Value>,
}

impl Claims {
    fn has_second_factor(&self) -> bool {
        let methods = self.amr.as_ref().and_then(Value::as_array).into_iter().flatten();
        let of_firebase = self.firebase.as_ref().and_then(|said| said.get("sign_in_second_factor"));
        methods.filter_map(Value::as_str).any(|method| SECOND_FACTORS.contains(&method))
            || of_firebase.is_some_and(Value::is_string)
    }
}

/// Some issuers write truth as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Truth {
    Bool(bool),
    Text(String),
}

/// A key of an issuer, with the one algorithm that it is for.
#[derive(Clone)]
pub struct ForeignKey {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl ForeignKey {
    /// The key of a JWK that is for signatures we take; none of others, symmetric ones among them.
    pub fn of(jwk: &Jwk) -> Option<Self> {
        let algorithm = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => Algorithm::RS256,
            AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => {
                Algorithm::ES256
            }
            AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P384 => {
                Algorithm::ES384
            }
            AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
                Algorithm::EdDSA
            }
            _ => return None,
        };
        Some(Self { algorithm, key: DecodingKey::from_jwk(jwk).ok()? })
    }
}

/// Which of the trusted issuers a token claims to be from, and by which key.
///
/// # Errors
/// 401 when the issuer is not trusted.
pub fn origin<'i>(token: &str, issuers: &'i [TrustedIssuer]) -> Result<(&'i TrustedIssuer, String), Problem> {
    if token.len() > LENGTH_LIMIT {
        return Err(invalid());
    }
    let key_id = jsonwebtoken::decode_header(token).ok().and_then(|head| head.kid).ok_or_else(invalid)?;
    let claims = token.split('.').nth(1).and_then(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok());
    let claims: Issued = claims.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(invalid)?;
    let issuer = issuers.iter().find(|trusted| trusted.issuer == claims.iss).ok_or_else(invalid)?;
    Ok((issuer, key_id))
}

/// What the token says, if this issuer's key signed it for our audience and it is not too old.
///
/// # Errors
/// 401.
pub fn verify(token: &str, issuer: &TrustedIssuer, key: &ForeignKey) -> Result<ForeignClaims, Problem> {
    // One algorithm, the key's: the token does not choose.
    let mut validation = Validation::new(key.algorithm);
    validation.set_audience(&[&issuer.audience]);
    validation.set_issuer(&[&issuer.issuer]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY_SECONDS.unsigned_abs();
    let claims = jsonwebtoken::decode::<Claims>(token, &key.key, &validation);
    let claims = claims.map(|decoded| decoded.claims).map_err(|error| match error.kind() {
        ErrorKind::ExpiredSignature => expired(),
        _ => invalid(),
    })?;
    let (now, life) = (Utc::now().timestamp(), i64::try_from(FOREIGN_TOKEN_LIFE.as_secs()).unwrap_or(0));
    if claims.iat > now + LEEWAY_SECONDS || claims.sub.is_empty() || claims.sub.len() > SUBJECT_LENGTH {
        return Err(invalid());
    }
    if claims.iat + life <= now {
        return Err(expired());
    }
    let is_verified = match &claims.email_verified {
        Some(Truth::Bool(verified)) => *verified,
        Some(Truth::Text(text)) => text == "true",
        None => false,
    };
    let (first, last) = claims.name.as_deref().map_or((None, None), |name| {
        name.split_once(' ').map_or((Some(name), None), |(first, last)| (Some(first), Some(last)))
    });
    let short = |name: Option<String>| {
        crate::users::person_name(name).map(|name| name.chars().take(150).collect::<String>())
    };
    Ok(ForeignClaims {
        second_factor: claims.has_second_factor(),
        verified_email: claims.email.filter(|_| is_verified).and_then(|email| values::email(&email)),
        first_name: short(claims.given_name.or_else(|| first.map(str::to_owned))),
        last_name: short(claims.family_name.or_else(|| last.map(str::to_owned))),
        issuer: claims.iss,
        subject: claims.sub,
        issued_at: claims.iat,
        expires_at: claims.exp.min(claims.iat + life),
    })
}

/// Not of a trusted issuer, not for us, or not signed by them.
pub fn invalid() -> Problem {
    Problem::unauthorized("invalid_token", "The token is not from an issuer that is trusted here.")
}

fn expired() -> Problem {
    Problem::unauthorized("token_expired", "The token has expired. Sign in there again.")
}

/// Issued before the person logged out everywhere, or was kept out.
pub fn revoked() -> Problem {
    Problem::unauthorized(
        "token_revoked",
        "The token was issued before all sessions were ended. Sign in again.",
    )
}

/// The issuer did not verify the address, so it identifies no account.
pub fn email_not_verified() -> Problem {
    Problem::forbidden("email_not_verified", "Confirm your e-mail address with the issuer first.")
}
