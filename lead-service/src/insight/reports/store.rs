//! Reports in the database: sums over the deals that the reader may see.

use chrono::NaiveDate;
use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Array, BigInt, Date, Nullable, Numeric, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    db::{Cacheable, TenantTx, Visibility},
    zones::Tz,
};
use uuid::Uuid;

use super::api::{ForecastRow, FunnelStage, ReportQuery, WinRateView};
use crate::money::Money;

/// Deals of one stage in one currency.
#[derive(Clone, Debug, QueryableByName)]
pub struct StageTotal {
    /// The stage.
    #[diesel(sql_type = SqlUuid)]
    pub stage_id: Uuid,
    /// The currency.
    #[diesel(sql_type = Text)]
    pub currency: String,
    /// How many deals.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    /// What they are worth.
    #[diesel(sql_type = Numeric)]
    pub value: Money,
    /// What they are worth by the chance of winning each.
    #[diesel(sql_type = Numeric)]
    pub weighted_value: Money,
}

/// How the deals of a pipeline ended.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct Outcomes {
    /// How many are open.
    #[diesel(sql_type = BigInt)]
    pub open: i64,
    /// How many were won.
    #[diesel(sql_type = BigInt)]
    pub won: i64,
    /// How many were lost.
    #[diesel(sql_type = BigInt)]
    pub lost: i64,
}

/// The owners of visible deals; none for all.
fn people(visibility: &Visibility) -> Option<&[Uuid]> {
    match visibility {
        Visibility::All => None,
        Visibility::Of(people) => Some(people),
    }
}

const SEEN: &str = "deleted_at IS NULL AND ($1 IS NULL OR assigned_to = ANY($1) OR created_by = ANY($1))";
const SUMS: &str =
    "count(*) AS count, sum(value) AS value, sum(value * probability) * 0.01 AS weighted_value";

/// What the deals of a pipeline are worth, by stage and currency.
pub async fn stage_totals(
    tx: &mut TenantTx<'_>,
    pipeline: Uuid,
    visibility: &Visibility,
) -> QueryResult<Vec<StageTotal>> {
    let sql = format!(
        "SELECT stage_id, currency, {SUMS} FROM deals WHERE {SEEN} AND pipeline_id = $2 \
         GROUP BY stage_id, currency ORDER BY stage_id, currency"
    );
    let mut totals: Vec<StageTotal> = diesel::sql_query(sql)
        .bind::<Nullable<Array<SqlUuid>>, _>(people(visibility))
        .bind::<SqlUuid, _>(pipeline)
        .cached()
        .load(&mut **tx)
        .await?;
    for total in &mut totals {
        total.weighted_value = total.weighted_value.rounded(&total.currency);
    }
    Ok(totals)
}

/// Open deals by the month in which they should close, owner and currency.
pub async fn forecast(
    tx: &mut TenantTx<'_>,
    query: &ReportQuery,
    visibility: &Visibility,
) -> QueryResult<Vec<ForecastRow>> {
    let sql = format!(
        "SELECT to_char(expected_close_date, 'YYYY-MM') AS month, assigned_to AS owner, currency, {SUMS} \
         FROM deals WHERE {SEEN} AND status = 'open' AND ($2 IS NULL OR pipeline_id = $2) \
         AND ($3 IS NULL OR expected_close_date >= $3) AND ($4 IS NULL OR expected_close_date <= $4) \
         GROUP BY 1, 2, 3 ORDER BY 1 NULLS LAST, 2 NULLS LAST, 3"
    );
    let mut rows: Vec<ForecastRow> = diesel::sql_query(sql)
        .bind::<Nullable<Array<SqlUuid>>, _>(people(visibility))
        .bind::<Nullable<SqlUuid>, _>(query.pipeline_id)
        .bind::<Nullable<Date>, _>(query.from)
        .bind::<Nullable<Date>, _>(query.to)
        .cached()
        .load(&mut **tx)
        .await?;
    for row in &mut rows {
        row.weighted_value = row.weighted_value.rounded(&row.currency);
    }
    Ok(rows)
}

/// The deals of a pipeline that were added in a span of days of a time zone, as a table that a query begins with.
const ADDED: &str = "added AS (SELECT id, stage_id, status FROM deals WHERE {seen} AND pipeline_id = $2 \
    AND ($3 IS NULL OR created_at >= $3::timestamp AT TIME ZONE $5) \
    AND ($4 IS NULL OR created_at < ($4 + 1)::timestamp AT TIME ZONE $5))";

fn added() -> String {
    ADDED.replace("{seen}", SEEN)
}

