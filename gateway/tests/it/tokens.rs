//! Access tokens as auth-service would issue them, and as it never would.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use contracts::{UserId, identity::PlatformRole};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use serde_json::{Value, json};
use uuid::Uuid;

const KEYS: [&str; 2] = [
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIKaVuDOATl3J2JdpRo5mj/IbslhFpH+7llZgtbHj7iIe\n-----END PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIGThVIMjmpnNXapq+Q98aMZueAcvxIA6k3L/yu06DP5Q\n-----END PRIVATE KEY-----",
];

/// Makes tokens of one person.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: UserId,
    pub session: Uuid,
    pub role: PlatformRole,
}

impl Person {
    pub fn new() -> Self {
        Self { id: UserId::new(), session: Uuid::now_v7(), role: PlatformRole::None }
    }

    pub fn staff(role: PlatformRole) -> Self {
        Self { role, ..Self::new() }
    }

    /// A good token.
    pub fn token(&self) -> String {
        self.token_with(&json!({}), &json!({}), 0)
    }

    /// A token with these claims and header members changed, signed by one of two keys.
    pub fn token_with(&self, claims: &Value, header: &Value, key: usize) -> String {
        let now = chrono::Utc::now().timestamp();
        let mut content = json!({
            "iss": "leadstream", "aud": "leadstream:access", "sub": self.id, "sid": self.session, "prl": self.role,
            "email": "ada@example.com", "iat": now, "exp": now + 900, "jti": Uuid::now_v7(),
        });
        merge(&mut content, claims);
        let mut head = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": format!("key-{key}") });
        merge(&mut head, header);
        let head: Header = serde_json::from_value(head).unwrap();
        let signing = match head.alg {
            Algorithm::HS256 => EncodingKey::from_secret(b"guessed"),
            _ => EncodingKey::from_ed_pem(KEYS[key].as_bytes()).unwrap(),
        };
        jsonwebtoken::encode(&head, &content, &signing).unwrap()
    }
}

/// The token with another header, signed with HMAC by this secret, or not signed at all.
pub fn resigned(token: &str, header: &Value, secret: Option<&[u8]>) -> String {
    let body = token.split('.').nth(1).unwrap();
    let text = format!("{}.{body}", BASE64_URL_SAFE_NO_PAD.encode(header.to_string()));
    let signature = secret.map(|secret| {
        let key = EncodingKey::from_secret(secret);
        jsonwebtoken::crypto::sign(text.as_bytes(), &key, Algorithm::HS256).unwrap()
    });
    format!("{text}.{}", signature.unwrap_or_default())
}

fn merge(value: &mut Value, changes: &Value) {
    for (name, change) in changes.as_object().unwrap() {
        let members = value.as_object_mut().unwrap();
        let _before = match change {
            Value::Null => members.remove(name),
            change => members.insert(name.clone(), change.clone()),
        };
    }
}

/// The key set with these keys.
pub fn key_set(keys: &[usize]) -> Value {
    let keys = keys.iter().map(|&key| {
        let private = EncodingKey::from_ed_pem(KEYS[key].as_bytes()).unwrap();
        let mut public = Jwk::from_encoding_key(&private, Algorithm::EdDSA).unwrap();
        public.common.key_id = Some(format!("key-{key}"));
        serde_json::to_value(public).unwrap()
    });
    json!({ "keys": keys.collect::<Vec<_>>() })
}
