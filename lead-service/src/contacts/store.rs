//! Contacts in the database, beside what all entities do there.

use chrono::Utc;
use contracts::UserId;
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use super::{api::ContactView, domain::ContactFields};
use crate::schema::contacts::dsl;

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &ContactFields, by: UserId) -> QueryResult<ContactView> {
    diesel::insert_into(dsl::contacts)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            fields,
        ))
        .returning(ContactView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &ContactFields) -> QueryResult<ContactView> {
    diesel::update(dsl::contacts.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(ContactView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Those that were deleted together with their account.
pub async fn deleted_with_account(tx: &mut TenantTx<'_>, account: Uuid) -> QueryResult<Vec<ContactView>> {
    use crate::schema::accounts;
    let deletion = accounts::table.filter(accounts::id.eq(account)).select(accounts::deleted_at);
    dsl::contacts
        .filter(dsl::account_id.eq(account))
        .filter(dsl::deleted_at.is_not_null().and(dsl::deleted_at.eq_any(deletion)))
        .select(ContactView::as_select())
        .load(&mut **tx)
        .await
}
