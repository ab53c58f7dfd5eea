//! Imports taken back: what was worked on since stays.

use serde_json::{Value, json};

use crate::{
    arrange::{id_of, importing as start},
    imports::{import, reached},
};

#[actix_web::test]
async fn leads_that_were_worked_on_stay_when_their_import_is_taken_back() {
    let (app, _tenants) = start().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    let names = ["converted", "edited", "tasked", "called", "merged", "scored", "untouched"];
    let csv: String = names.iter().map(|name| format!("{name},{name}@example.com\n")).collect();
    let imported = import(&caller, &format!("first_name,email\n{csv}"), &[]).await;
    let winner = id_of(&caller.post("/api/v2/leads", &json!({"first_name": "Winner"})).await.expect(201));
    let found = async |name: &str| -> Option<Value> {
        let leads = caller.get(&format!("/api/v2/leads?email={name}@example.com")).await.expect(200);
        leads["results"].as_array().unwrap().first().cloned()
    };
    let id = async |name: &str| id_of(&found(name).await.unwrap());
    let path = async |name: &str| format!("/api/v2/leads/{}", id(name).await);
    caller.post(&format!("{}/convert", path("converted").await), &json!({})).await.expect(200);
    caller.patch(&path("edited").await, &json!({"notes": "Met at the fair"})).await.expect(200);
    let task = json!({"title": "T", "entity_type": "lead", "entity_id": id("tasked").await});
    caller.post("/api/v2/tasks", &task).await.expect(201);
    let call = json!({"activity_type": "call", "subject": "S", "lead_id": id("called").await});
    caller.post("/api/v2/activities", &call).await.expect(201);
    let merge = json!({"winner": winner, "losers": [id("merged").await]});
    caller.post("/api/v2/leads/merge", &merge).await.expect(200);
    caller.post(&format!("{}/score", path("scored").await), &json!({})).await.expect(200);

    caller.post(&format!("/api/v2/imports/{}/undo", id_of(&imported)), &json!({})).await.expect(202);
    let undone = reached(&caller, &id_of(&imported), &["undone"]).await;

    assert_eq!((&undone["created"], &undone["kept"]), (&json!(7), &json!(5)));
    for name in ["converted", "edited", "tasked", "called"] {
        assert!(found(name).await.is_some(), "{name}");
    }
    for name in ["scored", "untouched"] {
        assert_eq!(found(name).await, None, "{name}");
    }
    assert_eq!(caller.get(&format!("/api/v2/leads/{winner}")).await.expect(200)["first_name"], "Winner");
    let deals = caller.get("/api/v2/deals").await.expect(200);
    assert_eq!(deals["results"][0]["lead_id"], json!(id("converted").await));
}

#[actix_web::test]
async fn a_lead_that_an_import_made_and_changed_itself_is_taken_back() {
    let (app, _tenants) = start().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    let csv = "first_name,email\nAda,ada@example.com\nAugusta,ada@example.com\n";
    let imported = import(&caller, csv, &[("update_by", "email")]).await;
    assert_eq!((&imported["created"], &imported["updated"]), (&json!(1), &json!(1)), "{imported}");

    caller.post(&format!("/api/v2/imports/{}/undo", id_of(&imported)), &json!({})).await.expect(202);
    let undone = reached(&caller, &id_of(&imported), &["undone"]).await;

    assert_eq!(undone["kept"], 0);
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 0);
}
