//! Tenants in the database.

use std::sync::Arc;

use chrono::Utc;
use contracts::internal::tenants::TenantStatus;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
    result::{DatabaseErrorKind, Error},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use platform::{
    Problem,
    db::{self, GlobalTx, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::{
    api::TenantView,
    domain::{ClientId, Founder, NewTenant, PlatformFields, TenantFields},
};
use crate::schema::{domains, tenants::dsl};

/// One stretch of the list.
pub async fn page(
    tx: &mut GlobalTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<TenantView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Adds one that is to be provisioned at once; none when its id, client id or website is taken.
pub async fn insert(
    tx: &mut TenantTx<'_>,
    tenant: &NewTenant,
    is_unproven: bool,
) -> QueryResult<Option<TenantView>> {
    let founding_admin = match &tenant.founder {
        Founder::Named(admin) => serde_json::to_value(admin).ok(),
        Founder::Unnamed | Founder::Known(_) => None,
    };
    diesel::insert_into(dsl::tenants)
        .values((
            dsl::id.eq(tenant.id),
            dsl::client_id.eq(tenant.client_id.as_str()),
            dsl::name.eq(&tenant.name),
            dsl::website.eq(&tenant.website.url),
            dsl::website_key.eq(&tenant.website.key),
            dsl::status.eq(TenantStatus::Provisioning.name()),
            dsl::isolation.eq(tenant.isolation.name()),
            dsl::schema_name.eq(tenant.schema_name()),
            dsl::founding_admin.eq(founding_admin),
            dsl::is_unproven.eq(is_unproven),
            dsl::next_attempt_at.eq(diesel::dsl::now),
            dsl::created_by.eq(tenant.created_by),
        ))
        .on_conflict_do_nothing()
        .returning(TenantView::as_returning())
        .get_result(&mut **tx)
        .await
        .optional()
}

/// Gives the tenant these host names, which are the platform's to give, the first of them as its primary one.
pub async fn insert_hosts(tx: &mut TenantTx<'_>, hosts: &[String], by: Uuid) -> QueryResult<usize> {
    let tenant = tx.tenant().0;
    let rows: Vec<_> = hosts
        .iter()
        .enumerate()
        .map(|(index, host)| {
            (
                domains::id.eq(Uuid::now_v7()),
                domains::tenant_id.eq(tenant),
                domains::host.eq(host),
                domains::is_primary.eq(index == 0),
                domains::verified_at.eq(diesel::dsl::now),
                domains::created_by.eq(by),
            )
        })
        .collect();
    diesel::insert_into(domains::table).values(rows).execute(&mut **tx).await
}

/// Takes all of the tenant's host names away.
pub async fn delete_hosts(tx: &mut TenantTx<'_>) -> QueryResult<usize> {
    diesel::delete(domains::table).execute(&mut **tx).await
}

/// A tenant that stands in the way of a new one.
pub struct Obstacle {
    /// As it is shown.
    pub tenant: TenantView,
    /// Comparable form of its website.
    pub website_key: String,
    /// Whether it was deleted.
    pub is_deleted: bool,
    /// Whether every service knows of its present state.
    pub is_settled: bool,
}

/// The tenants that keep `tenant` from being added: of the same id, client id or website.
pub async fn obstacles(tx: &mut TenantTx<'_>, tenant: &NewTenant) -> QueryResult<Vec<Obstacle>> {
    let rows: Vec<(TenantView, String, bool, bool)> = dsl::tenants
        .filter(
            dsl::id
                .eq(tenant.id)
                .or(dsl::client_id.eq(tenant.client_id.as_str()))
                .or(dsl::website_key.eq(&tenant.website.key).and(dsl::deleted_at.is_null())),
        )
        .select((
            TenantView::as_select(),
            dsl::website_key,
            dsl::deleted_at.is_not_null(),
            dsl::next_attempt_at.is_null(),
        ))
        .load(&mut **tx)
        .await?;
    let obstacle = |(tenant, website_key, is_deleted, is_settled)| Obstacle {
        tenant,
        website_key,
        is_deleted,
        is_settled,
    };
    Ok(rows.into_iter().map(obstacle).collect())
}

/// Reads one.
pub async fn find(connection: &mut AsyncPgConnection, id: Uuid) -> QueryResult<TenantView> {
    dsl::tenants
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(TenantView::as_select())
        .first(connection)
        .await
}

/// Reads one that is about to change.
pub async fn lock(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<TenantView> {
    dsl::tenants
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(TenantView::as_select())
        .for_update()
        .first(&mut **tx)
        .await
}

/// Whether this client id is in use now or was before.
pub async fn is_client_id_taken(tx: &mut GlobalTx<'_>, client_id: &ClientId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(dsl::tenants.filter(dsl::client_id.eq(client_id.as_str()))))
        .get_result(&mut **tx)
        .await
}

/// Writes a tenant's profile and those of the platform's fields that are given, the state excepted.
pub async fn update(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    fields: &TenantFields,
    platform: &PlatformFields,
) -> Result<TenantView, Problem> {
    let subscription = platform.subscription_status.map(|status| dsl::subscription_status.eq(status));
    let max_users = platform.max_users.map(|most| dsl::max_users.eq(most));
    diesel::update(dsl::tenants.filter(dsl::id.eq(id)))
        .set((
            fields,
            subscription,
            max_users,
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(TenantView::as_returning())
        .get_result(&mut **tx)
        .await
        .map_err(taken)
}

/// Sets a tenant's state and queues the notification of all services.
pub async fn set_status(tx: &mut TenantTx<'_>, id: Uuid, status: TenantStatus) -> QueryResult<TenantView> {
    let now = Utc::now();
    diesel::update(dsl::tenants.filter(dsl::id.eq(id)))
        .set((
            dsl::status.eq(status.name()),
            dsl::revision.eq(dsl::revision + 1),
            dsl::provisioned_services.eq(Vec::<String>::new()),
            dsl::next_attempt_at.eq(diesel::dsl::now),
            dsl::attempts.eq(0),
            dsl::last_error.eq(None::<String>),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(now),
        ))
        .returning(TenantView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Marks a tenant as deleted.
pub async fn archive(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<usize> {
    diesel::update(dsl::tenants.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(Utc::now()), dsl::founding_admin.eq(None::<serde_json::Value>)))
        .execute(&mut **tx)
        .await
}

/// 409 `website_taken` where that is what went wrong.
fn taken(error: Error) -> Problem {
    match &error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information)
            if information.constraint_name() == Some("tenants_website_key") =>
        {
            website_taken()
        }
        _ => error.into(),
    }
}

/// 409: another tenant has this website.
pub fn website_taken() -> Problem {
    Problem::conflict("website_taken", "There is a tenant with this website already.")
}

impl Obstacle {
    /// Whether it is the very tenant that `tenant` describes, asked for by the same person.
    pub fn is_same(&self, tenant: &NewTenant) -> bool {
        let there = &self.tenant;
        let asked_alike = there.created_by == Some(tenant.created_by)
            && there.name == tenant.name
            && self.website_key == tenant.website.key;
        !self.is_deleted
            && there.client_id == tenant.client_id.as_str()
            && (there.id == tenant.id || asked_alike)
    }
}
