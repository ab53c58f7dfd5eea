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
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    enabled: bool,
    #[diesel(sql_type = Bool)]
    forced: bool,
    #[diesel(sql_type = Bool)]
    app_owns: bool,
}

impl std::fmt::Display for Table {
    /// Tables of `public` by their name alone.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.schema.as_str() {
            "public" => f.write_str(&self.name),
            schema => write!(f, "{schema}.{}", self.name),
        }
    }
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
/// application role with USING and WITH CHECK that compare `tenant_id` with the transaction's tenant, and neither the
/// application nor the system role owns tables or bypasses policies. Tenants' own schemas are covered as well, where
/// further each table must be as it is in `public`: columns, constraints, indexes, triggers, policies and rights.
///
/// `exceptions` names tables with a policy of their own; their own tests must cover them. Gives the tables looked at, those of a
/// tenant's schema with its name.
pub async fn assert_catalogue(database: &TestDatabase, exceptions: &[&str]) -> Vec<String> {
    let mut connection = database.superuser().await;
    let app = format!("{}_app", database.service());
    let tables: Vec<Table> = diesel::sql_query(
        "SELECT n.nspname::text AS schema, c.relname::text AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced, \
         pg_get_userbyid(c.relowner) = $1 AS app_owns FROM pg_class c \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') \
         AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') \
         ORDER BY n.nspname, c.relname",
    )
    .bind::<Text, _>(&app)
    .load(&mut connection)
    .await
    .expect("the catalogue can be read");
    assert!(!tables.is_empty(), "there are tenant-owned tables");
    for table in &tables {
        assert!(table.enabled && table.forced, "{table}: row-level security is not enabled and forced");
        assert!(!table.app_owns, "{table}: the application role owns it");
        // In a tenant's schema the tables that it does not use have a tilde before their name.
        if exceptions.contains(&table.name.trim_start_matches('~')) {
            continue;
        }
        let policies: Vec<Policy> = diesel::sql_query(
            "SELECT p.permissive = 'PERMISSIVE' AS permissive, p.qual AS using, p.with_check FROM pg_policies p \
             WHERE p.tablename = $1 AND p.schemaname = $3 AND ($2 = ANY(p.roles) OR 'public' = ANY(p.roles))",
        )
        .bind::<Text, _>(&table.name)
        .bind::<Text, _>(&app)
        .bind::<Text, _>(&table.schema)
        .load(&mut connection)
        .await
        .expect("the catalogue can be read");
        let [policy] = policies.as_slice() else { panic!("{table}: {} policies for {app}", policies.len()) };
        assert!(policy.permissive, "{table}: a restrictive policy alone lets nobody in");
        for expression in [&policy.using, &policy.with_check] {
            let text = expression.as_deref().unwrap_or_default();
            let compares = text.contains("tenant_id = ") && text.contains("current_setting('app.tenant_id'");
            assert!(compares, "{table}: the policy does not compare the tenant: {text:?}");
        }
    }
    assert_same_everywhere(&mut connection).await;
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
    tables.into_iter().map(|table| table.to_string()).collect()
}

#[derive(QueryableByName)]
struct Difference {
    #[diesel(sql_type = Text)]
    difference: String,
}

/// Everything that the catalogue knows of a table, as text in which no schema is named.
const FEATURES: &str = "
    SELECT c.relnamespace, ltrim(c.relname, '~') AS name, f.feature
    FROM pg_class c CROSS JOIN LATERAL (
        SELECT format('column %s %s %s %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            a.attgenerated, (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d
                WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum)) AS feature
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = ''
        UNION ALL SELECT format('constraint %s %s', o.conname, pg_get_constraintdef(o.oid))
        FROM pg_constraint o WHERE o.conrelid = c.oid
        UNION ALL SELECT format('index %s', pg_get_indexdef(i.indexrelid)) FROM pg_index i WHERE i.indrelid = c.oid
        UNION ALL SELECT format('trigger %s', pg_get_triggerdef(t.oid))
        FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
        UNION ALL SELECT format('policy %s %s %s %s %s', p.policyname, p.cmd, p.roles, p.qual, p.with_check)
        FROM pg_policies p WHERE p.schemaname = c.relnamespace::regnamespace::text AND p.tablename = c.relname
        UNION ALL SELECT format('rights %s', r) FROM unnest(c.relacl) r
    ) f
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> '__diesel_schema_migrations'";

async fn assert_same_everywhere(connection: &mut diesel_async::AsyncPgConnection) {
    let differences: Vec<Difference> = diesel::sql_query(format!(
        "WITH features AS ({FEATURES}),
         places AS (SELECT n.oid, n.nspname FROM pg_namespace n WHERE n.nspname LIKE 't\\_%'),
         named AS (SELECT p.oid AS place, p.nspname, f.relnamespace, f.name,
             replace(replace(translate(f.feature, '\"~', ''), p.nspname || '.', ''), 'public.', '') AS feature
             FROM places p JOIN features f ON f.relnamespace IN (p.oid, 'public'::regnamespace))
         SELECT format('%s.%s: %s', nspname, name, feature) AS difference FROM named
         GROUP BY place, nspname, name, feature HAVING count(*) <> 2 ORDER BY 1"
    ))
    .load(connection)
    .await
    .expect("the catalogue can be read");
    let differences: Vec<&str> = differences.iter().map(|found| found.difference.as_str()).collect();
    assert!(differences.is_empty(), "not as in public: {differences:#?}");
}
