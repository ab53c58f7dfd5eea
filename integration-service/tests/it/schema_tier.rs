//! Notifications are where the tenant is; deliveries and what makes them stay where their worker looks.

use contracts::{UserId, internal::tenants::Isolation};
use platform::db::placement::schema_name;
use serde_json::json;
use testkit::{client_id, isolation};

use crate::stage::{Stage, lead_created};

#[actix_web::test]
async fn notifications_move_with_their_tenant_and_go_on() {
    let stage = Stage::set_quiet().await;
    let person = UserId::new();
    let news = || lead_created(stage.tenant, &json!({ "assigned_to": person }));
    stage.take_in(&[news()]).await;

    stage.app.relocate(stage.tenant, Isolation::Schema, 2).await;
    stage.take_in(&[news()]).await;

    assert_eq!(stage.notifications(person).await.len(), 2);
    let rows = async |place: &str| {
        let sql = format!("SELECT count(*) AS number FROM \"{place}\".notifications");
        stage.app.database.number(&sql).await
    };
    assert_eq!(rows(&schema_name(&client_id(stage.tenant))).await, 2);
    assert_eq!(rows("public").await, 0);
    isolation::assert_catalogue(&stage.app.database, &[]).await;

    stage.app.relocate(stage.tenant, Isolation::Pool, 4).await;
    assert_eq!((stage.notifications(person).await.len(), rows("public").await), (2, 2));
}
