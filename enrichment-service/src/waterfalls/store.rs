//! Waterfalls in the database.

use chrono::Utc;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use super::{
    api::WaterfallView,
    domain::{WaterfallFields, WaterfallType},
};
use crate::schema::enrichment_waterfalls::dsl;

/// Adds one.
pub async fn insert(
    tx: &mut TenantTx<'_>,
    fields: &WaterfallFields,
    by: Option<Uuid>,
) -> QueryResult<WaterfallView> {
    diesel::insert_into(dsl::enrichment_waterfalls)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by),
            fields,
        ))
        .returning(WaterfallView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one; each change is a version.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &WaterfallFields) -> QueryResult<WaterfallView> {
    diesel::update(dsl::enrichment_waterfalls.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(WaterfallView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// The default one of a type.
pub async fn default(tx: &mut TenantTx<'_>, kind: WaterfallType) -> QueryResult<Option<WaterfallView>> {
    dsl::enrichment_waterfalls
        .filter(dsl::enrichment_type.eq(kind).and(dsl::is_default).and(dsl::deleted_at.is_null()))
        .select(WaterfallView::as_select())
        .first(&mut **tx)
        .await
        .optional()
}

/// Takes from all others of the type what makes them the default one. Gives them as they were and as they are.
pub async fn take_default(
    tx: &mut TenantTx<'_>,
    kind: WaterfallType,
    except: Option<Uuid>,
) -> QueryResult<Vec<(WaterfallView, WaterfallView)>> {
    let others = dsl::enrichment_waterfalls
        .filter(dsl::enrichment_type.eq(kind).and(dsl::is_default).and(dsl::deleted_at.is_null()))
        .filter(dsl::id.ne(except.unwrap_or_default()));
    let after: Vec<WaterfallView> = diesel::update(others)
        .set((dsl::is_default.eq(false), dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(WaterfallView::as_returning())
        .get_results(&mut **tx)
        .await?;
    Ok(after
        .into_iter()
        .map(|after| {
            let before = WaterfallView { is_default: true, version: after.version - 1, ..after.clone() };
            (before, after)
        })
        .collect())
}

/// One that is there.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<Option<WaterfallView>> {
    dsl::enrichment_waterfalls
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(WaterfallView::as_select())
        .first(&mut **tx)
        .await
        .optional()
}
