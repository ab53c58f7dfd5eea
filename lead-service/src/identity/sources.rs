//! Sources of references: a reference is unique for its source.

use std::sync::{Arc, LazyLock};

use uuid::Uuid;

/// Source of references: the door that submissions come in by, or an import's system. What comes in by a door that is open to
/// everyone neither takes nor finds the references of programs, and no payload chooses its source.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceKey(Arc<str>);

static API: LazyLock<SourceKey> = LazyLock::new(|| SourceKey(SourceKey::API.into()));

impl SourceKey {
    /// The name of the one that people and server keys share, and that of a lead without a reference.
    pub const API: &'static str = "api";

    /// The one that people and server keys share.
    pub fn api() -> Self {
        API.clone()
    }

    /// That of a browser key.
    pub fn of_key(key: Uuid) -> Self {
        Self(format!("key:{key}").into())
    }

    /// That of a key's addresses, the present one and those before it.
    pub fn of_address(key: Uuid) -> Self {
        Self(format!("address:{key}").into())
    }

    /// That of a system with imported files, by the name that the importer gives it.
    pub fn of_import(system: &str) -> Self {
        Self(format!("import:{system}").into())
    }

    /// The one of that name in the database.
    pub fn stored(name: &str) -> Self {
        Self(name.into())
    }

    /// Whether it is the one that people and server keys share: then it is known who sends.
    pub fn is_api(&self) -> bool {
        &*self.0 == Self::API
    }

    /// Whether it is that of addresses.
    pub fn is_address(&self) -> bool {
        self.0.starts_with("address:")
    }

    /// Its name in the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
