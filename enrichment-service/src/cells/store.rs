//! Cells in the database. Leads and accounts have a table each, alike but for the record's name.

use chrono::Utc;
use diesel::{
    OptionalExtension, QueryResult, QueryableByName,
    sql_types::{Bool, Double, Integer, Jsonb, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx};
use serde_json::Value;
use uuid::Uuid;

use super::{answering::NewCell, api::CellStatus};
use crate::{
    columns::{api::CustomColumnView, domain::ResponseType},
    waterfalls::domain::EntityType,
};

/// A cell before it is asked for again.
#[derive(Clone, Debug, QueryableByName)]
pub struct Known {
    /// Where it stands.
    #[diesel(sql_type = Text)]
    pub status: String,
    /// Digest of what the model was shown.
    #[diesel(sql_type = Nullable<Text>)]
    pub input_hash: Option<String>,
    /// Whether a person wrote it.
    #[diesel(sql_type = Bool)]
    pub pinned: bool,
    /// Whether the question is another one now.
    #[diesel(sql_type = Bool)]
    pub stale: bool,
}

impl Known {
    /// Whether it is settled for what the model would be shown: an answer, no answer, or a refusal.
    pub fn is_settled(&self, hash: &str) -> bool {
        let is_end = [CellStatus::Completed, CellStatus::Abstained, CellStatus::Refused]
            .iter()
            .any(|status| status.word() == self.status);
        is_end && !self.stale && self.input_hash.as_deref() == Some(hash)
    }
}

fn names(entity: EntityType) -> (&'static str, &'static str) {
    match entity {
        EntityType::Lead => ("lead_column_values", "lead_id"),
        EntityType::Account => ("account_column_values", "account_id"),
    }
}

/// The cell of a column and a record.
pub async fn known(
    tx: &mut TenantTx<'_>,
    column: &CustomColumnView,
    record: Uuid,
) -> QueryResult<Option<Known>> {
    let (table, name) = names(column.entity_type);
    diesel::sql_query(format!(
        "SELECT status, input_hash, pinned, stale FROM {table} WHERE column_id = $1 AND {name} = $2"
    ))
    .bind::<SqlUuid, _>(column.id)
    .bind::<SqlUuid, _>(record)
    .cached()
    .get_result(&mut **tx)
    .await
    .optional()
}

/// Says that a cell is being asked for. A value that it has stays; so does a settled cell until it is asked for again.
pub async fn begin(
    tx: &mut TenantTx<'_>,
    column: &CustomColumnView,
    record: Uuid,
    is_forced: bool,
) -> QueryResult<usize> {
    let (table, name) = names(column.entity_type);
    diesel::sql_query(format!(
        "INSERT INTO {table} AS c (id, tenant_id, column_id, {name}, status, prompt_version) \
         VALUES ($1, $2, $3, $4, 'processing', $5) \
         ON CONFLICT (tenant_id, column_id, {name}) DO UPDATE SET updated_at = now(), \
         status = CASE WHEN c.value IS NULL AND ($6 OR c.status NOT IN ('abstained', 'refused')) THEN 'processing' \
         ELSE c.status END WHERE NOT c.pinned"
    ))
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(column.id)
    .bind::<SqlUuid, _>(record)
    .bind::<Integer, _>(column.prompt_version)
    .bind::<Bool, _>(is_forced)
    .cached()
    .execute(&mut **tx)
    .await
}

/// The value in the column of its type.
struct Typed<'a> {
    string: Option<&'a str>,
    json: Option<&'a Value>,
    boolean: Option<bool>,
    number: Option<f64>,
}

fn typed(kind: ResponseType, value: Option<&Value>) -> Typed<'_> {
    let of = |is: bool| value.filter(|_| is);
    Typed {
        string: of(matches!(kind, ResponseType::String | ResponseType::Enum)).and_then(Value::as_str),
        json: of(kind == ResponseType::JsonObject),
        boolean: of(kind == ResponseType::Boolean).and_then(Value::as_bool),
        number: of(kind == ResponseType::Number).and_then(Value::as_f64),
    }
}

