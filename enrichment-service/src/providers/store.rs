//! Providers in the database.

use chrono::{DateTime, Utc};
use contracts::UserId;
use diesel::PgExpressionMethods;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, Queryable,
    Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use serde_json::Value;
use uuid::Uuid;

use super::{
    api::ProviderView,
    domain::{Provider, ProviderFields, ProviderKind, ProviderStatus},
};
use crate::{
    money::Amount,
    schema::{enrichment_providers, enrichment_providers::dsl},
};

/// Adds one with its sealed credentials.
pub async fn insert(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    fields: &ProviderFields,
    sealed: Option<&[u8]>,
    by: UserId,
) -> QueryResult<ProviderView> {
    diesel::insert_into(dsl::enrichment_providers)
        .values((
            dsl::id.eq(id),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::credentials.eq(sealed),
            dsl::created_by.eq(by.0),
            fields,
        ))
        .returning(ProviderView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Adds the website that a tenant starts with, unless it ever had it.
pub async fn insert_first(tx: &mut TenantTx<'_>) -> QueryResult<Option<ProviderView>> {
    diesel::insert_into(dsl::enrichment_providers)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::kind.eq(ProviderKind::Website),
            dsl::name.eq("Website"),
            dsl::is_first.eq(true),
        ))
        .on_conflict_do_nothing()
        .returning(ProviderView::as_returning())
        .get_result(&mut **tx)
        .await
        .optional()
}

/// The change of the sealed credentials; none leaves them.
pub type Sealing = Option<Option<Vec<u8>>>;

/// Writes one. A new setup is asked again, whatever it was paused for.
pub async fn update(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    fields: &ProviderFields,
    sealed: Sealing,
    is_new_setup: bool,
) -> QueryResult<ProviderView> {
    diesel::update(dsl::enrichment_providers.filter(dsl::id.eq(id)))
        .set((
            fields,
            sealed.map(|sealed| dsl::credentials.eq(sealed)),
            is_new_setup.then_some((
                dsl::setup_version.eq(dsl::setup_version + 1),
                dsl::status.eq(ProviderStatus::Ok),
                dsl::status_reason.eq(None::<String>),
                dsl::open_until.eq(None::<DateTime<Utc>>),
            )),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(ProviderView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Says whether one is asked, if that is news and its setup is still this one.
pub async fn set_status(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    setup_version: i32,
    status: ProviderStatus,
    reason: Option<&str>,
    open_until: Option<DateTime<Utc>>,
) -> QueryResult<Option<ProviderView>> {
    let row = dsl::enrichment_providers
        .filter(dsl::id.eq(id).and(dsl::setup_version.eq(setup_version)))
        .filter(dsl::status.ne(status).or(dsl::open_until.is_distinct_from(open_until)));
    diesel::update(row)
        .set((
            dsl::status.eq(status),
            dsl::status_reason.eq(reason),
            dsl::open_until.eq(open_until),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(ProviderView::as_returning())
        .get_result(&mut **tx)
        .await
        .optional()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = enrichment_providers, check_for_backend(diesel::pg::Pg))]
struct Row {
    id: Uuid,
    kind: ProviderKind,
    name: String,
    base_url: Option<String>,
    credentials: Option<Vec<u8>>,
    config: Value,
    enabled: bool,
    max_per_second: Option<f64>,
    max_concurrency: Option<i32>,
    timeout_ms: Option<i32>,
    monthly_budget: Option<Amount>,
    price_per_call: Option<Amount>,
    price_per_hit: Option<Amount>,
    price_in: Option<Amount>,
    price_out: Option<Amount>,
    status: ProviderStatus,
    open_until: Option<DateTime<Utc>>,
    setup_version: i32,
}

impl From<Row> for Provider {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            name: row.name,
            base_url: row.base_url,
            credentials: row.credentials,
            config: row.config,
            enabled: row.enabled,
            max_per_second: row.max_per_second,
            max_concurrency: row.max_concurrency,
            timeout_ms: row.timeout_ms,
            monthly_budget: row.monthly_budget,
            price_per_call: row.price_per_call.unwrap_or_default(),
            price_per_hit: row.price_per_hit.unwrap_or_default(),
            price_in: row.price_in.unwrap_or_default(),
            price_out: row.price_out.unwrap_or_default(),
            status: row.status,
            open_until: row.open_until,
            setup_version: row.setup_version,
        }
    }
}

/// One to be asked.
pub async fn to_ask(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<Provider> {
    dsl::enrichment_providers
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(Row::as_select())
        .first(&mut **tx)
        .await
        .map(Provider::from)
}

/// All that can be asked, in the order in which they were added.
pub async fn all_to_ask(tx: &mut TenantTx<'_>) -> QueryResult<Vec<Provider>> {
    let rows: Vec<Row> = dsl::enrichment_providers
        .filter(dsl::deleted_at.is_null())
        .order((dsl::created_at, dsl::id))
        .select(Row::as_select())
        .load(&mut **tx)
        .await?;
    Ok(rows.into_iter().map(Provider::from).collect())
}

/// The ids of those that are there.
pub async fn known(tx: &mut TenantTx<'_>, ids: &[Uuid]) -> QueryResult<Vec<Uuid>> {
    dsl::enrichment_providers
        .filter(dsl::id.eq_any(ids).and(dsl::deleted_at.is_null()))
        .select(dsl::id)
        .load(&mut **tx)
        .await
}
