//! Reports on the wire.

use chrono::NaiveDate;
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Double, Integer, Nullable, Numeric, Text, Uuid as SqlUuid},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    money::Money,
    sales::{DealView, PipelineView, StageKind, StageView},
};

/// How much of a board.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BoardQuery {
    /// Deals shown of each stage, newest first; 50 unless given.
    #[schema(minimum = 1, maximum = 200)]
    pub page_size: Option<i64>,
}

/// Which deals a report is about.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportQuery {
    /// Those of this pipeline.
    pub pipeline_id: Option<Uuid>,
    /// From this day on, in the tenant's time zone.
    #[schema(value_type = Option<String>, format = "date")]
    pub from: Option<NaiveDate>,
    /// Until this day, itself included.
    #[schema(value_type = Option<String>, format = "date")]
    pub to: Option<NaiveDate>,
}

/// A sum of deals in one currency.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Total {
    /// The currency.
    pub currency: String,
    /// How many deals.
    pub count: i64,
    /// What they are worth.
    pub value: Money,
    /// What they are worth by the chance of winning each.
    pub weighted_value: Money,
}

/// A pipeline with its deals.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardView {
    /// The pipeline.
    pub pipeline: PipelineView,
    /// Its stages in order.
    pub stages: Vec<BoardStage>,
}

/// A stage with its deals.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardStage {
    /// The stage.
    #[serde(flatten)]
    pub stage: StageView,
    /// How many deals are in it.
    pub count: i64,
    /// What they are worth, by currency.
    pub totals: Vec<Total>,
    /// The newest of them.
    pub deals: Vec<DealView>,
}

/// The forecast: open value by month and owner.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ForecastView {
    /// By month, owner and currency.
    pub results: Vec<ForecastRow>,
    /// All of them, by currency.
    pub totals: Vec<Total>,
}

/// Open deals of one owner that should close in one month.
#[derive(Clone, Debug, Serialize, ToSchema, QueryableByName)]
pub struct ForecastRow {
    /// Month, such as `2026-01`; none for deals without an expected close date.
    #[diesel(sql_type = Nullable<Text>)]
    pub month: Option<String>,
    /// Owner; none for unassigned deals.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub owner: Option<Uuid>,
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

/// How far the deals of a pipeline have come.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FunnelView {
    /// The pipeline.
    pub pipeline_id: Uuid,
    /// Its stages in order.
    pub stages: Vec<FunnelStage>,
    /// How many deals there are.
    pub total: i64,
    /// How many are open.
    pub open: i64,
    /// How many were won.
    pub won: i64,
    /// How many were lost.
    pub lost: i64,
    /// Won of those that ended, from 0 to 1; none when none ended.
    pub win_rate: Option<f64>,
}

/// How many of the deals that ended were won.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WinRateView {
    /// By the month of their end and by owner.
    pub results: Vec<WinRateRow>,
    /// All of them.
    pub total: WinRate,
    /// Why deals were lost, the most frequent reason first.
    pub lost_reasons: Vec<LostReason>,
}

/// Deals that ended.
#[derive(Clone, Copy, Debug, Serialize, ToSchema, QueryableByName)]
pub struct WinRate {
    /// How many were won.
    #[diesel(sql_type = BigInt)]
    pub won: i64,
    /// How many were lost.
    #[diesel(sql_type = BigInt)]
    pub lost: i64,
    /// Won of those that ended, from 0 to 1; none when none ended.
    #[diesel(sql_type = Nullable<Double>)]
    pub win_rate: Option<f64>,
    /// Days from its beginning until a deal was won, on average.
    #[diesel(sql_type = Nullable<Double>)]
    pub days_to_win: Option<f64>,
}

/// Deals of one owner that ended in one month.
#[derive(Clone, Debug, Serialize, ToSchema, QueryableByName)]
pub struct WinRateRow {
    /// Month, such as `2026-01`.
    #[diesel(sql_type = Text)]
    pub month: String,
    /// Owner; none for unassigned deals.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub owner: Option<Uuid>,
    /// How they ended.
    #[serde(flatten)]
    #[diesel(embed)]
    pub rate: WinRate,
}

/// A reason for which deals were lost.
#[derive(Clone, Debug, Serialize, ToSchema, QueryableByName)]
pub struct LostReason {
    /// The reason as it was written; none where none was given.
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    /// How many deals.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// One stage of a funnel.
#[derive(Clone, Debug, Serialize, ToSchema, QueryableByName)]
pub struct FunnelStage {
    /// The stage.
    #[diesel(sql_type = SqlUuid)]
    pub stage_id: Uuid,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Its place.
    #[diesel(sql_type = Integer)]
    pub order: i32,
    /// Whether deals in it are open, won or lost.
    #[diesel(sql_type = Text)]
    pub kind: StageKind,
    /// Deals that came so far, now or before.
    #[diesel(sql_type = BigInt)]
    pub reached: i64,
    /// Deals that are in it now.
    #[diesel(sql_type = BigInt)]
    pub current: i64,
}
