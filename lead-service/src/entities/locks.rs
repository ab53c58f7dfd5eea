//! Order of locks: what a transaction that locks several records locks first.
//!
//! The playbook, a handover, leads, tasks, activities, deals, contacts, customers, and rows of one kind by their ids. A lead
//! comes before the records that name it, because merges and conversions begin with leads. Two transactions that keep to the
//! order wait for one another; of two that do not, PostgreSQL ends one (`40P01`). A reference to a lead locks it, too, when
//! the row that has it is written.

use diesel::{QueryResult, sql_types::Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx};
use uuid::Uuid;

use super::Entity;

/// The column in which a record refers to a lead; tasks name theirs without a reference.
const REFERENCE: &str = "lead_id";

/// Holds the lead that an `E` is about to refer to, or the one it was merged into, as the reference does.
pub(super) async fn hold_named<E: Entity>(tx: &mut TenantTx<'_>, lead: Option<Uuid>) -> QueryResult<()> {
    let Some(lead) = lead.filter(|_| E::NAMING_LEADS.contains(&REFERENCE)) else { return Ok(()) };
    diesel::sql_query(
        "SELECT id FROM leads WHERE id = coalesce((SELECT m.merged_into FROM leads m WHERE m.id = $1), $1) \
         FOR KEY SHARE",
    )
    .bind::<SqlUuid, _>(lead)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Holds the lead that a deleted `E` names against changes, as what it comes back to ([`super::check_there`]).
pub(super) async fn hold_lead_of<E: Entity>(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<()> {
    let Some(column) = E::NAMING_LEADS.iter().find(|column| **column != "id") else { return Ok(()) };
    let table = E::LISTING.table;
    diesel::sql_query(format!(
        "SELECT id FROM leads WHERE id = (SELECT r.{column} FROM {table} r WHERE r.id = $1) FOR SHARE"
    ))
    .bind::<SqlUuid, _>(id)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(())
}
