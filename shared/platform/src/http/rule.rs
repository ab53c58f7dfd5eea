//! Access rule and effects of a route, as written into the OpenAPI document.

use super::effects::Effects;

/// What a route demands, as written into the OpenAPI document for the gateway.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// `public`, `optional`, `signed_in`, `permission`, `api_key`, `signed` or `internal`.
    pub access: &'static str,
    /// The permission's code and meaning.
    pub permission: Option<(&'static str, &'static str)>,
    /// Where the tenant is named: `none`, `header` (or host) or `path`.
    pub tenant: &'static str,
    /// What the route does beside what that permission is for.
    pub declared: fn() -> Declared,
}

impl Rule {
    /// A rule that declares no further effects.
    pub(super) const fn new(
        access: &'static str,
        permission: Option<(&'static str, &'static str)>,
        tenant: &'static str,
    ) -> Self {
        Self { access, permission, tenant, declared: Declared::default }
    }
}

/// When an effect happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// On every call: without the permission the call is refused.
    Always,
    /// If the body or the records ask for it: the handler demands the permission then.
    Asked,
    /// In the answer: without the permission it has ids only.
    Shown,
}

impl When {
    /// The word in the OpenAPI document.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Always => "needs",
            Self::Asked => "may",
            Self::Shown => "shows",
        }
    }
}

/// A further effect of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// When it happens.
    pub when: When,
    /// Code of the permission that it takes.
    pub permission: &'static str,
}

/// All that a route declares.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// Further effects.
    pub effects: Vec<Effect>,
    /// Whether only callers with data scope `all` are served.
    pub whole_tenant: bool,
}

impl Declared {
    /// What `E` declares.
    pub fn of<E: Effects>() -> Self {
        let mut declared = Self::default();
        E::declare(&mut declared);
        declared
    }
}
