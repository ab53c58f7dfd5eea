//! Customer segments in the database.

use std::sync::Arc;

use chrono::Utc;
use contracts::UserId;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{
        TenantTx, Visibility,
        list::{self, Restriction},
    },
    http::list::Criteria,
    zones::Tz,
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    api::SegmentView,
    domain::{SegmentFields, condition},
};
use crate::{customers::api::CustomerView, schema::customer_segments::dsl};

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &SegmentFields, by: UserId) -> QueryResult<SegmentView> {
    diesel::insert_into(dsl::customer_segments)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            fields,
        ))
        .returning(SegmentView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &SegmentFields) -> QueryResult<SegmentView> {
    diesel::update(dsl::customer_segments.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(SegmentView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// How many customers meet the criteria and are seen.
pub async fn count(
    tx: &mut TenantTx<'_>,
    criteria: &Value,
    visibility: &Visibility,
    zone: Tz,
) -> Result<i64, Problem> {
    let condition: Arc<dyn Restriction> = Arc::new(condition(criteria, zone)?);
    list::count::<CustomerView>(tx, visibility, condition).await
}

/// One stretch of the list of customers that meet the criteria and are seen.
pub async fn members(
    tx: &mut TenantTx<'_>,
    criteria: &Value,
    asked: &Arc<Criteria>,
    visibility: &Visibility,
    zone: Tz,
) -> Result<(Option<i64>, Vec<CustomerView>), Problem> {
    let condition: Arc<dyn Restriction> = Arc::new(condition(criteria, zone)?);
    list::load_where(tx, asked, visibility, Some(condition)).await
}
