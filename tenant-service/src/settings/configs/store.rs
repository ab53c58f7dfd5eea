//! Configurations in the database. They are of all tenants, so staff reads and writes them by the system role.

use std::sync::Arc;

use chrono::Utc;
use contracts::UserId;
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, SystemTx, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::{api::ConfigView, domain::ConfigFields};
use crate::schema::configs::dsl;

/// One stretch of the list.
pub async fn page(
    tx: &mut SystemTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<ConfigView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// All configurations that apply to this user in this tenant: global, the tenant's and the user's.
pub async fn all_for(tx: &mut TenantTx<'_>, person: UserId) -> QueryResult<Vec<ConfigView>> {
    dsl::configs
        .filter(dsl::deleted_at.is_null())
        .filter(dsl::user_id.is_null().or(dsl::user_id.eq(person.0)))
        .select(ConfigView::as_select())
        .load(&mut **tx)
        .await
}

/// Adds one.
pub async fn insert(tx: &mut SystemTx<'_>, fields: &ConfigFields, by: UserId) -> QueryResult<ConfigView> {
    diesel::insert_into(dsl::configs)
        .values((dsl::id.eq(Uuid::now_v7()), dsl::created_by.eq(by.0), fields))
        .returning(ConfigView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Reads one.
pub async fn find(tx: &mut SystemTx<'_>, id: Uuid) -> QueryResult<ConfigView> {
    dsl::configs
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(ConfigView::as_select())
        .first(&mut **tx)
        .await
}

/// Reads one that is about to change.
pub async fn lock(tx: &mut SystemTx<'_>, id: Uuid) -> QueryResult<ConfigView> {
    dsl::configs
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(ConfigView::as_select())
        .for_update()
        .first(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut SystemTx<'_>, id: Uuid, fields: &ConfigFields) -> QueryResult<ConfigView> {
    diesel::update(dsl::configs.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(ConfigView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Deletes one softly.
pub async fn archive(tx: &mut SystemTx<'_>, id: Uuid) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(dsl::configs.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(now), dsl::updated_at.eq(now), dsl::version.eq(dsl::version + 1)))
        .execute(&mut **tx)
        .await
}
