//! Accounts in the database.

use chrono::Utc;
use contracts::UserId;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::db::{TenantTx, Visibility};
use serde_json::Value;
use uuid::Uuid;

use super::{
    api::AccountView,
    domain::{AccountFields, name_key},
};
use crate::schema::accounts::dsl;

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

/// The oldest one of that name, however it is written, that the caller may see.
pub async fn named(
    tx: &mut TenantTx<'_>,
    name: &str,
    visibility: &Visibility,
) -> QueryResult<Option<AccountView>> {
    let mut accounts = dsl::accounts
        .filter(dsl::name_key.eq(name_key(name)))
        .filter(dsl::deleted_at.is_null())
        .order((dsl::created_at, dsl::id))
        .select(AccountView::as_select())
        .into_boxed();
    if let Visibility::Of(people) = visibility {
        accounts = accounts.filter(dsl::created_by.eq_any(people.clone()));
    }
    accounts.first(&mut **tx).await.optional()
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
