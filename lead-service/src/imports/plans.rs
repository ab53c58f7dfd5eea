//! SQL of an import's plan.

use diesel::{
    OptionalExtension, QueryResult, QueryableByName,
    sql_types::{BigInt, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::{
    columns,
    settings::{ImportSettings, UpdateBy},
    survey::Survey,
};

/// A value as it is stored.
pub fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// The plan of an import as it is stored.
#[derive(QueryableByName)]
struct KeptPlan {
    #[diesel(sql_type = Jsonb)]
    layout: Value,
    #[diesel(sql_type = Jsonb)]
    columns: Value,
    #[diesel(sql_type = Jsonb)]
    settings: Value,
    #[diesel(sql_type = Jsonb)]
    warnings: Value,
    #[diesel(sql_type = Nullable<BigInt>)]
    rows_estimate: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    headings: Option<String>,
}

/// The file of an import as it was taken, and its settings; none for one that an earlier release took in.
pub async fn read(tx: &mut TenantTx<'_>, import: Uuid) -> QueryResult<Option<(Survey, ImportSettings)>> {
    let kept: KeptPlan = diesel::sql_query(
        "SELECT layout, columns, settings, warnings, rows_estimate, headings FROM imports WHERE id = $1",
    )
    .bind::<SqlUuid, _>(import)
    .cached()
    .get_result(&mut **tx)
    .await?;
    let Ok(layout) = serde_json::from_value(kept.layout) else { return Ok(None) };
    let survey = Survey {
        layout,
        columns: serde_json::from_value(kept.columns).unwrap_or_default(),
        warnings: serde_json::from_value(kept.warnings).unwrap_or_default(),
        rows_estimate: kept.rows_estimate,
        headings: kept.headings.unwrap_or_default(),
    };
    Ok(Some((survey, serde_json::from_value(kept.settings).unwrap_or_default())))
}

/// Keeps what an import is to be read by from now on.
pub async fn set(
    tx: &mut TenantTx<'_>,
    import: Uuid,
    survey: &Survey,
    settings: &ImportSettings,
) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE imports SET layout = $2, columns = $3, settings = $4, warnings = $5, rows_estimate = $6, headings = $7, \
         mapping = $8, update_by = $9, duplicate_policy = $10, format = $11, updated_at = now() WHERE id = $1",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<Jsonb, _>(json(&survey.layout))
    .bind::<Jsonb, _>(json(&survey.columns))
    .bind::<Jsonb, _>(json(settings))
    .bind::<Jsonb, _>(json(&survey.warnings))
    .bind::<Nullable<BigInt>, _>(survey.rows_estimate)
    .bind::<Text, _>(&survey.headings)
    .bind::<Jsonb, _>(columns::mapping(&survey.columns))
    .bind::<Nullable<Text>, _>(settings.update_by.map(UpdateBy::word))
    .bind::<Text, _>(settings.policy().word())
    .bind::<Text, _>(survey.layout.format.word())
    .cached()
    .execute(&mut **tx)
    .await
}

/// The settings of the last file with these headings that was mapped by hand.
pub async fn remembered(tx: &mut TenantTx<'_>, headings: &str) -> QueryResult<Option<ImportSettings>> {
    #[derive(QueryableByName)]
    struct Kept {
        #[diesel(sql_type = Jsonb)]
        settings: Value,
    }
    let kept: Option<Kept> = diesel::sql_query(
        "SELECT settings FROM imports WHERE tenant_id = $1 AND headings = $2 AND settings ? 'mapping' \
         ORDER BY created_at DESC LIMIT 1",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Text, _>(headings)
    .cached()
    .get_result(&mut **tx)
    .await
    .optional()?;
    Ok(kept.and_then(|kept| serde_json::from_value(kept.settings).ok()))
}
