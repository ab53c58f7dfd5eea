//! `integration-service migrate --all` as an operator runs it: killed half-way, with a schema that is broken, and again.

use std::{
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Text},
};
use integration_service::Integration;
use platform::{command::App, db::schemas};
use testkit::{TestDatabase, settings};

/// Tenants with a schema of their own; few enough for every run of the tests.
const TENANTS: usize = 40;
/// How many are done when the process is killed.
const DONE_BY_THEN: usize = 8;
/// How many schemas are migrated at once, and the connection that asked which.
const CONNECTIONS: i64 = 4 + 1;
/// The tenant with a schema that cannot be migrated: in the first half, so that others come after it.
const BROKEN: &str = "m005";

#[derive(QueryableByName)]
struct Progress {
    #[diesel(sql_type = BigInt)]
    done: i64,
    #[diesel(sql_type = BigInt)]
    connections: i64,
}

#[derive(Debug, PartialEq, Eq, QueryableByName)]
struct Made {
    #[diesel(sql_type = Text)]
    schema_name: String,
    /// Every table with the identity that it got when it was made.
    #[diesel(sql_type = Text)]
    content: String,
}

/// A database with tenants placed in missing schemas, one of them in the way of its migrations.
async fn database() -> TestDatabase {
    let database = TestDatabase::of::<Integration>().await;
    let sql = format!(
        "INSERT INTO tenant_states (tenant_id, client_id, status, revision, schema_name) \
         SELECT gen_random_uuid(), name, 'active', 1, 't_' || name \
         FROM generate_series(1, {TENANTS}) n, to_char(n, 'FM\"m\"000') name; \
         CREATE SCHEMA t_{BROKEN} AUTHORIZATION integration_owner; \
         CREATE TABLE t_{BROKEN}.notifications (in_the_way integer)"
    );
    database.execute(&sql).await;
    database
}

fn migrate(database: &TestDatabase) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_integration-service"));
    command
        .args(["migrate", "--all"])
        .env_clear()
        .envs(settings::environment(database, &[]))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Whether it succeeded, and all it wrote.
fn told(output: &Output) -> (bool, String) {
    let text = [output.stdout.as_slice(), &output.stderr].map(String::from_utf8_lossy).concat();
    (output.status.success(), text)
}

async fn progress(database: &TestDatabase) -> Progress {
    let sql = format!(
        "SELECT (SELECT count(*) FROM tenant_states WHERE schema_level = {}) AS done, \
         (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
          AND usename = 'integration_owner') AS connections",
        schemas::level(Integration::migrations)
    );
    diesel_async::RunQueryDsl::get_result(diesel::sql_query(sql), &mut database.superuser().await)
        .await
        .expect("the progress")
}

/// What the schemas hold that are up to date.
async fn made(database: &TestDatabase) -> Vec<Made> {
    let sql = format!(
        "SELECT s.schema_name, coalesce((SELECT string_agg(c.relname || ' ' || c.oid, ', ' ORDER BY c.relname) \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = s.schema_name), '') AS content \
         FROM tenant_states s WHERE schema_level = {} ORDER BY 1",
        schemas::level(Integration::migrations)
    );
    diesel_async::RunQueryDsl::load(diesel::sql_query(sql), &mut database.superuser().await)
        .await
        .expect("what was made")
}

#[actix_web::test]
async fn a_migration_of_all_schemas_that_is_killed_half_way_is_finished_by_the_next_and_does_nothing_twice() {
    let database = database().await;
    let began = Instant::now();

    let mut first = migrate(&database).spawn().expect("the binary starts");
    let mut most = 0;
    loop {
        let now = progress(&database).await;
        most = most.max(if now.done > 0 { now.connections } else { 0 });
        if usize::try_from(now.done).expect("a number") >= DONE_BY_THEN {
            break;
        }
        assert!(first.try_wait().expect("the child").is_none(), "it ended by itself");
        assert!(began.elapsed() < Duration::from_secs(60), "{} are done", now.done);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    first.kill().expect("SIGKILL");
    let first = first.wait_with_output().expect("its end");
    while progress(&database).await.connections > 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "PostgreSQL does not notice");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    assert!(!first.status.success());
    assert!((2..=CONNECTIONS).contains(&most), "{most} connections at once");
    let before = made(&database).await;
    assert!((DONE_BY_THEN..TENANTS - 1).contains(&before.len()), "killed half-way: {}", before.len());
    let begun = "SELECT count(DISTINCT s.schema_name) AS number FROM tenant_states s \
         JOIN pg_namespace n ON n.nspname = s.schema_name JOIN pg_class c ON c.relnamespace = n.oid \
         WHERE s.schema_level = 0";
    assert_eq!(database.number(begun).await, 1, "but for the broken one a schema is whole or empty");

    let (succeeded, text) = told(&migrate(&database).output().expect("the binary runs"));

    assert!(!succeeded && text.contains(&format!("not migrated: {BROKEN}\n")), "{text}");
    assert!(text.contains("already exists"), "the reason is told: {text}");
    let after = made(&database).await;
    assert_eq!(after.len() + 1, TENANTS, "all but the broken one: {text}");
    assert!(before.iter().all(|schema| after.contains(schema)), "what was done is as it was");

    database.execute(&format!("DROP TABLE t_{BROKEN}.notifications")).await;
    let (succeeded, text) = told(&migrate(&database).output().expect("the binary runs"));

    assert!(succeeded, "{text}");
    let last = made(&database).await;
    assert_eq!(last.len(), TENANTS);
    assert!(after.iter().all(|schema| last.contains(schema)));
    testkit::isolation::assert_catalogue(&database, &[]).await;
}
