//! Asked of tenant-service at a service's start: these are my routes and what each demands.

use serde::{Deserialize, Serialize};

use super::{CallKind, InternalCall};
use crate::Service;

/// Registers the permissions that a service's routes demand. Idempotent; replaces what the service said before.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RegisterPermissions {
    /// The service with these routes.
    pub service: Service,
    /// Every route that demands a permission.
    pub routes: Vec<RoutePermission>,
}

/// One route and the permission it demands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutePermission {
    /// Permission code.
    pub code: String,
    /// What it allows.
    pub description: String,
    /// HTTP method.
    pub method: String,
    /// Path template.
    pub path: String,
}

/// The answer to [`RegisterPermissions`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Registered {
    /// How many routes the service has on record now.
    pub routes: usize,
}

impl InternalCall for RegisterPermissions {
    type Answer = Registered;
    const SERVICE: Service = Service::Tenant;
    const KIND: CallKind = CallKind::Put;
    const TEMPLATE: &'static str = "/internal/permissions";
}
