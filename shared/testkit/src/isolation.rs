//! Is every tenant-owned table behind Row-Level Security? Asked of PostgreSQL's own catalogue.

use diesel::{
    QueryableByName,
    sql_types::{Bool, Nullable, Text},
};
use diesel_async::RunQueryDsl;

use crate::database::TestDatabase;

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    enabled: bool,
    #[diesel(sql_type = Bool)]
    forced: bool,
    #[diesel(sql_type = Bool)]
    app_owns: bool,
}

#[derive(QueryableByName)]
struct Policy {
    #[diesel(sql_type = Bool)]
    permissive: bool,
    #[diesel(sql_type = Nullable<Text>)]
    using: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    with_check: Option<String>,
}

#[derive(QueryableByName)]
struct Role {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Fails unless each table with a `tenant_id` has Row-Level Security enabled and forced, exactly one policy for the
/// application role whose USING and WITH CHECK compare `tenant_id` with the transaction's tenant, and neither the
/// application nor the system role owns tables or bypasses policies.
///
/// `exceptions` names tables with a policy of their own; their own tests must cover them. Gives the tables looked at.
pub async fn assert_catalogue(database: &TestDatabase, exceptions: &[&str]) -> Vec<String> {
    let mut connection = database.superuser().await;
    let app = format!("{}_app", database.service());
    let tables: Vec<Table> = diesel::sql_query(
        "SELECT c.relname::text AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced, \
         pg_get_userbyid(c.relowner) = $1 AS app_owns FROM pg_class c \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') \
         AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') \
         ORDER BY c.relname",
    )
    .bind::<Text, _>(&app)
    .load(&mut connection)
    .await
    .expect("the catalogue can be read");
    assert!(!tables.is_empty(), "there are tenant-owned tables");
    for table in &tables {
        assert!(
            table.enabled && table.forced,
            "{}: row-level security is not enabled and forced",
            table.name
        );
        assert!(!table.app_owns, "{}: the application role owns it", table.name);
        if exceptions.contains(&table.name.as_str()) {
            continue;
        }
        let policies: Vec<Policy> = diesel::sql_query(
            "SELECT p.permissive = 'PERMISSIVE' AS permissive, p.qual AS using, p.with_check FROM pg_policies p \
             WHERE p.tablename = $1 AND ($2 = ANY(p.roles) OR 'public' = ANY(p.roles))",
        )
        .bind::<Text, _>(&table.name)
        .bind::<Text, _>(&app)
        .load(&mut connection)
        .await
        .expect("the catalogue can be read");
        let [policy] = policies.as_slice() else {
            panic!("{}: {} policies for {app}", table.name, policies.len())
        };
        assert!(policy.permissive, "{}: a restrictive policy alone lets nobody in", table.name);
        for expression in [&policy.using, &policy.with_check] {
            let text = expression.as_deref().unwrap_or_default();
            let compares = text.contains("tenant_id = ") && text.contains("current_setting('app.tenant_id'");
            assert!(compares, "{}: the policy does not compare the tenant: {text:?}", table.name);
        }
    }
    let powerful: Vec<Role> = diesel::sql_query(
        "SELECT rolname::text AS name FROM pg_roles WHERE rolname IN ($1, $2) AND (rolsuper OR rolbypassrls)",
    )
    .bind::<Text, _>(&app)
    .bind::<Text, _>(format!("{}_system", database.service()))
    .load(&mut connection)
    .await
    .expect("the catalogue can be read");
    let powerful: Vec<&str> = powerful.iter().map(|role| role.name.as_str()).collect();
    assert!(powerful.is_empty(), "roles past every policy: {powerful:?}");
    tables.into_iter().map(|table| table.name).collect()
}
