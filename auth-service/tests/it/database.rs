//! Rights of the database roles, according to PostgreSQL's catalogue.

use diesel::{QueryableByName, sql_types::Text};
use diesel_async::RunQueryDsl;

use crate::stage::Stage;

#[derive(QueryableByName)]
struct Right {
    #[diesel(sql_type = Text)]
    line: String,
}

async fn rights(stage: &Stage, role: &str) -> Vec<String> {
    let rows: Vec<Right> = diesel::sql_query(
        "SELECT table_name || ': ' || string_agg(lower(privilege_type), ', ' ORDER BY privilege_type) AS line \
         FROM information_schema.role_table_grants WHERE grantee = $1 AND table_name IN \
         ('users', 'refresh_tokens', 'sessions', 'signing_keys', 'revocations', 'tenant_foundings', 'mails', \
         'one_time_tokens', 'sign_in_failures', 'service_accounts', 'customer_profiles', 'identities', \
         'second_factors', 'recovery_codes', 'sign_in_challenges', 'occurrences', 'proof_notices', \
         'security_events') \
         GROUP BY table_name ORDER BY table_name",
    )
    .bind::<Text, _>(role)
    .load(&mut stage.app.database.superuser().await)
    .await
    .unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

#[actix_web::test]
async fn background_work_sees_no_passwords_and_no_keys() {
    let stage = Stage::set().await;

    assert_eq!(
        rights(&stage, "auth_system").await,
        [
            "mails: delete, select, update",
            "occurrences: delete, select, update",
            "one_time_tokens: delete, select",
            "proof_notices: delete, select, update",
            "refresh_tokens: delete, select",
            "revocations: delete, select",
            "security_events: delete",
            "sign_in_challenges: delete, select",
            "sign_in_failures: delete, select",
            "signing_keys: delete",
            "tenant_foundings: select, update",
        ]
    );
}

#[actix_web::test]
async fn requests_may_do_what_their_statements_need_and_no_more() {
    let stage = Stage::set().await;

    assert_eq!(
        rights(&stage, "auth_app").await,
        [
            "customer_profiles: insert, select, update",
            "identities: delete, insert, select, update",
            "mails: insert",
            "occurrences: insert",
            "one_time_tokens: insert, select, update",
            "proof_notices: delete, insert, select, update",
            "recovery_codes: delete, insert, select, update",
            "refresh_tokens: insert, select, update",
            "revocations: insert, select",
            "second_factors: delete, insert, select, update",
            "security_events: insert, select",
            "service_accounts: insert, select, update",
            "sessions: select",
            "sign_in_challenges: insert, select, update",
            "sign_in_failures: delete, insert, select, update",
            "signing_keys: insert, select, update",
            "tenant_foundings: delete, insert, select",
            "users: delete, insert, select, update",
        ]
    );
}

#[actix_web::test]
async fn every_table_with_a_tenant_is_isolated() {
    let stage = Stage::set().await;

    let looked_at = testkit::isolation::assert_catalogue(&stage.app.database, &[]).await;

    assert!(looked_at.contains(&"tenant_states".to_owned()), "{looked_at:?}");
}
