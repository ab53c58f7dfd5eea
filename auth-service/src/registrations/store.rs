//! Foundings in the database.

use std::time::Duration;

use chrono::Utc;
use contracts::{TenantId, UserId};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, Queryable, QueryableByName, Selectable,
    SelectableHelper,
};
use diesel_async::RunQueryDsl;
use platform::db::GlobalTx;
use uuid::Uuid;

use super::domain::{Founding, NewTenant};
use crate::schema::{tenant_foundings, tenant_foundings::dsl};

/// A founding as it is stored.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = tenant_foundings, check_for_backend(diesel::pg::Pg))]
pub struct FoundingRow {
    user_id: Uuid,
    new_tenant_id: Uuid,
    client_id: String,
    name: String,
    website: String,
}

impl From<FoundingRow> for Founding {
    fn from(row: FoundingRow) -> Self {
        Self {
            user_id: UserId(row.user_id),
            new_tenant_id: TenantId(row.new_tenant_id),
            tenant: NewTenant { client_id: row.client_id, name: row.name, website: row.website },
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
