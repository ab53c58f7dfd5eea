//! Owners in the database.

use diesel::{
    OptionalExtension, QueryResult, QueryableByName,
    sql_types::{Array, Nullable, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    db::{Cacheable, TenantTx},
    http::list::Listing,
};
use uuid::Uuid;

use super::domain::expression;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Array<Nullable<SqlUuid>>)]
    owners: Vec<Option<Uuid>>,
}

/// The owners of a record, each once; none when there is no such record. The names in the query are constants.
pub async fn find(tx: &mut TenantTx<'_>, listing: &Listing, id: Uuid) -> QueryResult<Option<Vec<Uuid>>> {
    let owners: Vec<String> = listing.owners.iter().map(|owner| expression(owner)).collect();
    let alive = if listing.soft_delete { "AND r.deleted_at IS NULL" } else { "" };
    let query = format!(
        "SELECT ARRAY[{}]::uuid[] AS owners FROM {} r WHERE r.id = $1 {alive}",
        owners.join(", "),
        listing.table
    );
    let row: Option<Row> =
        diesel::sql_query(query).bind::<SqlUuid, _>(id).cached().get_result(&mut **tx).await.optional()?;
    Ok(row.map(|row| {
        let mut owners: Vec<Uuid> = row.owners.into_iter().flatten().collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }))
}
