//! The outcomes of an import's rows in the database: exactly one for each.

use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Array, Bool, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx, Visibility};
use serde_json::Value;
use uuid::Uuid;

/// The outcome of one row.
#[derive(Clone, Debug, Default)]
pub struct RowOutcome {
    /// Its number, from 1, the header not counted.
    pub line: i32,
    /// `created`, `updated`, `duplicate` or `error`.
    pub outcome: &'static str,
    /// The lead.
    pub lead: Option<Uuid>,
    /// Fields of an updated lead before.
    pub before: Option<Value>,
    /// And after.
    pub after: Option<Value>,
    /// The cells of a row with faults.
    pub cells: Option<Vec<String>>,
    /// Its faults.
    pub errors: Option<Value>,
}

/// Notes the outcome of a row; a row has one, and 0 is given when it had one before.
pub async fn keep_row(tx: &mut TenantTx<'_>, import: Uuid, row: &RowOutcome) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO import_rows (tenant_id, import_id, line, outcome, lead_id, before, after, cells, errors) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (import_id, line) DO NOTHING",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(import)
    .bind::<Integer, _>(row.line)
    .bind::<Text, _>(row.outcome)
    .bind::<Nullable<SqlUuid>, _>(row.lead)
    .bind::<Nullable<Jsonb>, _>(row.before.as_ref())
    .bind::<Nullable<Jsonb>, _>(row.after.as_ref())
    .bind::<Nullable<Array<Text>>, _>(row.cells.as_ref())
    .bind::<Nullable<Jsonb>, _>(row.errors.as_ref())
    .cached()
    .execute(&mut **tx)
    .await
}

/// A row whose effect is to be taken back.
#[derive(Debug, QueryableByName)]
pub struct WrittenRow {
    /// Its number.
    #[diesel(sql_type = Integer)]
    pub line: i32,
    /// The lead.
    #[diesel(sql_type = SqlUuid)]
    pub lead_id: Uuid,
    /// Fields before, of an updated one.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub before: Option<Value>,
    /// And after.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub after: Option<Value>,
}

/// The last rows whose effect stands; a row that changed a lead later than another is taken back before it.
pub async fn written_rows(tx: &mut TenantTx<'_>, import: Uuid, most: i32) -> QueryResult<Vec<WrittenRow>> {
    diesel::sql_query(
        "SELECT line, lead_id, before, after FROM import_rows WHERE import_id = $1 AND NOT undone \
         AND outcome IN ('created', 'updated') ORDER BY line DESC LIMIT $2",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<Integer, _>(most)
    .cached()
    .load(&mut **tx)
    .await
}

/// Whether the effect of a row stands on a lead that is not seen.
pub async fn any_unseen(tx: &mut TenantTx<'_>, import: Uuid, visibility: &Visibility) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Bool)]
        found: bool,
    }
    let Visibility::Of(people) = visibility else { return Ok(false) };
    let Found { found } = diesel::sql_query(
        "SELECT EXISTS (SELECT FROM import_rows r JOIN leads l ON l.id = r.lead_id WHERE r.import_id = $1 \
         AND NOT r.undone AND r.outcome IN ('created', 'updated') AND l.deleted_at IS NULL \
         AND (l.assigned_to = ANY($2)) IS NOT TRUE AND (l.created_by = ANY($2)) IS NOT TRUE) AS found",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<Array<SqlUuid>, _>(people)
    .cached()
    .get_result(&mut **tx)
    .await?;
    Ok(found)
}

/// Notes that rows were taken back.
pub async fn set_rows_undone(tx: &mut TenantTx<'_>, import: Uuid, lines: &[i32]) -> QueryResult<usize> {
    diesel::sql_query("UPDATE import_rows SET undone = true WHERE import_id = $1 AND line = ANY($2)")
        .bind::<SqlUuid, _>(import)
        .bind::<Array<Integer>, _>(lines)
        .cached()
        .execute(&mut **tx)
        .await
}

/// A row with faults.
#[derive(Debug, QueryableByName)]
pub struct FaultyRow {
    /// Its number.
    #[diesel(sql_type = Integer)]
    pub line: i32,
    /// Its cells.
    #[diesel(sql_type = Array<Text>)]
    pub cells: Vec<String>,
    /// Its faults.
    #[diesel(sql_type = Jsonb)]
    pub errors: Value,
}

/// All rows with faults.
pub async fn faulty_rows(tx: &mut TenantTx<'_>, import: Uuid) -> QueryResult<Vec<FaultyRow>> {
    diesel::sql_query(
        "SELECT line, coalesce(cells, '{}') AS cells, coalesce(errors, '[]') AS errors FROM import_rows \
         WHERE import_id = $1 AND outcome = 'error' ORDER BY line",
    )
    .bind::<SqlUuid, _>(import)
    .cached()
    .load(&mut **tx)
    .await
}
