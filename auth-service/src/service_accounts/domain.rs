//! Validation of service accounts, and client authentication at the token endpoint (RFC 6749).

use actix_web::http::StatusCode;
use base64::{Engine, prelude::BASE64_STANDARD};
use contracts::{
    problem::FieldError,
    service_tokens::{AUDIENCES, ENRICHMENT_CALLBACK},
};
use platform::Problem;

use super::api::{ServiceAccountStatus, WriteServiceAccount};

/// What a client id starts with.
pub const CLIENT_ID_PREFIX: &str = "lsc_";
/// What a client secret starts with.
pub const SECRET_PREFIX: &str = "lss_";

/// An account to be stored.
#[derive(Clone, Debug)]
pub struct NewServiceAccount {
    /// What it is for.
    pub name: String,
    /// What its tokens may be good for.
    pub audiences: Vec<String>,
    /// Whether it is in use.
    pub status: ServiceAccountStatus,
}

impl NewServiceAccount {
    /// Takes an account, or names what is wrong with it.
    ///
    /// # Errors
    /// 400.
    pub fn parse(body: WriteServiceAccount) -> Result<Self, Problem> {
        let mut audiences = body.audiences.unwrap_or_else(|| vec![ENRICHMENT_CALLBACK.to_owned()]);
        let faults: Vec<FieldError> = audiences
            .iter()
            .enumerate()
            .filter(|(_, audience)| !AUDIENCES.contains(&audience.as_str()))
            .map(|(index, _)| {
                let message = format!("must be one of: {}", AUDIENCES.join(", "));
                FieldError::new(format!("audiences.{index}"), "not_allowed", message)
            })
            .collect();
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        audiences.sort_unstable();
        audiences.dedup();
        Ok(Self { name: body.name.trim().to_owned(), audiences, status: body.status.unwrap_or_default() })
    }
}

/// Why no token is given, by RFC 6749's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Something is missing, twice there or unreadable.
    InvalidRequest(&'static str),
    /// Unknown, wrong secret, or not in use.
    InvalidClient,
    /// Another way of asking than client credentials.
    UnsupportedGrantType,
    /// The account has no such audience.
    InvalidTarget,
}

impl Refusal {
    /// Status, name and sentence.
    pub const fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::InvalidRequest(detail) => (StatusCode::BAD_REQUEST, "invalid_request", detail),
            Self::InvalidClient => {
                (StatusCode::UNAUTHORIZED, "invalid_client", "The client id or secret is wrong.")
            }
            Self::UnsupportedGrantType => {
                (StatusCode::BAD_REQUEST, "unsupported_grant_type", "Only client_credentials is offered.")
            }
            Self::InvalidTarget => {
                (StatusCode::BAD_REQUEST, "invalid_target", "The client has no token for that audience.")
            }
        }
    }
}

/// How a client names itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// Client id.
    pub client_id: String,
    /// Client secret.
    pub secret: String,
}

/// A request for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// Who asks.
    pub credentials: Credentials,
    /// What the token shall be good for; the account's only audience where it has just one.
    pub audience: Option<String>,
}

impl TokenRequest {
    /// Reads a form and an `Authorization` header. The client names itself in one of them, not in both.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn parse(form: &[(String, String)], authorization: Option<&str>) -> Result<Self, Refusal> {
        let field = |wanted: &str| -> Result<Option<String>, Refusal> {
            let mut values = form.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value);
            match (values.next(), values.next()) {
                (_, Some(_)) => Err(Refusal::InvalidRequest("A field is given more than once.")),
                (value, None) => Ok(value.filter(|value| !value.is_empty()).cloned()),
            }
        };
        let grant_type = field("grant_type")?.ok_or(Refusal::InvalidRequest("grant_type is missing."))?;
        let (client_id, secret) = (field("client_id")?, field("client_secret")?);
        let by_header =
            authorization.map(|header| basic(header).ok_or(Refusal::InvalidClient)).transpose()?;
        let credentials = match (by_header, client_id, secret) {
            (Some(_), _, Some(_)) => {
                return Err(Refusal::InvalidRequest("Name the client once: in the header or in the form."));
            }
            (Some(credentials), client_id, None)
                if client_id.as_ref().is_none_or(|id| *id == credentials.client_id) =>
            {
                credentials
            }
            (None, Some(client_id), Some(secret)) => Credentials { client_id, secret },
            _ => return Err(Refusal::InvalidClient),
        };
        if grant_type != "client_credentials" {
            return Err(Refusal::UnsupportedGrantType);
        }
        // `resource` (RFC 8707) and `audience` are both in use for the same; `scope` says nothing here.
        let (audience, resource) = (field("audience")?, field("resource")?);
        Ok(Self { credentials, audience: audience.or(resource) })
    }
}

/// `Basic base64(urlencoded id:urlencoded secret)`. Ours hold nothing that would be encoded.
fn basic(header: &str) -> Option<Credentials> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (client_id, secret) = text.split_once(':')?;
    Some(Credentials { client_id: client_id.to_owned(), secret: secret.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(form: &[(&str, &str)], authorization: Option<&str>) -> Result<TokenRequest, Refusal> {
        let form: Vec<_> = form.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        TokenRequest::parse(&form, authorization)
    }

    const GRANT: (&str, &str) = ("grant_type", "client_credentials");

    #[test]
    fn a_client_names_itself_in_the_form_or_in_the_header() {
        let header = format!("Basic {}", BASE64_STANDARD.encode("lsc_a:lss_b"));
        let in_form = parse(&[GRANT, ("client_id", "lsc_a"), ("client_secret", "lss_b")], None).unwrap();
        let in_header = parse(&[GRANT], Some(&header)).unwrap();

        assert_eq!(in_form, in_header);
        assert_eq!(in_header.credentials.secret, "lss_b");
        assert!(parse(&[GRANT, ("client_id", "lsc_a")], Some(&header)).is_ok());
        assert_eq!(parse(&[GRANT, ("client_id", "lsc_x")], Some(&header)), Err(Refusal::InvalidClient));
    }

    #[test]
    fn faults_have_the_names_that_clients_know() {
        let invalid = |outcome| matches!(outcome, Err(Refusal::InvalidRequest(_)));
        let header = format!("Basic {}", BASE64_STANDARD.encode("lsc_a:lss_b"));
        assert!(invalid(parse(&[("client_id", "a"), ("client_secret", "b")], None)));
        assert!(invalid(parse(&[GRANT, GRANT], Some(&header))));
        assert!(invalid(parse(&[GRANT, ("client_secret", "b")], Some(&header))));
        assert_eq!(parse(&[GRANT], None), Err(Refusal::InvalidClient));
        assert_eq!(parse(&[GRANT], Some("Bearer x")), Err(Refusal::InvalidClient));
        assert_eq!(parse(&[GRANT], Some("Basic %%%")), Err(Refusal::InvalidClient));
        let other = ("grant_type", "password");
        assert_eq!(parse(&[other], Some(&header)), Err(Refusal::UnsupportedGrantType));
    }
}
