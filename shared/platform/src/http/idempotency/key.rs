//! The key as it was sent, and its owner.

use actix_web::dev::ServiceRequest;
use contracts::identity::{Caller, Identity};
use sha2::{Digest, Sha256};

use crate::{db::Db, http::problem::Problem};

/// Longest key taken.
const KEY_LENGTH: usize = 255;

/// A caller's `Idempotency-Key`, and who sent it with which query.
#[derive(Clone)]
pub struct IdempotencyKey {
    pub(super) text: String,
    /// Digest of the caller and the query.
    pub(super) scope: [u8; 32],
    /// Where answers are kept.
    pub(super) db: Db,
}

impl std::fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdempotencyKey(…)")
    }
}

impl IdempotencyKey {
    /// The key of a request, if it has one.
    ///
    /// # Errors
    /// 400 `invalid_idempotency_key` for several keys, and for one that is no text of 1 to 255 characters.
    pub(crate) fn of(
        request: &ServiceRequest,
        identity: Option<&Identity>,
        db: &Db,
    ) -> Result<Option<Self>, Problem> {
        let mut sent = request.headers().get_all("idempotency-key");
        let Some(value) = sent.next() else { return Ok(None) };
        let text = value.to_str().ok().filter(|text| (1..=KEY_LENGTH).contains(&text.len()));
        match (text, sent.next()) {
            (Some(text), None) => {
                let subject =
                    subject(identity, |name| request.headers().get(name).map(|value| value.as_bytes()));
                let scope = Sha256::digest(format!("{subject}\n{}", request.query_string())).into();
                Ok(Some(Self { text: text.to_owned(), scope, db: db.clone() }))
            }
            _ => Err(Problem::bad_request(
                "invalid_idempotency_key",
                "Send one Idempotency-Key of 1 to 255 characters.",
            )),
        }
    }
}

/// Who a kept answer belongs to: a person, the holder of a credential, or without either, a client address.
fn subject<'r>(identity: Option<&Identity>, header: impl Fn(&str) -> Option<&'r [u8]>) -> String {
    match identity.map(|identity| &identity.who) {
        Some(Caller::User(user)) => return format!("user {}", user.id),
        Some(Caller::Service(service)) => return format!("service {service}"),
        Some(Caller::Anonymous) | None => {}
    }
    let credentials: Vec<(&str, &[u8])> =
        ["authorization", "x-api-key"].into_iter().filter_map(|name| Some((name, header(name)?))).collect();
    if credentials.is_empty() {
        let address = identity.and_then(|identity| identity.client_address.as_deref()).unwrap_or_default();
        return format!("address {address}");
    }
    let mut digest = Sha256::new();
    for (name, value) in credentials {
        digest.update(format!("{name} {}\n", value.len()));
        digest.update(value);
    }
    format!("credential {}", hex::encode(digest.finalize()))
}

#[cfg(test)]
mod tests {
    use contracts::{
        Service, UserId,
        identity::{PlatformRole, SignedInUser},
    };
    use uuid::Uuid;

    use super::*;

    fn identity(who: Caller, address: &str) -> Identity {
        Identity {
            aud: Service::Auth,
            exp: 0,
            request_id: "r".into(),
            method: "POST".into(),
            path: "/".into(),
            client_address: Some(address.into()),
            who,
        }
    }

    fn anonymous(address: &str, sent: &[(&str, &'static str)]) -> String {
        let identity = identity(Caller::Anonymous, address);
        subject(Some(&identity), |name| {
            sent.iter().find(|(sent, _)| *sent == name).map(|(_, value)| value.as_bytes())
        })
    }

    #[test]
    fn a_person_is_the_same_subject_from_every_address() {
        let (ada, bob) = (UserId::new(), UserId::new());
        let of = |id, address, key: &'static [u8]| {
            let user = SignedInUser {
                id,
                session: Uuid::nil(),
                platform_role: PlatformRole::None,
                permission: None,
                tenant: None,
                effects: Vec::new(),
            };
            let identity = identity(Caller::User(Box::new(user)), address);
            subject(Some(&identity), |name| (name == "x-api-key").then_some(key))
        };
        assert_eq!(of(ada, "192.0.2.1", b"a"), of(ada, "192.0.2.2", b"b"));
        assert_ne!(of(ada, "192.0.2.1", b"a"), of(bob, "192.0.2.1", b"a"));
    }

    #[test]
    fn without_a_session_it_is_the_credential_that_counts_and_without_one_the_address() {
        let key = |value| anonymous("192.0.2.1", &[("x-api-key", value)]);
        assert_eq!(key("one"), anonymous("192.0.2.2", &[("x-api-key", "one")]));
        assert_ne!(key("one"), key("two"));
        assert_ne!(key("one"), anonymous("192.0.2.1", &[("authorization", "one")]));
        assert_ne!(
            anonymous("192.0.2.1", &[("authorization", "ab"), ("x-api-key", "c")]),
            anonymous("192.0.2.1", &[("authorization", "a"), ("x-api-key", "bc")])
        );
        assert_eq!(anonymous("192.0.2.1", &[]), anonymous("192.0.2.1", &[]));
        assert_ne!(anonymous("192.0.2.1", &[]), anonymous("192.0.2.2", &[]));
    }
}
