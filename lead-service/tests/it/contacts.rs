//! Contacts.

use contracts::{UserId, identity::DataScope};
use serde_json::json;

use crate::arrange::{Leads, account};

#[actix_web::test]
async fn a_contact_can_be_added_changed_deleted_and_restored() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let account = account(&caller).await;
    let body = json!({"first_name": "Ada", "email": "Ada@Example.com", "phone": "+44 20 7946 0958", "account_id": account});

    let created = caller.post("/api/v2/contacts", &body).await;
    let location = created.header("location").unwrap().to_owned();
    let contact = created.expect(201);
    assert_eq!((&contact["email"], &contact["phone"]), (&json!("ada@example.com"), &json!("+442079460958")));
    let changed = caller.patch(&location, &json!({"role_title": "CTO"})).await.expect(200);
    assert_eq!((&changed["role_title"], &changed["account_id"]), (&json!("CTO"), &json!(account)));
    assert_eq!(caller.delete(&location).await.status, 204);
    assert_eq!(caller.get(&location).await.problem(), (404, "not_found"));
    caller.post(&format!("{location}/restore"), &json!({})).await.expect(200);

    let listed = caller.get(&format!("/api/v2/contacts?account_id={account}&search=ada")).await.expect(200);
    assert_eq!(listed["count"], 1);
    for kind in ["Contact.CREATE", "Contact.UPDATE", "Contact.DELETE", "Contact.deleted.UPDATE"] {
        let sql = format!("SELECT count(*) AS number FROM events WHERE event_type = '{kind}'");
        assert_eq!(app.database.number(&sql).await, 1, "{kind}");
    }
}

#[actix_web::test]
async fn a_contact_needs_something_to_be_known_by_and_references_that_exist() {
    let app = Leads::start().await;
    let (owner, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let account = account(&owner).await;

    let nameless = stranger.post("/api/v2/contacts", &json!({"notes": "who?", "phone": "ring"})).await;
    let foreign = stranger.post("/api/v2/contacts", &json!({"first_name": "A", "account_id": account})).await;

    let faults = nameless.faults();
    assert_eq!(
        faults,
        [("last_name", "required"), ("phone", "invalid_phone")].map(|(f, c)| (f.into(), c.into()))
    );
    assert_eq!(foreign.faults(), [("account_id".to_owned(), "unknown_reference".to_owned())]);
    let narrow = app.user_named(owner.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    let unseen = narrow.post("/api/v2/contacts", &json!({"first_name": "A", "account_id": account})).await;
    assert_eq!(unseen.text.len(), foreign.text.len(), "an account out of sight is like another tenant's");
    assert_eq!(unseen.faults(), foreign.faults());
}

#[actix_web::test]
async fn contacts_go_and_come_back_with_their_account() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let account = account(&caller).await;
    for name in ["A", "B"] {
        caller
            .post("/api/v2/contacts", &json!({"first_name": name, "account_id": account}))
            .await
            .expect(201);
    }
    let gone = caller.get("/api/v2/contacts?first_name=B").await.expect(200)["results"][0]["id"].clone();
    caller.delete(&format!("/api/v2/contacts/{}", gone.as_str().unwrap())).await;
    let remaining = async || caller.get("/api/v2/contacts").await.expect(200)["count"].clone();

    caller.delete(&format!("/api/v2/accounts/{account}")).await;
    assert_eq!(remaining().await, 0);
    caller.post(&format!("/api/v2/accounts/{account}/restore"), &json!({})).await.expect(200);

    assert_eq!(remaining().await, 1, "the one deleted before stays deleted");
    let told = "SELECT count(*) AS number FROM events WHERE event_type = 'Contact.deleted.UPDATE'";
    assert_eq!(app.database.number(told).await, 1);
}
