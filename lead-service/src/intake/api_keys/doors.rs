//! Doors by which submissions come in with a key: the trust in their senders, and the source of their references.

use uuid::Uuid;

use super::domain::{ApiKeyKind, DuplicatePolicy};
use crate::{identity::SourceKey, recognition::Door};

/// The trust in the senders of a key.
pub fn door(kind: ApiKeyKind, allowed_origins: &[String]) -> Door {
    match kind {
        ApiKeyKind::Server => Door::Trusted,
        ApiKeyKind::Browser if allowed_origins.is_empty() => Door::Server,
        ApiKeyKind::Browser => Door::Anonymous,
    }
}

/// The source of the references that are handed in with a key itself.
pub fn source(kind: ApiKeyKind, id: Uuid) -> SourceKey {
    match kind {
        ApiKeyKind::Server => SourceKey::api(),
        ApiKeyKind::Browser => SourceKey::of_key(id),
    }
}

/// Rules of a key for submissions that are read again.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The key.
    pub id: Uuid,
    /// Whether they are refused for every fault.
    pub strict: bool,
    /// Policy for submissions of known people.
    pub policy: DuplicatePolicy,
    /// Kind of the key.
    pub kind: ApiKeyKind,
    /// Origins from which browsers may use it.
    pub allowed_origins: Vec<String>,
}

impl Rules {
    /// The source and the door of a submission that came in by the source of that name; none is known of old ones. It is trusted
    /// no more than it was when it came, and no more than its key is now.
    pub fn came_by(&self, source: Option<&str>) -> (SourceKey, Door) {
        let source = match source.map(SourceKey::stored) {
            Some(source) if source.is_api() => self::source(self.kind, self.id),
            Some(source) => source,
            None => SourceKey::of_key(self.id),
        };
        let door = if source.is_api() {
            Door::Trusted
        } else if source.is_address() {
            Door::Anonymous
        } else {
            door(ApiKeyKind::Browser, &self.allowed_origins)
        };
        (source, door)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_submission_read_again_is_trusted_no_more_than_when_it_came() {
        let id = Uuid::from_u128(7);
        let rules = |kind, origins: &[&str]| Rules {
            id,
            strict: false,
            policy: DuplicatePolicy::Attach,
            kind,
            allowed_origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
        };
        let (key, address) = (SourceKey::of_key(id), SourceKey::of_address(id));
        let server = rules(ApiKeyKind::Server, &[]);
        assert_eq!(server.came_by(Some("api")), (SourceKey::api(), Door::Trusted));
        assert_eq!(server.came_by(Some(key.as_str())), (key.clone(), Door::Server), "it came from a browser");
        assert_eq!(server.came_by(Some(address.as_str())), (address, Door::Anonymous));
        assert_eq!(server.came_by(None), (key.clone(), Door::Server));
        let browser = rules(ApiKeyKind::Browser, &["https://example.com"]);
        assert_eq!(browser.came_by(Some("api")), (key.clone(), Door::Anonymous), "the key is public by now");
        assert_eq!(browser.came_by(None), (key, Door::Anonymous));
    }
}
