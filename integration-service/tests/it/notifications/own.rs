//! Isolation of notifications between users.

use contracts::{UserId, identity::DataScope};
use serde_json::json;
use uuid::Uuid;

use crate::stage::{Stage, lead_created};

#[actix_web::test]
async fn reading_one_and_reading_all_counts_down_the_unread() {
    let stage = Stage::set_quiet().await;
    let me = stage.caller.user();
    let mine = json!({"assigned_to": me});
    stage.take_in(&(0..3).map(|_| lead_created(stage.tenant, &mine)).collect::<Vec<_>>()).await;
    let list = async |query: &str| {
        let page = stage.caller.get(&format!("/api/v2/notifications{query}")).await.expect(200);
        (page["count"].clone(), page["unread"].clone())
    };
    assert_eq!(list("").await, (json!(3), json!(3)));
    let first = stage.notifications(me).await[0].clone();
    let path = format!("/api/v2/notifications/{}", first["id"].as_str().unwrap());
    assert_eq!(stage.caller.get(&path).await.expect(200), first);

    let read = stage.caller.post(&format!("{path}/read"), &json!({})).await.expect(200);
    let again = stage.caller.post(&format!("{path}/read"), &json!({})).await.expect(200);

    assert_eq!(read["read"], true);
    assert_eq!(again, read, "reading it twice changes nothing");
    assert_eq!(list("").await, (json!(3), json!(2)));
    assert_eq!(list("?read=false").await, (json!(2), json!(2)));
    let all = stage.caller.post("/api/v2/notifications/read_all", &json!({})).await.expect(200);
    assert_eq!(all, json!({"updated": 2}));
    assert_eq!(list("?read=true&type=info").await, (json!(3), json!(0)));
}

#[actix_web::test]
async fn nobody_sees_or_marks_anothers_whatever_their_data_scope() {
    let stage = Stage::set_quiet().await;
    let owner = UserId::new();
    stage.take_in(&[lead_created(stage.tenant, &json!({"assigned_to": owner}))]).await;
    let notification = stage.notifications(owner).await[0].clone();
    let elsewhere = stage.app.tenant().await;
    let nosy = [
        stage.caller.clone(),
        stage.caller.scoped(DataScope::Team, &[owner]),
        stage.app.user(elsewhere),
        // The same person in another tenant.
        stage.app.user_named(elsewhere, owner),
    ];

    for caller in &nosy {
        for id in [notification["id"].as_str().unwrap(), &Uuid::now_v7().to_string()] {
            let path = format!("/api/v2/notifications/{id}");
            assert_eq!(caller.get(&path).await.problem(), (404, "not_found"));
            assert_eq!(caller.post(&format!("{path}/read"), &json!({})).await.problem(), (404, "not_found"));
        }
        let page = caller.get("/api/v2/notifications").await.expect(200);
        assert_eq!((&page["count"], &page["unread"]), (&json!(0), &json!(0)));
        let all = caller.post("/api/v2/notifications/read_all", &json!({})).await.expect(200);
        assert_eq!(all, json!({"updated": 0}));
    }

    assert_eq!(stage.notifications(owner).await, [notification]);
}
