//! API keys: text, digest, scopes and origins.

use chrono::{DateTime, Utc};
use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{Problem, text_enum};
use rand::RngExt;
use sha2::{Digest, Sha256};
use url::Url;

use super::api::WriteApiKey;
use crate::schema::api_keys;

/// The scope that lets a key hand in leads.
pub const INGEST_SCOPE: &str = "leads:ingest";
const SCOPES: &[&str] = &[INGEST_SCOPE];

text_enum!(
    /// Kind of a key.
    ApiKeyKind {
        /// For web pages and form tools: it may be seen by anyone, so it proves nothing of who sends.
        Browser = "browser",
        /// For programs that keep it secret: refused where a browser uses it.
        Server = "server",
    }
);

text_enum!(
    /// Policy for a submission of a known person.
    DuplicatePolicy {
        /// It goes onto the lead's timeline.
        Attach = "attach",
        /// It fills what is empty of the lead.
        UpdateEmpty = "update_empty",
        /// It makes another lead.
        Create = "create",
        /// It waits for a review.
        Hold = "hold",
    }
);

/// The fields of a key that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = api_keys, treat_none_as_null = true)]
pub struct ApiKeyFields {
    name: String,
    kind: ApiKeyKind,
    scopes: Vec<String>,
    allowed_origins: Vec<String>,
    rate_limit: Option<i32>,
    expires_at: Option<DateTime<Utc>>,
    duplicate_policy: DuplicatePolicy,
    strict: bool,
}

impl ApiKeyFields {
    /// Scopes must be known, origins must be origins, and a server key has none.
    pub fn parse(write: WriteApiKey) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let kind = write.kind.unwrap_or(ApiKeyKind::Browser);
        if kind == ApiKeyKind::Server && !write.allowed_origins.is_empty() {
            let message = "must be empty: a server key is not for browsers";
            faults.push(FieldError::new("allowed_origins", "not_allowed", message));
        }
        let scopes = write.scopes.unwrap_or_else(|| vec![INGEST_SCOPE.to_owned()]);
        for (index, scope) in scopes.iter().enumerate() {
            if !SCOPES.contains(&scope.as_str()) {
                let message = format!("must be one of: {}", SCOPES.join(", "));
                faults.push(FieldError::new(format!("scopes.{index}"), "not_allowed", message));
            }
        }
        let mut allowed_origins = Vec::new();
        for (index, text) in write.allowed_origins.iter().enumerate() {
            match origin(text) {
                Some(origin) => allowed_origins.push(origin),
                None => {
                    let field = format!("allowed_origins.{index}");
                    faults.push(FieldError::new(
                        field,
                        "invalid_origin",
                        "is not an origin such as https://example.com",
                    ));
                }
            }
        }
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        Ok(Self {
            name: write.name.trim().to_owned(),
            kind,
            scopes,
            allowed_origins,
            rate_limit: write.rate_limit,
            expires_at: write.expires_at,
            duplicate_policy: write.duplicate_policy.unwrap_or(DuplicatePolicy::Attach),
            strict: write.strict,
        })
    }
}

/// Scheme, host and port of a web origin, as browsers write it.
pub fn origin(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let bare = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    bare.then(|| url.origin().ascii_serialization())
}

/// A key's text with the two parts that are stored of it.
pub struct KeyText {
    /// The text itself, for its holder only.
    pub text: String,
    /// How it begins.
    pub prefix: String,
    /// Its SHA-256.
    pub digest: [u8; 32],
}

impl KeyText {
    /// A fresh text, `{prefix}_live_{random}` with 256 random bits.
    pub fn generate() -> Self {
        let prefix = format!("ls{}", letters(6));
        let text = format!("{prefix}_live_{}", letters(52));
        let digest = digest(&text);
        Self { text, prefix, digest }
    }
}

/// The token of an address with what is stored of it.
pub struct AddressToken {
    /// The token itself, for its holder only.
    pub text: String,
    /// Its SHA-256.
    pub digest: [u8; 32],
}

impl AddressToken {
    /// A fresh token with 260 random bits.
    pub fn generate() -> Self {
        let text = letters(52);
        let digest = digest(&text);
        Self { text, digest }
    }
}

/// Five bits a letter, none that is easily mistaken for another.
fn letters(count: usize) -> String {
    const ALPHABET: [char; 32] = [
        'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'j', 'k', 'm', 'n', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w',
        'x', 'y', 'z', '2', '3', '4', '5', '6', '7', '8', '9', '0',
    ];
    let mut random = rand::rng();
    (0..count).filter_map(|_| ALPHABET.get(random.random_range(0..32)).copied()).collect()
}

/// The digest under which a key's text is stored.
pub fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_its_prefix_and_is_never_the_same() {
        let (one, other) = (KeyText::generate(), KeyText::generate());
        assert!(one.text.starts_with(&format!("{}_live_", one.prefix)));
        assert_eq!(one.digest, digest(&one.text));
        assert_ne!(one.text, other.text);
    }

    #[test]
    fn a_server_key_has_no_origins() {
        let parse = |write: serde_json::Value| ApiKeyFields::parse(serde_json::from_value(write).unwrap());
        let origins = ["https://example.com"];
        let refused = parse(serde_json::json!({"name": "x", "kind": "server", "allowed_origins": origins}));
        let faults = refused.unwrap_err().errors;
        assert_eq!((faults[0].field.as_str(), faults[0].code.as_str()), ("allowed_origins", "not_allowed"));
        let server = parse(serde_json::json!({"name": "x", "kind": "server"})).unwrap();
        let browser = parse(serde_json::json!({"name": "x", "allowed_origins": origins})).unwrap();
        assert_eq!((server.kind, browser.kind), (ApiKeyKind::Server, ApiKeyKind::Browser));
    }

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(origin("https://Example.com/"), Some("https://example.com".into()));
        assert_eq!(origin("http://localhost:3000"), Some("http://localhost:3000".into()));
        for bad in ["", "*", "example.com", "https://example.com/form", "ftp://example.com"] {
            assert_eq!(origin(bad), None, "{bad}");
        }
    }
}
