//! Row-Level Security and the system roles, as PostgreSQL has them.

use tenant_service::{TenantService, people, permissions::SYSTEM_ROLES};
use testkit::{TestDatabase, isolation::assert_catalogue};

use crate::world::World;

#[actix_web::test]
async fn every_tenant_owned_table_is_behind_row_level_security() {
    let database = TestDatabase::of::<TenantService>().await;
    // Tenants see the platform's roles beside their own; `isolation` shows that they see no others and change none. The same goes for
    // configurations, which `settings` covers.
    let tables = assert_catalogue(&database, &["roles", "role_permissions", "configs"]).await;
    for table in ["domains", "memberships", "membership_closure", "roles", "role_permissions"] {
        assert!(tables.iter().any(|name| name == table), "{table}");
    }
}

#[actix_web::test]
async fn the_shared_tables_let_tenants_read_what_is_shared_and_write_what_is_theirs() {
    let database = TestDatabase::of::<TenantService>().await;
    let number = async |sql: &str| database.number(sql).await;
    // One policy for everything about one's own rows, one for reading the platform's.
    for table in ["roles", "role_permissions", "configs"] {
        let own = format!(
            "SELECT count(*) AS number FROM pg_policies WHERE tablename = '{table}' AND 'tenant_app' = ANY(roles) \
             AND cmd = 'ALL' AND qual LIKE '(tenant_id = %' AND with_check LIKE '(tenant_id = %'"
        );
        let shared = format!(
            "SELECT count(*) AS number FROM pg_policies WHERE tablename = '{table}' AND 'tenant_app' = ANY(roles) \
             AND cmd = 'SELECT' AND qual LIKE '%tenant_id IS NULL%'"
        );
        let all = format!(
            "SELECT count(*) AS number FROM pg_policies WHERE tablename = '{table}' AND 'tenant_app' = ANY(roles)"
        );
        assert_eq!((number(&own).await, number(&shared).await, number(&all).await), (1, 1, 2), "{table}");
    }
}

#[actix_web::test]
async fn the_database_holds_the_system_roles_and_a_second_start_changes_nothing() {
    let world = World::start_with(&[]).await;
    let database = &world.app.database;
    let roles = database.number("SELECT count(*) AS number FROM roles WHERE tenant_id IS NULL").await;
    let grants =
        database.number("SELECT count(*) AS number FROM role_permissions WHERE tenant_id IS NULL").await;
    let expected: usize = SYSTEM_ROLES.iter().map(|role| role.permissions().len()).sum();
    assert_eq!((roles, grants), (SYSTEM_ROLES.len() as i64, expected as i64));

    assert!(!people::synchronise_system_roles(&world.app.deps.db).await.unwrap());

    database.execute("DELETE FROM role_permissions WHERE permission = 'leads:read'").await;
    assert!(
        people::synchronise_system_roles(&world.app.deps.db).await.unwrap(),
        "what is missing is put back"
    );
    let restored =
        database.number("SELECT count(*) AS number FROM role_permissions WHERE tenant_id IS NULL").await;
    assert_eq!(restored, expected as i64);
}
