//! A migrated database of a test's own, copied from a template that is made once per set of migrations.

use std::hash::{DefaultHasher, Hash, Hasher};

use contracts::Service;
use diesel::{
    QueryableByName,
    migration::MigrationSource,
    pg::Pg,
    sql_types::{BigInt, Bool},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use platform::{command::App, command::PLATFORM_MIGRATIONS, db::migrate};
use uuid::Uuid;

/// Password of the roles under test.
const PASSWORD: &str = "test";

/// A database that is dropped when the test ends.
pub struct TestDatabase {
    service: Service,
    name: String,
}

#[derive(QueryableByName)]
struct Exists {
    #[diesel(sql_type = Bool)]
    exists: bool,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl TestDatabase {
    /// A fresh database of the service, with its migrations run.
    pub async fn of<A: App>() -> Self {
        let template = template::<A>().await;
        let name = format!("test_{}_{}", A::SERVICE, Uuid::now_v7().simple());
        let mut admin = admin().await;
        // Files in memory are copied faster than they are logged.
        let copy = format!(
            "CREATE DATABASE {name} TEMPLATE {template} OWNER {}_owner STRATEGY file_copy",
            A::SERVICE
        );
        admin.batch_execute(&copy).await.expect("the template can be copied");
        Self { service: A::SERVICE, name }
    }

    /// Address as the application role.
    pub fn app_url(&self) -> String {
        role_url(&self.name, &format!("{}_app", self.service))
    }

    /// Address as the system role.
    pub fn system_url(&self) -> String {
        role_url(&self.name, &format!("{}_system", self.service))
    }

    /// Address as the owner role.
    pub fn owner_url(&self) -> String {
        role_url(&self.name, &format!("{}_owner", self.service))
    }

    /// Address as a superuser, past every policy.
    pub fn superuser_url(&self) -> String {
        let mut url = admin_url();
        url.set_path(&self.name);
        url.into()
    }

    /// The service of this database.
    pub fn service(&self) -> Service {
        self.service
    }

    /// A superuser's connection, to arrange and look behind the scenes.
    pub async fn superuser(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&self.superuser_url()).await.expect("the test database can be reached")
    }

    /// Runs statements as a superuser.
    pub async fn execute(&self, sql: &str) {
        self.superuser().await.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The number that `sql` selects as `number` (a bigint), as a superuser.
    pub async fn number(&self, sql: &str) -> i64 {
        let row: Number = diesel::sql_query(sql)
            .get_result(&mut self.superuser().await)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        row.number
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let name = self.name.clone();
        // Dropping needs its own runtime: the test's may be ending.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                admin().await.batch_execute(&drop).await.ok()
            })
        });
        let _dropped_or_left_for_the_cluster_to_go = dropping.join();
    }
}

#[expect(clippy::disallowed_methods, reason = "tests are told where their servers are by the environment")]
fn admin_url() -> url::Url {
    std::env::var("LEADSTREAM_TEST_POSTGRES_URL")
        .expect("LEADSTREAM_TEST_POSTGRES_URL is not set: run the tests with `cargo xtask test`")
        .parse()
        .expect("LEADSTREAM_TEST_POSTGRES_URL is an address")
}

async fn admin() -> AsyncPgConnection {
    AsyncPgConnection::establish(admin_url().as_str()).await.expect("PostgreSQL for tests can be reached")
}

fn role_url(database: &str, role: &str) -> String {
    let mut url = admin_url();
    url.set_path(database);
    url.set_username(role).expect("an address with a host takes a user");
    url.set_password(Some(PASSWORD)).expect("an address with a host takes a password");
    url.into()
}

/// Name of the service's migrated template; made under a lock when it is not there yet.
async fn template<A: App>() -> String {
    let mut hasher = DefaultHasher::new();
    for migrations in [PLATFORM_MIGRATIONS, A::MIGRATIONS] {
        let found = MigrationSource::<Pg>::migrations(&migrations).expect("migrations are embedded");
        for migration in found {
            migration.name().to_string().hash(&mut hasher);
        }
    }
    let executable = std::env::current_exe().ok().and_then(|path| path.metadata().ok()?.modified().ok());
    executable.hash(&mut hasher);
    let name = format!("template_{}_{:016x}", A::SERVICE, hasher.finish());
    let mut admin = admin().await;
    admin
        .batch_execute("SELECT pg_advisory_lock(hashtext('leadstream test templates'))")
        .await
        .expect("a lock");
    let exists: Exists =
        diesel::sql_query("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1) AS exists")
            .bind::<diesel::sql_types::Text, _>(&name)
            .get_result(&mut admin)
            .await
            .expect("the catalogue can be read");
    if !exists.exists {
        make_template::<A>(&mut admin, &name).await;
    }
    admin
        .batch_execute("SELECT pg_advisory_unlock(hashtext('leadstream test templates'))")
        .await
        .expect("unlocked");
    name
}

async fn make_template<A: App>(admin: &mut AsyncPgConnection, name: &str) {
    for role in ["owner", "app", "system"] {
        let role = format!("{}_{role}", A::SERVICE);
        let make = format!(
            "DO $$ BEGIN CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{PASSWORD}'; \
             EXCEPTION WHEN duplicate_object THEN ALTER ROLE {role} PASSWORD '{PASSWORD}'; END $$"
        );
        admin.batch_execute(&make).await.expect("roles can be made");
    }
    // Under another name until it is whole, so that a crash leaves no half-made template behind.
    let draft = format!("{name}_draft");
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).await.expect("no draft");
    admin
        .batch_execute(&format!("CREATE DATABASE {draft} OWNER {}_owner", A::SERVICE))
        .await
        .expect("a draft");
    let mut superuser_url = admin_url();
    superuser_url.set_path(&draft);
    let mut superuser =
        AsyncPgConnection::establish(superuser_url.as_str()).await.expect("the draft can be reached");
    // As deploy/postgres/bootstrap.sql does.
    let hand_over = format!(
        "ALTER SCHEMA public OWNER TO {}_owner; REVOKE CREATE ON SCHEMA public FROM public; \
         ALTER FUNCTION pg_catalog.texticlike(text, text) LEAKPROOF",
        A::SERVICE
    );
    superuser.batch_execute(&hand_over).await.expect("the schema has its owner");
    drop(superuser);
    let owner = role_url(&draft, &format!("{}_owner", A::SERVICE)).into();
    for migrations in [PLATFORM_MIGRATIONS, A::MIGRATIONS] {
        migrate::run(A::SERVICE, &owner, migrations).await.expect("migrations run");
    }
    admin
        .batch_execute(&format!("ALTER DATABASE {draft} RENAME TO {name}"))
        .await
        .expect("the template is named");
}
