//! The records that one hangs on: it comes back only while they are there.

use contracts::problem::FieldError;
use diesel::{OptionalExtension, QueryableByName, sql_types::Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx},
};
use uuid::Uuid;

use super::Entity;

/// A record that another one hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    field: &'static str,
    table: &'static str,
    name: &'static str,
    id: Uuid,
}

impl Parent {
    /// The `E` that is named in `field`, if one is.
    pub(crate) fn of<E: Entity>(field: &'static str, id: Option<Uuid>) -> Option<Self> {
        Some(Self { field, table: E::LISTING.table, name: E::NAME, id: id? })
    }
}

/// 409 `parent_deleted` naming those that are not there. They are held until the transaction ends.
pub async fn check_there(tx: &mut TenantTx<'_>, parents: &[Parent]) -> Result<(), Problem> {
    #[derive(QueryableByName)]
    struct There {
        #[diesel(sql_type = SqlUuid)]
        #[expect(dead_code, reason = "that there is a row says all")]
        id: Uuid,
    }
    let mut gone = Vec::new();
    for parent in parents {
        let sql = format!("SELECT id FROM {} WHERE id = $1 AND deleted_at IS NULL FOR SHARE", parent.table);
        let there: Option<There> = diesel::sql_query(sql)
            .bind::<SqlUuid, _>(parent.id)
            .cached()
            .get_result(&mut **tx)
            .await
            .optional()?;
        if there.is_none() {
            gone.push(parent);
        }
    }
    let Some(first) = gone.as_slice().first() else { return Ok(()) };
    let name = first.name.to_lowercase();
    let detail = format!("It belongs to a deleted {name}. Restore the {name} first.");
    let fault = |parent: &&Parent| {
        let message = format!("names a deleted {}", parent.name.to_lowercase());
        FieldError::new(parent.field, "parent_deleted", message)
    };
    Err(Problem { errors: gone.iter().map(fault).collect(), ..Problem::conflict("parent_deleted", detail) })
}
