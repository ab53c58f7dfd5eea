//! Foundings in the database.

use std::time::Duration;

use chrono::Utc;
use contracts::{TenantId, UserId};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, Queryable,
    Selectable, SelectableHelper, dsl::now,
};
use diesel_async::RunQueryDsl;
use platform::db::{GlobalTx, SystemTx};
use uuid::Uuid;

use super::domain::{Founding, NewTenant};
use crate::schema::{tenant_foundings, tenant_foundings::dsl};

/// Most foundings taken up at once.
const BATCH: i64 = 10;

#[derive(Queryable, Selectable)]
#[diesel(table_name = tenant_foundings, check_for_backend(diesel::pg::Pg))]
struct FoundingRow {
    user_id: Uuid,
    new_tenant_id: Uuid,
    client_id: String,
    name: String,
    website: String,
    attempts: i32,
}

impl From<FoundingRow> for Founding {
    fn from(row: FoundingRow) -> Self {
        Self {
            user_id: UserId(row.user_id),
            new_tenant_id: TenantId(row.new_tenant_id),
            tenant: NewTenant { client_id: row.client_id, name: row.name, website: row.website },
            attempts: row.attempts,
        }
    }
}

/// Stores that a person is to get a tenant; the worker leaves it alone for `head_start`.
pub async fn insert(
    tx: &mut GlobalTx<'_>,
    user: UserId,
    tenant: &NewTenant,
    head_start: Duration,
) -> QueryResult<Founding> {
    let row: FoundingRow = diesel::insert_into(dsl::tenant_foundings)
        .values((
            dsl::user_id.eq(user.0),
            dsl::new_tenant_id.eq(TenantId::new().0),
            dsl::client_id.eq(&tenant.client_id),
            dsl::name.eq(&tenant.name),
            dsl::website.eq(&tenant.website),
            dsl::next_attempt_at.eq(Utc::now() + head_start),
        ))
        .returning(FoundingRow::as_returning())
        .get_result(&mut **tx)
        .await?;
    Ok(row.into())
}

/// The tenant that a person is still to get.
pub async fn find(tx: &mut GlobalTx<'_>, user: UserId) -> QueryResult<Option<Founding>> {
    let query = dsl::tenant_foundings.filter(dsl::user_id.eq(user.0)).select(FoundingRow::as_select());
    Ok(query.first(&mut **tx).await.optional()?.map(Founding::from))
}

/// Forgets it. Gives whether it was still there.
pub async fn remove(tx: &mut GlobalTx<'_>, user: UserId) -> QueryResult<bool> {
    let removed =
        diesel::delete(dsl::tenant_foundings.filter(dsl::user_id.eq(user.0))).execute(&mut **tx).await?;
    Ok(removed == 1)
}

/// Claims due ones for `lease`.
pub async fn take_due(tx: &mut SystemTx<'_>, lease: Duration) -> QueryResult<Vec<Founding>> {
    let due: Vec<Uuid> = dsl::tenant_foundings
        .filter(dsl::next_attempt_at.le(now))
        .order(dsl::next_attempt_at)
        .limit(BATCH)
        .select(dsl::user_id)
        .for_update()
        .skip_locked()
        .load(&mut **tx)
        .await?;
    let rows: Vec<FoundingRow> = diesel::update(dsl::tenant_foundings.filter(dsl::user_id.eq_any(due)))
        .set((dsl::attempts.eq(dsl::attempts + 1), dsl::next_attempt_at.eq(Utc::now() + lease)))
        .returning(FoundingRow::as_returning())
        .get_results(&mut **tx)
        .await?;
    Ok(rows.into_iter().map(Founding::from).collect())
}

/// Sets the time of the next attempt, unless another process has claimed it since.
pub async fn put_off(tx: &mut SystemTx<'_>, founding: &Founding, pause: Duration) -> QueryResult<usize> {
    let same_try = dsl::user_id.eq(founding.user_id.0).and(dsl::attempts.eq(founding.attempts));
    diesel::update(dsl::tenant_foundings.filter(same_try))
        .set(dsl::next_attempt_at.eq(Utc::now() + pause))
        .execute(&mut **tx)
        .await
}
