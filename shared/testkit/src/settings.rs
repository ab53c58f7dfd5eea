//! Settings of a service under test.

use std::collections::HashMap;

use contracts::Service;
use platform::config::Settings;
use uuid::Uuid;

use crate::database::TestDatabase;

/// The secret that processes under test share.
pub const IDENTITY_SECRET: &str = "a secret for tests only, long enough to be taken";
/// A key for credentials at rest.
pub const ENCRYPTION_KEY: &str = "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// Address of the Redis for tests.
#[expect(clippy::disallowed_methods, reason = "tests are told where their servers are by the environment")]
pub fn redis_url() -> String {
    std::env::var("LEADSTREAM_TEST_REDIS_URL")
        .expect("LEADSTREAM_TEST_REDIS_URL is not set: run the tests with `cargo xtask test`")
}

/// Environment of a service with this database; `more` overrides.
pub fn environment(database: &TestDatabase, more: &[(&str, &str)]) -> HashMap<String, String> {
    let mut environment = without_database(more);
    for (name, value) in [
        ("DATABASE_URL", database.app_url()),
        ("DATABASE_SYSTEM_URL", database.system_url()),
        ("DATABASE_OWNER_URL", database.owner_url()),
        ("DATABASE_POOL_SIZE", "6".into()),
        ("DATABASE_SYSTEM_POOL_SIZE", "3".into()),
    ] {
        environment.entry(name.to_owned()).or_insert(value);
    }
    environment
}

/// Environment of a process without a database.
pub fn without_database(more: &[(&str, &str)]) -> HashMap<String, String> {
    let mut environment: HashMap<String, String> = [
        ("HTTP_ADDR", "127.0.0.1:0".to_owned()),
        ("HTTP_WORKERS", "1".to_owned()),
        ("REDIS_URL", redis_url()),
        ("REDIS_PREFIX", format!("test:{}", Uuid::now_v7().simple())),
        ("IDENTITY_SECRET", IDENTITY_SECRET.to_owned()),
        ("ENCRYPTION_KEY", ENCRYPTION_KEY.to_owned()),
        ("EGRESS_ALLOW", "127.0.0.0/8,::1/128".to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    for service in Service::OWNERS_OF_DATA {
        // Nothing listens there: a test that needs a peer names its own fake.
        environment.insert(format!("{}_URL", service.name().to_uppercase()), "http://127.0.0.1:9".to_owned());
    }
    environment.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    environment
}

/// Settings that read from such an environment.
pub fn settings(environment: HashMap<String, String>) -> Settings {
    Settings::from_lookup(move |name| environment.get(name).cloned())
}
