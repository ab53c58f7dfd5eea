//! An import adds, changes and takes back what the person who started it may, when it is started and while it runs.

use contracts::{UserId, identity::DataScope};
use serde_json::{Value, json};
use testkit::Caller;
use wiremock::MockServer;

use super::{assert_denied, lead, path};
use crate::{
    arrange::{Granted, Leads, id_of},
    imports::{counts, import, reached, send},
};

const FILE: &str = "email,first_name\nada@example.com,Augusta\nnew@example.com,New\n";
const BY_EMAIL: [(&str, &str); 1] = [("update_by", "email")];

/// A service with a fake tenant-service for the rights of import starters.
async fn start() -> (Leads, Granted, MockServer) {
    let tenants = MockServer::start().await;
    let granted = Granted::by(&tenants).await;
    (Leads::start_with(&[("TENANT_URL", &tenants.uri())]).await, granted, tenants)
}

async fn ada(caller: &Caller) -> String {
    lead(caller, json!({"first_name": "Ada", "email": "ada@example.com"})).await
}

async fn first_name(caller: &Caller, id: &str) -> Value {
    caller.get(&path(id)).await.expect(200)["first_name"].clone()
}

#[actix_web::test]
async fn starting_an_import_takes_the_permissions_of_what_it_will_write() {
    let (app, _granted, _tenants) = start().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    let (no_adder, no_changer) = (caller.without(&["leads:create"]), caller.without(&["leads:update"]));

    assert_denied(&send(&no_adder, FILE, &[]).await, "leads:create");
    assert_denied(&send(&no_adder, FILE, &[("mode", "validate")]).await, "leads:create");
    assert_denied(&send(&no_changer, FILE, &BY_EMAIL).await, "leads:update");
    let looked_at = import(&no_changer, FILE, &[("mode", "validate")]).await;
    let commit = format!("/api/v2/imports/{}/commit", id_of(&looked_at));
    assert_denied(&no_adder.post(&commit, &json!({})).await, "leads:create");
    assert_denied(&no_changer.post(&commit, &json!({"update_by": "email"})).await, "leads:update");
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 0);
    no_changer.post(&commit, &json!({})).await.expect(202);
    assert_eq!(counts(&reached(&caller, &id_of(&looked_at), &["completed"]).await), [2, 2, 0, 0, 0]);
}

#[actix_web::test]
async fn taking_an_import_back_takes_the_permissions_to_delete_and_change() {
    let (app, _granted, _tenants) = start().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    ada(&caller).await;
    let done = import(&caller, FILE, &BY_EMAIL).await;
    assert_eq!(counts(&done), [2, 1, 1, 0, 0]);
    let undo = format!("/api/v2/imports/{}/undo", id_of(&done));

    for code in ["leads:delete", "leads:update"] {
        assert_denied(&caller.without(&[code]).post(&undo, &json!({})).await, code);
    }

    caller.post(&undo, &json!({})).await.expect(202);
    reached(&caller, &id_of(&done), &["undone"]).await;
}

#[actix_web::test]
async fn an_import_is_taken_back_only_by_a_caller_who_sees_all_that_it_wrote() {
    let (app, _granted, _tenants) = start().await;
    let app = app.with_background();
    let admin = app.user(app.tenant().await);
    let worker = app.user_named(admin.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    let known =
        lead(&admin, json!({"first_name": "Ada", "email": "ada@example.com", "assigned_to": null})).await;
    let done = import(&worker, FILE, &BY_EMAIL).await;
    assert_eq!(counts(&done), [2, 1, 1, 0, 0], "it acts with the data scope that tenant-service tells");
    let undo = format!("/api/v2/imports/{}/undo", id_of(&done));

    let refused = worker.post(&undo, &json!({})).await;

    assert_eq!(refused.problem(), (409, "records_out_of_scope"));
    admin.post(&undo, &json!({})).await.expect(202);
    reached(&admin, &id_of(&done), &["undone"]).await;
    assert_eq!(first_name(&admin, &known).await, "Ada");
}

#[actix_web::test]
async fn an_import_changes_only_leads_that_the_person_sees_while_it_runs() {
    let (app, granted, _tenants) = start().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    let known = ada(&caller).await;
    granted.set(DataScope::Own, &[], &[]);
    let other = app.user_named(caller.tenant(), UserId::new());

    let done = import(&other, FILE, &BY_EMAIL).await;

    assert_eq!(counts(&done), [2, 1, 0, 1, 0]);
    assert_eq!(first_name(&caller, &known).await, "Ada");
    granted.set(DataScope::Team, &[caller.user()], &[]);
    assert_eq!(counts(&import(&other, FILE, &BY_EMAIL).await), [2, 0, 2, 0, 0]);
}

#[actix_web::test]
async fn an_import_fails_when_the_person_has_lost_a_permission_that_it_takes() {
    let (app, granted, _tenants) = start().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    for code in ["imports:run", "leads:create", "leads:update"] {
        granted.set(DataScope::All, &[], &[code]);

        let failed = import(&caller, FILE, &BY_EMAIL).await;

        assert_eq!(failed["status"], "failed", "{failed}");
        assert!(failed["failure"].as_str().unwrap().contains(code), "{failed}");
    }
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 0);
    granted.set(DataScope::All, &[], &["leads:update"]);
    assert_eq!(import(&caller, FILE, &[]).await["status"], "completed");
}

#[actix_web::test]
async fn taking_an_import_back_fails_when_the_person_has_lost_the_permission_and_can_be_asked_for_again() {
    let (app, granted, _tenants) = start().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    let done = import(&caller, FILE, &[]).await;
    let undo = format!("/api/v2/imports/{}/undo", id_of(&done));

    granted.set(DataScope::All, &[], &["leads:delete"]);
    caller.post(&undo, &json!({})).await.expect(202);
    let failed = reached(&caller, &id_of(&done), &["failed"]).await;
    assert!(failed["failure"].as_str().unwrap().contains("leads:delete"), "{failed}");
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 2);

    granted.set(DataScope::All, &[], &[]);
    caller.post(&undo, &json!({})).await.expect(202);
    let undone = reached(&caller, &id_of(&done), &["undone"]).await;
    assert_eq!((&undone["failure"], &undone["status"]), (&Value::Null, &json!("undone")));
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 0);
}

#[actix_web::test]
async fn an_import_pauses_while_the_person_is_no_member_and_goes_on_afterwards() {
    let (app, granted, _tenants) = start().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    granted.withdraw();
    let id = id_of(&send(&caller, FILE, &[]).await.expect(202));
    let paused = async || {
        let import = caller.get(&format!("/api/v2/imports/{id}")).await.expect(200);
        import["failure"].as_str().is_some_and(|reason| reason.starts_with("Paused"))
            && import["status"] == "pending"
    };
    for _ in 0..100 {
        if paused().await {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(paused().await, "it says why it waits");

    granted.set(DataScope::All, &[], &[]);
    app.database.execute("UPDATE imports SET leased_until = now() - interval '1 second'").await;
    let done = reached(&caller, &id, &["completed"]).await;

    assert_eq!((counts(&done), &done["failure"]), ([2, 2, 0, 0, 0], &Value::Null));
}
