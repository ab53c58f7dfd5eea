//! Proven people in the database.

use contracts::{TenantId, UserId};
use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Array, Bool, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use platform::db::{Cacheable, SystemTx, TenantTx};
use uuid::Uuid;

use crate::permissions::ADMIN_ROLES;

/// Adds a person.
pub async fn insert(connection: &mut AsyncPgConnection, person: UserId) -> QueryResult<usize> {
    diesel::sql_query("INSERT INTO proven_people (user_id) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind::<SqlUuid, _>(person.0)
        .cached()
        .execute(connection)
        .await
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = Bool)]
    is_known: bool,
}

/// Whether a person is among them.
pub async fn contains(connection: &mut AsyncPgConnection, person: UserId) -> QueryResult<bool> {
    let known: Known =
        diesel::sql_query("SELECT EXISTS (SELECT FROM proven_people WHERE user_id = $1) AS is_known")
            .bind::<SqlUuid, _>(person.0)
            .cached()
            .get_result(connection)
            .await?;
    Ok(known.is_known)
}

#[derive(QueryableByName)]
struct Tenant {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
}

/// The tenants that a person is a member of.
pub async fn tenants_of(tx: &mut SystemTx<'_>, person: UserId) -> QueryResult<Vec<TenantId>> {
    let tenants: Vec<Tenant> =
        diesel::sql_query("SELECT tenant_id FROM memberships WHERE user_id = $1 AND deleted_at IS NULL")
            .bind::<SqlUuid, _>(person.0)
            .cached()
            .load(&mut **tx)
            .await?;
    Ok(tenants.into_iter().map(|tenant| TenantId(tenant.tenant_id)).collect())
}

/// Stores whether the tenant lacks a proven active admin, and queues a notification of the services if that changed. Call it
/// whenever an admin comes, goes or is proven, after `memberships::store::serialise`. A tenant without admins is not
/// unproven: platform staff created it.
pub async fn judge_tenant(tx: &mut TenantTx<'_>) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE tenants t SET is_unproven = j.is_unproven, revision = t.revision + 1, provisioned_services = '{}', \
         next_attempt_at = now(), attempts = 0, last_error = NULL \
         FROM (SELECT coalesce(bool_and(p.user_id IS NULL), false) AS is_unproven \
         FROM memberships m JOIN roles r ON r.id = m.role_id LEFT JOIN proven_people p ON p.user_id = m.user_id \
         WHERE m.tenant_id = $1 AND m.status = 'active' AND m.deleted_at IS NULL AND r.name = ANY($2)) j \
         WHERE t.id = $1 AND t.is_unproven <> j.is_unproven",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Array<Text>, _>(ADMIN_ROLES)
    .cached()
    .execute(&mut **tx)
    .await
}
