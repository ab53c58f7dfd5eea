//! The outcomes of an import's rows in the database: exactly one for each.

use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Array, BigInt, Bool, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx, Visibility};
use serde_json::Value;
use uuid::Uuid;

/// The outcome of one row.
#[derive(Clone, Debug, Default)]
pub struct RowOutcome {
    /// Its number, from 1, the heading not counted.
    pub line: i32,
    /// The line of the file on which it begins.
    pub place: i64,
    /// `created`, `updated`, `duplicate` or `error`.
    pub outcome: &'static str,
    /// The lead.
    pub lead: Option<Uuid>,
    /// The field by which the person was known.
    pub matched_by: Option<&'static str>,
    /// Fields of an updated lead before.
    pub before: Option<Value>,
    /// And after.
    pub after: Option<Value>,
    /// The cells of a row with faults.
    pub cells: Option<Vec<String>>,
    /// Its faults.
    pub errors: Option<Value>,
    /// Cells that could not be read.
    pub warnings: Option<Value>,
}

/// Notes the outcomes of rows; a row has one. Gives how many had none before.
pub async fn keep_rows(tx: &mut TenantTx<'_>, import: Uuid, rows: &[RowOutcome]) -> QueryResult<usize> {
    let texts = |pick: fn(&RowOutcome) -> &Option<Value>| -> Vec<Option<&Value>> {
        rows.iter().map(|row| pick(row).as_ref()).collect()
    };
    // PostgreSQL has no arrays of arrays of different lengths: cells travel as JSON.
    let cells: Vec<Option<Value>> =
        rows.iter().map(|row| row.cells.as_ref().map(|cells| serde_json::json!(cells))).collect();
    diesel::sql_query(
        "INSERT INTO import_rows (tenant_id, import_id, line, place, outcome, lead_id, matched_by, before, after, errors, \
         warnings, cells) SELECT $1, $2, r.line, r.place, r.outcome, r.lead, r.matched_by, r.before, r.after, r.errors, \
         r.warnings, CASE WHEN r.cells IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(r.cells)) END \
         FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         AS r(line, place, outcome, lead, matched_by, before, after, errors, warnings, cells) \
         ON CONFLICT (import_id, line) DO NOTHING",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(import)
    .bind::<Array<Integer>, _>(rows.iter().map(|row| row.line).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.place).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|row| row.outcome).collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(rows.iter().map(|row| row.lead).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.matched_by).collect::<Vec<_>>())
    .bind::<Array<Nullable<Jsonb>>, _>(texts(|row| &row.before))
    .bind::<Array<Nullable<Jsonb>>, _>(texts(|row| &row.after))
    .bind::<Array<Nullable<Jsonb>>, _>(texts(|row| &row.errors))
    .bind::<Array<Nullable<Jsonb>>, _>(texts(|row| &row.warnings))
    .bind::<Array<Nullable<Jsonb>>, _>(cells)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Forgets what would become of rows that are looked at again.
pub async fn forget_rows(tx: &mut TenantTx<'_>, import: Uuid) -> QueryResult<usize> {
    diesel::sql_query("DELETE FROM import_rows WHERE import_id = $1")
        .bind::<SqlUuid, _>(import)
        .cached()
        .execute(&mut **tx)
        .await
}

/// A row with an effect to undo.
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

/// The last rows with an effect, in reverse order of the changes.
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

/// Whether a lead is more than what an import made of it: it was changed beside its score, converted or merged by another
/// request, or a task, an activity, a deal or a contact names it.
pub async fn is_worked_on(
    tx: &mut TenantTx<'_>,
    lead: Uuid,
    import_request: Option<&str>,
) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Bool)]
        found: bool,
    }
    let Found { found } = diesel::sql_query(
        "SELECT EXISTS (SELECT FROM events WHERE entity_type = 'Lead' AND entity_id = $1 AND action <> 'CREATE' \
         AND ($2 IS NULL OR request_id IS DISTINCT FROM $2) \
         AND NOT (changed_fields <> '{}' AND changed_fields <@ '{score,score_breakdown,persona}')) \
         OR EXISTS (SELECT FROM tasks WHERE entity_type = 'lead' AND entity_id = $1 AND deleted_at IS NULL) \
         OR EXISTS (SELECT FROM activities WHERE lead_id = $1 AND deleted_at IS NULL) \
         OR EXISTS (SELECT FROM deals WHERE lead_id = $1 AND deleted_at IS NULL) \
         OR EXISTS (SELECT FROM contacts WHERE lead_id = $1 AND deleted_at IS NULL) AS found",
    )
    .bind::<SqlUuid, _>(lead)
    .bind::<Nullable<Text>, _>(import_request)
    .cached()
    .get_result(&mut **tx)
    .await?;
    Ok(found)
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

/// A row with what became of it.
#[derive(Debug, QueryableByName)]
pub struct ListedRow {
    /// Its number.
    #[diesel(sql_type = Integer)]
    pub line: i32,
    /// The line of the file on which it begins.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub place: Option<i64>,
    /// Its outcome.
    #[diesel(sql_type = Text)]
    pub outcome: String,
    /// The lead, where it is seen.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub lead: Option<Uuid>,
    /// The field by which the person was known.
    #[diesel(sql_type = Nullable<Text>)]
    pub matched_by: Option<String>,
    /// Cells that could not be read.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub warnings: Option<Value>,
    /// Its faults.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub errors: Option<Value>,
}

/// A stretch of an import's rows.
#[derive(Clone, Copy, Debug)]
pub struct Stretch<'a> {
    /// Only those of which this became.
    pub outcome: Option<&'a str>,
    /// Only those with warnings, or without.
    pub warned: Option<bool>,
    /// Rows that are passed over.
    pub offset: i64,
    /// Rows that are given at most.
    pub limit: i64,
}

/// Rows in the order of the file, and how many there are in all. Leads that are not seen are not named.
pub async fn listed(
    tx: &mut TenantTx<'_>,
    import: Uuid,
    stretch: Stretch<'_>,
    visibility: &Visibility,
) -> QueryResult<(i64, Vec<ListedRow>)> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let people = match visibility {
        Visibility::All => None,
        Visibility::Of(people) => Some(people),
    };
    let Counted { count } = diesel::sql_query(
        "SELECT count(*) AS count FROM import_rows WHERE import_id = $1 AND ($2 IS NULL OR outcome = $2) \
         AND ($3 IS NULL OR (warnings IS NOT NULL) = $3)",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<Nullable<Text>, _>(stretch.outcome)
    .bind::<Nullable<Bool>, _>(stretch.warned)
    .cached()
    .get_result(&mut **tx)
    .await?;
    let rows = diesel::sql_query(
        "SELECT r.line, r.place, r.outcome, CASE WHEN $6 IS NULL OR EXISTS (SELECT FROM leads l WHERE l.id = r.lead_id \
         AND (l.assigned_to = ANY($6) OR l.created_by = ANY($6))) THEN r.lead_id END AS lead, r.matched_by, r.warnings, \
         r.errors FROM import_rows r WHERE r.import_id = $1 AND ($2 IS NULL OR r.outcome = $2) \
         AND ($3 IS NULL OR (r.warnings IS NOT NULL) = $3) ORDER BY r.line OFFSET $4 LIMIT $5",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<Nullable<Text>, _>(stretch.outcome)
    .bind::<Nullable<Bool>, _>(stretch.warned)
    .bind::<BigInt, _>(stretch.offset)
    .bind::<BigInt, _>(stretch.limit)
    .bind::<Nullable<Array<SqlUuid>>, _>(people)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok((count, rows))
}