/// How many deals came as far as each stage. A deal in a later open stage, or won, counts for all earlier
/// stages, even if it skipped them.
pub async fn funnel(
    tx: &mut TenantTx<'_>,
    pipeline: Uuid,
    days: (Option<NaiveDate>, Option<NaiveDate>),
    zone: Tz,
    visibility: &Visibility,
) -> QueryResult<Vec<FunnelStage>> {
    let sql = format!(
        "WITH {}, entered AS (SELECT DISTINCT e.entity_id, s.\"order\", s.kind FROM added \
         JOIN events e ON e.entity_type = 'Deal' AND e.entity_id = added.id \
         AND e.event_type IN ('Deal.CREATE', 'Deal.stage_id.UPDATE') \
         JOIN deal_stages s ON s.id = (e.current_state ->> 'stage_id')::uuid AND s.pipeline_id = $2) \
         SELECT s.id AS stage_id, s.name, s.\"order\", s.kind, \
         (SELECT count(DISTINCT n.entity_id) FROM entered n WHERE CASE s.kind WHEN 'open' \
         THEN n.kind = 'won' OR (n.kind = 'open' AND n.\"order\" >= s.\"order\") ELSE n.kind = s.kind END) AS reached, \
         (SELECT count(*) FROM added WHERE added.stage_id = s.id) AS current \
         FROM deal_stages s WHERE s.pipeline_id = $2 AND s.deleted_at IS NULL ORDER BY s.\"order\"",
        added()
    );
    diesel::sql_query(sql)
        .bind::<Nullable<Array<SqlUuid>>, _>(people(visibility))
        .bind::<SqlUuid, _>(pipeline)
        .bind::<Nullable<Date>, _>(days.0)
        .bind::<Nullable<Date>, _>(days.1)
        .bind::<Text, _>(zone.name())
        .cached()
        .load(&mut **tx)
        .await
}

/// How those deals stand.
pub async fn outcomes(
    tx: &mut TenantTx<'_>,
    pipeline: Uuid,
    days: (Option<NaiveDate>, Option<NaiveDate>),
    zone: Tz,
    visibility: &Visibility,
) -> QueryResult<Outcomes> {
    let sql = format!(
        "WITH {} SELECT count(*) FILTER (WHERE status = 'open') AS open, \
         count(*) FILTER (WHERE status = 'won') AS won, count(*) FILTER (WHERE status = 'lost') AS lost FROM added",
        added()
    );
    diesel::sql_query(sql)
        .bind::<Nullable<Array<SqlUuid>>, _>(people(visibility))
        .bind::<SqlUuid, _>(pipeline)
        .bind::<Nullable<Date>, _>(days.0)
        .bind::<Nullable<Date>, _>(days.1)
        .bind::<Text, _>(zone.name())
        .cached()
        .get_result(&mut **tx)
        .await
}

/// Deals that ended in a span of days of a time zone, as a table that a query begins with.
const ENDED: &str = "ended AS (SELECT assigned_to, status, lost_reason, created_at, coalesce(won_at, lost_at) AS at \
    FROM deals WHERE {seen} AND status IN ('won', 'lost') AND ($2 IS NULL OR pipeline_id = $2) \
    AND ($3 IS NULL OR coalesce(won_at, lost_at) >= $3::timestamp AT TIME ZONE $5) \
    AND ($4 IS NULL OR coalesce(won_at, lost_at) < ($4 + 1)::timestamp AT TIME ZONE $5))";
const RATES: &str = "count(*) FILTER (WHERE status = 'won') AS won, count(*) FILTER (WHERE status = 'lost') AS lost, \
    avg((status = 'won')::int)::float8 AS win_rate, \
    (avg(extract(epoch FROM at - created_at)) FILTER (WHERE status = 'won') / 86400)::float8 AS days_to_win";

/// Days and months are those of `zone`.
pub async fn win_rates(
    tx: &mut TenantTx<'_>,
    query: &ReportQuery,
    zone: Tz,
    visibility: &Visibility,
) -> QueryResult<WinRateView> {
    let ended = ENDED.replace("{seen}", SEEN);
    let results = format!(
        "WITH {ended} SELECT to_char(at AT TIME ZONE $5, 'YYYY-MM') AS month, assigned_to AS owner, {RATES} \
         FROM ended GROUP BY 1, 2 ORDER BY 1, 2 NULLS LAST"
    );
    let total = format!("WITH {ended} SELECT {RATES} FROM ended");
    let reasons = format!(
        "WITH {ended} SELECT lost_reason AS reason, count(*) AS count FROM ended WHERE status = 'lost' \
         GROUP BY 1 ORDER BY 2 DESC, 1 NULLS LAST LIMIT 20"
    );
    let bound = |sql: String| {
        diesel::sql_query(sql)
            .bind::<Nullable<Array<SqlUuid>>, _>(people(visibility))
            .bind::<Nullable<SqlUuid>, _>(query.pipeline_id)
            .bind::<Nullable<Date>, _>(query.from)
            .bind::<Nullable<Date>, _>(query.to)
            .bind::<Text, _>(zone.name())
            .cached()
    };
    Ok(WinRateView {
        results: bound(results).load(&mut **tx).await?,
        total: bound(total).get_result(&mut **tx).await?,
        lost_reasons: bound(reasons).load(&mut **tx).await?,
    })
}
