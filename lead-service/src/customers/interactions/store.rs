//! Customer interactions in the database.

use chrono::Utc;
use contracts::UserId;
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use super::{api::InteractionView, domain::InteractionFields};
use crate::schema::customer_interactions::dsl;

/// Adds one.
pub async fn insert(
    tx: &mut TenantTx<'_>,
    fields: &InteractionFields,
    by: UserId,
) -> QueryResult<InteractionView> {
    diesel::insert_into(dsl::customer_interactions)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            dsl::user_id.eq(by.0),
            fields,
        ))
        .returning(InteractionView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    fields: &InteractionFields,
) -> QueryResult<InteractionView> {
    diesel::update(dsl::customer_interactions.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(InteractionView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Those that were deleted together with their customer.
pub async fn deleted_with_customer(
    tx: &mut TenantTx<'_>,
    customer: Uuid,
) -> QueryResult<Vec<InteractionView>> {
    use crate::schema::customers;
    let deletion = customers::table.filter(customers::id.eq(customer)).select(customers::deleted_at);
    dsl::customer_interactions
        .filter(dsl::customer_id.eq(customer))
        .filter(dsl::deleted_at.is_not_null().and(dsl::deleted_at.eq_any(deletion)))
        .select(InteractionView::as_select())
        .load(&mut **tx)
        .await
}
