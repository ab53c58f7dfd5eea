//! Settings in the database.

use std::sync::Arc;

use chrono::Utc;
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, PgExpressionMethods, QueryDsl, QueryResult,
    SelectableHelper,
    sql_types::{BigInt, Text},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, Cacheable, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::{
    api::{SettingScope, SettingView},
    domain::NewSetting,
};
use crate::schema::settings::dsl;

/// The owner of a setting of that scope.
fn owner(scope: SettingScope, person: UserId) -> Option<Uuid> {
    match scope {
        SettingScope::Tenant => None,
        SettingScope::User => Some(person.0),
    }
}

/// One stretch of the list: the tenant's and the person's own.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
    person: UserId,
) -> Result<(Option<i64>, Vec<SettingView>), Problem> {
    let visibility = Visibility::Of(vec![tx.tenant().0, person.0]);
    db::list::load(tx, criteria, &visibility).await
}

/// All that hold for this person: the tenant's and their own.
pub async fn all_for(tx: &mut TenantTx<'_>, person: UserId) -> QueryResult<Vec<SettingView>> {
    dsl::settings
        .filter(dsl::deleted_at.is_null())
        .filter(dsl::user_id.is_null().or(dsl::user_id.eq(person.0)))
        .select(SettingView::as_select())
        .load(&mut **tx)
        .await
}

/// Lets settings of the tenant be written together by one request at a time, until this transaction ends.
pub async fn serialise(tx: &mut TenantTx<'_>) -> QueryResult<usize> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, $2))")
        .bind::<Text, _>(format!("settings of {}", tx.tenant()))
        .bind::<BigInt, _>(0)
        .cached()
        .execute(&mut **tx)
        .await
}

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, setting: &NewSetting, by: UserId) -> QueryResult<SettingView> {
    diesel::insert_into(dsl::settings)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::user_id.eq(owner(setting.scope, by)),
            dsl::key.eq(&setting.key),
            dsl::value.eq(&setting.value),
            dsl::created_by.eq(by.0),
        ))
        .returning(SettingView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Reads one that this person may see.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid, person: UserId) -> QueryResult<SettingView> {
    dsl::settings
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .filter(dsl::user_id.is_null().or(dsl::user_id.eq(person.0)))
        .select(SettingView::as_select())
        .first(&mut **tx)
        .await
}

/// The same for one that is about to change.
pub async fn lock(tx: &mut TenantTx<'_>, id: Uuid, person: UserId) -> QueryResult<SettingView> {
    dsl::settings
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .filter(dsl::user_id.is_null().or(dsl::user_id.eq(person.0)))
        .select(SettingView::as_select())
        .for_update()
        .first(&mut **tx)
        .await
}

/// The one of that key and scope, about to change.
pub async fn lock_keyed(
    tx: &mut TenantTx<'_>,
    setting: &NewSetting,
    person: UserId,
) -> QueryResult<Option<SettingView>> {
    dsl::settings
        .filter(dsl::key.eq(&setting.key).and(dsl::deleted_at.is_null()))
        .filter(dsl::user_id.is_not_distinct_from(owner(setting.scope, person)))
        .select(SettingView::as_select())
        .for_update()
        .first(&mut **tx)
        .await
        .optional()
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, setting: &NewSetting) -> QueryResult<SettingView> {
    diesel::update(dsl::settings.filter(dsl::id.eq(id)))
        .set((
            dsl::key.eq(&setting.key),
            dsl::value.eq(&setting.value),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(SettingView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Deletes one softly.
pub async fn archive(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(dsl::settings.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(now), dsl::updated_at.eq(now), dsl::version.eq(dsl::version + 1)))
        .execute(&mut **tx)
        .await
}
