//! Placement of a tenant's rows: in the shared schema `public`, or in a PostgreSQL schema of its own.
//!
//! The database itself decides, when a tenant's transaction begins and with the state of that moment: no process
//! remembers where a tenant is, so none can be wrong about it. See docs/decisions/0007-schema-tier.md.

use contracts::TenantId;
use sha2::{Digest, Sha256};

use crate::http::problem::Problem;

/// Code of the answer to a write that comes while a tenant's last rows are moved.
pub const TENANT_MOVING: &str = "tenant_moving";

/// Code of the answer while a tenant's schema waits for migrations that this process needs.
pub const TENANT_MIGRATING: &str = "tenant_migrating";

/// Longest name PostgreSQL takes.
const NAME_LENGTH: usize = 63;

/// Name of the schema of the tenant with this client id: `t_<client_id>`, or, where that is too long for PostgreSQL,
/// its beginning and a digest of the whole. No two client ids have the same.
pub fn schema_name(client_id: &str) -> String {
    let plain = format!("t_{client_id}");
    if plain.len() <= NAME_LENGTH {
        return plain;
    }
    let digest = hex::encode(Sha256::digest(client_id));
    // No client id has a tilde.
    format!("{}~{}", plain.get(..30).unwrap_or(&plain), digest.get(..32).unwrap_or(&digest))
}

/// A name as it stands in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The statement that begins a tenant's part of a transaction, for a process built with `level` migrations.
pub(super) fn enter(tenant: TenantId, level: i32) -> String {
    format!("SELECT public.enter_tenant('{tenant}', {level})")
}

/// 503: the tenant is only read for some seconds, because its rows are being moved.
pub(super) fn moving() -> Problem {
    Problem {
        code: TENANT_MOVING,
        detail: "This tenant is being moved and can only be read. Try again in a few seconds.".into(),
        retry_after: Some(2),
        ..Problem::unavailable("writes to the tenant are paused")
    }
}

/// 503: the tenant's schema is behind this process.
pub(super) fn migrating(cause: &str) -> Problem {
    Problem {
        code: TENANT_MIGRATING,
        detail: "This tenant's tables are being brought up to date. Try again in a few seconds.".into(),
        retry_after: Some(5),
        ..Problem::unavailable(cause)
    }
}

/// Whether it is the state of one tenant, and not of the database, that keeps a transaction from being done.
pub fn concerns_one_tenant(problem: &Problem) -> bool {
    matches!(problem.code, TENANT_MOVING | TENANT_MIGRATING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_called_like_its_tenant_and_no_two_alike() {
        let (long, longer) = ("a".repeat(62), "a".repeat(63));

        assert_eq!(schema_name("acme-2_x"), "t_acme-2_x");
        assert_eq!(schema_name(&"a".repeat(61)).len(), NAME_LENGTH);
        assert_eq!(schema_name(&long).len(), NAME_LENGTH);
        assert_ne!(schema_name(&long), schema_name(&longer));
        assert_eq!(quoted("t_a\"b"), "\"t_a\"\"b\"");
    }
}
