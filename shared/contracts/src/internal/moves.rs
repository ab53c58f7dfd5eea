//! Isolation of a tenant's rows, and the call that moves a tenant between the shared tables and a schema of its own.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::TenantId;

/// How a tenant's rows are kept apart from others'.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Isolation {
    /// In shared tables, by Row-Level Security.
    #[default]
    Pool,
    /// In tables of its own.
    Schema,
}

impl Isolation {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pool => "pool",
            Self::Schema => "schema",
        }
    }

    /// The isolation of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Pool, Self::Schema].into_iter().find(|isolation| isolation.name() == name)
    }
}

/// What is to be done next to move a tenant's rows. Each can be asked for any number of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveStep {
    /// Make the place and copy the rows into it, while the tenant is served where it is.
    Copy,
    /// Take over what changed since, compare both, and serve the tenant from the new place.
    Switch,
    /// Forget the rows in the place that is not served.
    Clear,
}

impl MoveStep {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Switch => "switch",
            Self::Clear => "clear",
        }
    }

    /// The step of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Copy, Self::Switch, Self::Clear].into_iter().find(|step| step.name() == name)
    }
}

/// Asked of every service that keeps tenant data: take this step towards moving the tenant. Idempotent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MoveTenant {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Its client-provided id.
    pub client_id: String,
    /// Where to.
    pub to: Isolation,
    /// The step.
    pub step: MoveStep,
    /// Grows from move to move and when one is undone; an older order arriving late is refused.
    pub order: i64,
}

/// The answer to [`MoveTenant`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MoveProgress {
    /// Whether the step is done; if not, it goes on and can be asked for again.
    pub is_done: bool,
}

impl MoveTenant {
    /// The path every provisioned service answers.
    pub const TEMPLATE: &'static str = "/internal/tenants/{id}/move";

    /// The path for this tenant.
    pub fn path(&self) -> Cow<'static, str> {
        Cow::Owned(format!("/internal/tenants/{}/move", self.tenant_id))
    }
}