/// Writes what came of asking. A failed or invalid new answer keeps the last good value and says so. What a person wrote
/// stays.
pub async fn write(
    tx: &mut TenantTx<'_>,
    column: &CustomColumnView,
    cell: &NewCell,
    metadata: &Value,
) -> QueryResult<usize> {
    let (table, name) = names(column.entity_type);
    if matches!(cell.status, CellStatus::Completed | CellStatus::Abstained) {
        let value = typed(column.response_type, cell.value.as_ref());
        return diesel::sql_query(format!(
            "UPDATE {table} SET status = $3, value = $4, value_string = $5, value_json = $6, value_boolean = $7, \
             value_number = $8, confidence_score = $9, evidence = $10, prompt_version = $11, stale = false, model = $12, \
             tokens_in = $13, tokens_out = $14, cost = cost + $15, input_hash = $16, generated_at = $17, \
             generation_metadata = $18, error_details = NULL, last_error = NULL, version = version + 1, updated_at = now() \
             WHERE column_id = $1 AND {name} = $2 AND NOT pinned"
        ))
        .bind::<SqlUuid, _>(column.id)
        .bind::<SqlUuid, _>(cell.record)
        .bind::<Text, _>(cell.status.word())
        .bind::<Nullable<Jsonb>, _>(&cell.value)
        .bind::<Nullable<Text>, _>(value.string)
        .bind::<Nullable<Jsonb>, _>(value.json)
        .bind::<Nullable<Bool>, _>(value.boolean)
        .bind::<Nullable<Double>, _>(value.number)
        .bind::<Nullable<Double>, _>(cell.confidence)
        .bind::<Jsonb, _>(Value::Array(cell.evidence.clone()))
        .bind::<Integer, _>(column.prompt_version)
        .bind::<Nullable<Text>, _>(&cell.model)
        .bind::<Nullable<Integer>, _>(cell.tokens_in)
        .bind::<Nullable<Integer>, _>(cell.tokens_out)
        .bind::<Numeric, _>(cell.cost)
        .bind::<Nullable<Text>, _>(&cell.hash)
        .bind::<Timestamptz, _>(Utc::now())
        .bind::<Jsonb, _>(metadata)
        .cached()
        .execute(&mut **tx)
        .await;
    }
    // A refusal of what the model would be shown again is not asked for again.
    let hash = cell.hash.as_ref().filter(|_| cell.status == CellStatus::Refused);
    diesel::sql_query(format!(
        "UPDATE {table} SET status = CASE WHEN value IS NULL THEN $3 ELSE status END, \
         error_details = CASE WHEN value IS NULL THEN $4 ELSE error_details END, last_error = $4, \
         input_hash = coalesce($5, input_hash), model = coalesce($6, model), tokens_in = coalesce($7, tokens_in), \
         tokens_out = coalesce($8, tokens_out), cost = cost + $9, generation_metadata = $10, version = version + 1, \
         prompt_version = CASE WHEN value IS NULL THEN $11 ELSE prompt_version END, \
         stale = CASE WHEN value IS NULL THEN false ELSE stale END, \
         updated_at = now() WHERE column_id = $1 AND {name} = $2 AND NOT pinned"
    ))
    .bind::<SqlUuid, _>(column.id)
    .bind::<SqlUuid, _>(cell.record)
    .bind::<Text, _>(cell.status.word())
    .bind::<Nullable<Jsonb>, _>(&cell.error)
    .bind::<Nullable<Text>, _>(hash)
    .bind::<Nullable<Text>, _>(&cell.model)
    .bind::<Nullable<Integer>, _>(cell.tokens_in)
    .bind::<Nullable<Integer>, _>(cell.tokens_out)
    .bind::<Numeric, _>(cell.cost)
    .bind::<Jsonb, _>(metadata)
    .bind::<Integer, _>(column.prompt_version)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Writes what a person says, and pins it.
pub async fn pin(
    tx: &mut TenantTx<'_>,
    column: &CustomColumnView,
    cell: Uuid,
    value: Option<&Value>,
    by: Uuid,
) -> QueryResult<usize> {
    let (table, _) = names(column.entity_type);
    let parts = typed(column.response_type, value);
    diesel::sql_query(format!(
        "UPDATE {table} SET status = 'completed', value = $2, value_string = $3, value_json = $4, value_boolean = $5, \
         value_number = $6, confidence_score = NULL, evidence = '[]', prompt_version = $7, stale = false, pinned = true, \
         error_details = NULL, last_error = NULL, generation_metadata = jsonb_build_object('written_by', $8::text), \
         version = version + 1, updated_at = now() WHERE id = $1"
    ))
    .bind::<SqlUuid, _>(cell)
    .bind::<Nullable<Jsonb>, _>(value)
    .bind::<Nullable<Text>, _>(parts.string)
    .bind::<Nullable<Jsonb>, _>(parts.json)
    .bind::<Nullable<Bool>, _>(parts.boolean)
    .bind::<Nullable<Double>, _>(parts.number)
    .bind::<Integer, _>(column.prompt_version)
    .bind::<Text, _>(by.to_string())
    .cached()
    .execute(&mut **tx)
    .await
}
