//! Accounts in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::UserId;
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, TenantTx, Visibility},
    http::list::Criteria,
};
use serde_json::Value;
use uuid::Uuid;

use super::{api::AccountView, domain::AccountFields};
use crate::schema::accounts::dsl;

/// One stretch of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
    visibility: &Visibility,
) -> Result<(Option<i64>, Vec<AccountView>), Problem> {
    db::list::load(tx, criteria, visibility).await
}

/// Adds one with the note of which enrichments were started.
pub async fn insert(
    tx: &mut TenantTx<'_>,
    fields: &AccountFields,
    sources: &Value,
    by: UserId,
) -> QueryResult<AccountView> {
    diesel::insert_into(dsl::accounts)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            dsl::enrichment_sources.eq(sources),
            fields,
        ))
        .returning(AccountView::as_returning())
        .get_result(&mut **tx)
        .await
}

fn visible(account: AccountView, visibility: &Visibility) -> QueryResult<AccountView> {
    visibility.covers(&[account.created_by]).then_some(account).ok_or(diesel::result::Error::NotFound)
}

/// Reads one that the caller may see.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid, visibility: &Visibility) -> QueryResult<AccountView> {
    let account = dsl::accounts
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(AccountView::as_select())
        .first(&mut **tx)
        .await?;
    visible(account, visibility)
}

/// Reads one that the caller may see and is about to change.
pub async fn lock(tx: &mut TenantTx<'_>, id: Uuid, visibility: &Visibility) -> QueryResult<AccountView> {
    let account = dsl::accounts
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(AccountView::as_select())
        .for_update()
        .first(&mut **tx)
        .await?;
    visible(account, visibility)
}

/// Reads a deleted one that the caller might see and is about to restore.
pub async fn lock_deleted(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    visibility: &Visibility,
) -> QueryResult<AccountView> {
    let account = dsl::accounts
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_not_null()))
        .select(AccountView::as_select())
        .for_update()
        .first(&mut **tx)
        .await?;
    visible(account, visibility)
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &AccountFields) -> QueryResult<AccountView> {
    diesel::update(dsl::accounts.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(AccountView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes what a source found and which source it was.
pub async fn fill(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    fields: &AccountFields,
    sources: &Value,
) -> QueryResult<AccountView> {
    let now = Utc::now();
    diesel::update(dsl::accounts.filter(dsl::id.eq(id)))
        .set((
            fields,
            dsl::enrichment_sources.eq(sources),
            dsl::last_enriched_at.eq(now),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(now),
        ))
        .returning(AccountView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Deletes or restores one; a trigger does the same to its leads.
pub async fn set_deleted(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    at: Option<DateTime<Utc>>,
) -> QueryResult<AccountView> {
    diesel::update(dsl::accounts.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(at), dsl::updated_at.eq(Utc::now()), dsl::version.eq(dsl::version + 1)))
        .returning(AccountView::as_returning())
        .get_result(&mut **tx)
        .await
}
