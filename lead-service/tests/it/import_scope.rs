//! Visibility of an import, of its file and of its rows.

use contracts::{TenantId, UserId, identity::DataScope};
use serde_json::{Value, json};
use testkit::{Caller, Reply};

use crate::{
    arrange::{Leads, id_of, importing as start},
    imports::{import, send},
};

/// A person who sees what these do.
fn person(app: &Leads, tenant: TenantId, scope: DataScope, team: &[UserId]) -> Caller {
    app.user_named(tenant, UserId::new()).scoped(scope, team)
}

/// Every request for the file of an import, or for its rows, that changes nothing.
async fn looks(caller: &Caller, path: &str) -> Vec<Reply> {
    let mut replies = Vec::new();
    for part in ["errors", "rows", "preview"] {
        replies.push(caller.get(&format!("{path}/{part}")).await);
    }
    replies
}

#[actix_web::test]
async fn imports_are_their_tenants_and_within_the_callers_scope() {
    let (app, _tenants) = start().await;
    let (caller, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let id = id_of(&send(&caller, "name,email\nAda,ada@example.com\n", &[]).await.expect(202));
    let path = format!("/api/v2/imports/{id}");
    let narrow = person(&app, caller.tenant(), DataScope::Own, &[]);

    for outsider in [&stranger, &narrow] {
        assert_eq!(outsider.get("/api/v2/imports").await.expect(200)["count"], 0);
        for reply in [
            outsider.get(&path).await,
            outsider.get(&format!("{path}/errors")).await,
            outsider.post(&format!("{path}/undo"), &json!({})).await,
        ] {
            assert_eq!(reply.problem(), (404, "not_found"));
        }
    }
    assert_eq!(caller.post(&format!("{path}/undo"), &json!({})).await.problem(), (409, "not_undoable"));
    assert_eq!(caller.get("/api/v2/imports?status=pending").await.expect(200)["count"], 1);
}

#[actix_web::test]
async fn a_team_sees_that_an_import_ran_and_neither_its_file_nor_its_rows() {
    let (app, _tenants) = start().await;
    let app = app.with_background();
    let tenant = app.tenant().await;
    let importer = person(&app, tenant, DataScope::Own, &[]);
    let boss = person(&app, tenant, DataScope::Team, &[importer.user()]);
    let csv = "name,email\nAda,ada@example.com\nBob,nope\n";
    let done = import(&importer, csv, &[("mode", "validate")]).await;
    let path = format!("/api/v2/imports/{}", id_of(&done));

    let seen = boss.get(&path).await.expect(200);
    let listed = boss.get("/api/v2/imports").await.expect(200);
    for import in [&seen, &listed["results"][0]] {
        assert_eq!((&import["created"], &import["errors"]), (&json!(1), &json!(1)), "{import}");
        assert_eq!(import["error_file"], Value::Null);
    }
    let mut refused = looks(&boss, &path).await;
    refused.push(boss.put(&format!("{path}/mapping"), &json!({})).await);
    for verb in ["start", "validate", "commit"] {
        refused.push(boss.post(&format!("{path}/{verb}"), &json!({})).await);
    }
    for reply in &refused {
        assert_eq!(reply.problem(), (404, "not_found"), "{}", reply.text);
    }
    let still = importer.get(&path).await.expect(200);
    assert_eq!((&still["mode"], &still["status"]), (&done["mode"], &done["status"]), "nothing was started");
}

#[actix_web::test]
async fn the_importer_and_people_who_see_everything_see_the_rows() {
    let (app, _tenants) = start().await;
    let app = app.with_background();
    let tenant = app.tenant().await;
    let importer = person(&app, tenant, DataScope::Own, &[]);
    let admin = person(&app, tenant, DataScope::All, &[]);
    let csv = "name,email\nAda,ada@example.com\nBob,nope\n";
    let done = import(&importer, csv, &[("mode", "validate")]).await;
    let path = format!("/api/v2/imports/{}", id_of(&done));

    for reader in [&importer, &admin] {
        let import = reader.get(&path).await.expect(200);
        assert_eq!(import["error_file"], json!(format!("{path}/errors")));
        for reply in looks(reader, &path).await {
            assert_eq!(reply.status, 200, "{}", reply.text);
        }
        let rows = reader.get(&format!("{path}/rows")).await.expect(200);
        assert_eq!(rows["count"], 2, "{rows}");
        reader.put(&format!("{path}/mapping"), &json!({"tag": "fair"})).await.expect(200);
    }
    admin.post(&format!("{path}/commit"), &json!({})).await.expect(202);
}
