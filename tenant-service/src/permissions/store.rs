//! Permissions in the database.

use std::sync::Arc;

use contracts::{Service, internal::permissions::RoutePermission};
use diesel::{
    QueryResult,
    sql_types::{Array, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::Cacheable;
use platform::{
    Problem,
    db::{self, GlobalTx, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::api::PermissionView;

/// One stretch of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<PermissionView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Puts these routes of a service in place of what it said before.
pub async fn replace(tx: &mut GlobalTx<'_>, service: Service, routes: &[RoutePermission]) -> QueryResult<()> {
    // Replicas of a service start together.
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtext('leadstream permissions'))")
        .cached()
        .execute(&mut **tx)
        .await?;
    let ids: Vec<Uuid> = routes.iter().map(|_| Uuid::now_v7()).collect();
    let methods: Vec<&str> = routes.iter().map(|route| route.method.as_str()).collect();
    let paths: Vec<&str> = routes.iter().map(|route| route.path.as_str()).collect();
    let codes: Vec<&str> = routes.iter().map(|route| route.code.as_str()).collect();
    let descriptions: Vec<&str> = routes.iter().map(|route| route.description.as_str()).collect();
    diesel::sql_query(
        "DELETE FROM permissions p WHERE service = $1 \
         AND NOT EXISTS (SELECT 1 FROM unnest($2, $3) AS r(method, path) WHERE r.method = p.method AND r.path = p.path)",
    )
    .bind::<Text, _>(service.name())
    .bind::<Array<Text>, _>(&methods)
    .bind::<Array<Text>, _>(&paths).cached().execute(&mut **tx)
    .await?;
    diesel::sql_query(
        "INSERT INTO permissions (service, id, method, path, code, description) \
         SELECT $1, r.* FROM unnest($2, $3, $4, $5, $6) AS r(id, method, path, code, description) \
         ON CONFLICT (service, method, path) DO UPDATE SET code = excluded.code, description = excluded.description, \
         updated_at = now() WHERE (permissions.code, permissions.description) IS DISTINCT FROM \
         (excluded.code, excluded.description)",
    )
    .bind::<Text, _>(service.name())
    .bind::<Array<SqlUuid>, _>(&ids)
    .bind::<Array<Text>, _>(&methods)
    .bind::<Array<Text>, _>(&paths)
    .bind::<Array<Text>, _>(&codes)
    .bind::<Array<Text>, _>(&descriptions).cached().execute(&mut **tx)
    .await?;
    Ok(())
}
