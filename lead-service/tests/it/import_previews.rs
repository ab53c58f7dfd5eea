//! Imports that wait until a person has seen what their columns were taken for.

use contracts::{UserId, identity::DataScope};
use serde_json::{Value, json};
use testkit::Caller;
use wiremock::MockServer;

use crate::{
    arrange::{Granted, Leads, id_of, importing},
    imports::{OVER, counts, import, reached, send},
};

const FILE: &str =
    "Mail,Vorname,Farbe,id\nada@example.com,Ada,rot,1\nbob@example.com,Bob,blau,2\nnope,Eve,rot,3\n";

async fn start() -> (Leads, Caller, MockServer) {
    let (app, tenants) = importing().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    (app, caller, tenants)
}

async fn waiting(caller: &Caller, csv: &str) -> (String, String) {
    let accepted = send(caller, csv, &[("mode", "preview")]).await.expect(202);
    assert_eq!((&accepted["status"], &accepted["mode"]), (&json!("pending"), &json!("preview")));
    let id = id_of(&accepted);
    (format!("/api/v2/imports/{id}"), id)
}

async fn leads(caller: &Caller) -> Value {
    caller.get("/api/v2/leads").await.expect(200)["count"].clone()
}

#[actix_web::test]
async fn a_preview_shows_the_columns_in_their_order_with_samples_and_reasons() {
    let (_app, caller, _tenants) = start().await;
    let (path, _) = waiting(&caller, FILE).await;

    let preview = caller.get(&format!("{path}/preview")).await.expect(200);

    let columns = preview["columns"].as_array().unwrap();
    let names: Vec<&str> = columns.iter().map(|column| column["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Mail", "Vorname", "Farbe", "id"]);
    assert_eq!((&columns[0]["field"], &columns[1]["field"]), (&json!("email"), &json!("first_name")));
    assert_eq!((&columns[2]["field"], &columns[3]["field"]), (&Value::Null, &Value::Null));
    assert_eq!((&columns[2]["samples"], &columns[2]["distinct"]), (&json!(["rot", "blau"]), &json!(2)));
    assert!(columns[0]["confidence"].as_f64().unwrap() > 0.5 && columns[0]["reason"].is_string());
    assert_eq!(
        ["format", "charset", "delimiter", "heading_row", "rows_estimate"].map(|name| preview[name].clone()),
        [json!("csv"), json!("UTF-8"), json!(","), json!(1), json!(3)]
    );
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(leads(&caller).await, 0, "it waits");
}

#[actix_web::test]
async fn a_mapping_set_by_hand_is_used_and_remembered_for_the_next_file() {
    let (_app, caller, _tenants) = start().await;
    let (path, id) = waiting(&caller, FILE).await;
    let mapping =
        json!({"mapping": {"Farbe": "custom_fields.colour", "id": "external_id"}, "source_key": "shop"});

    let preview = caller.put(&format!("{path}/mapping"), &mapping).await.expect(200);
    assert_eq!(preview["columns"][2]["field"], "custom_fields.colour");
    let faults =
        caller.put(&format!("{path}/mapping"), &json!({"mapping": {"x": "email", "Mail": "password"}})).await;
    assert_eq!(faults.status, 400, "{}", faults.text);
    caller.post(&format!("{path}/validate"), &json!({})).await.expect(202);
    let looked_at = reached(&caller, &id, &OVER).await;
    assert_eq!((counts(&looked_at), leads(&caller).await), ([3, 2, 0, 0, 1], json!(0)), "{looked_at}");
    let rows = caller.get(&format!("{path}/rows?outcome=error")).await.expect(200);
    assert_eq!((&rows["count"], &rows["results"][0]["row"]), (&json!(1), &json!(3)));
    let started = caller.post(&format!("{path}/start"), &json!({"mode": "commit"})).await.expect(202);
    assert_eq!(started["mode"], "commit");
    let done = reached(&caller, &id, &OVER).await;

    assert_eq!(counts(&done), [3, 2, 0, 0, 1]);
    let ada = &caller.get("/api/v2/leads?email=ada@example.com").await.expect(200)["results"][0];
    assert_eq!(
        (&ada["custom_fields"], &ada["lead_reference_id"], &ada["source_key"]),
        (&json!({"colour": "rot"}), &json!("1"), &json!("import:shop"))
    );
    for (verb, code) in
        [("start", "not_startable"), ("validate", "not_startable"), ("commit", "not_committable")]
    {
        let refused = caller.post(&format!("{path}/{verb}"), &json!({})).await;
        assert_eq!(refused.problem(), (409, code));
    }
    let late = caller.put(&format!("{path}/mapping"), &mapping).await;
    assert_eq!(late.problem(), (409, "not_mappable"));

    let next = import(&caller, "Mail,Vorname,Farbe,id\ncy@example.com,Cy,rot,9\n", &[]).await;
    assert_eq!(next["mapping"]["Farbe"], "custom_fields.colour", "{next}");
}

#[actix_web::test]
async fn a_wrong_guess_of_how_the_file_is_written_is_overruled() {
    let (_app, caller, _tenants) = start().await;
    let (path, id) = waiting(&caller, "x;y\nname;email\nAda;ada@example.com\n").await;

    let settings = json!({"heading_row": 1, "delimiter": ";"});
    let preview = caller.put(&format!("{path}/mapping"), &settings).await.expect(200);
    assert_eq!((&preview["columns"][0]["name"], &preview["heading_row"]), (&json!("x"), &json!(1)));
    let preview = caller.put(&format!("{path}/mapping"), &json!({"heading_row": 2})).await.expect(200);
    assert_eq!(preview["columns"][1]["field"], "email");
    caller.post(&format!("{path}/start"), &json!({})).await.expect(202);

    assert_eq!(counts(&reached(&caller, &id, &OVER).await), [1, 1, 0, 0, 0]);
}

#[actix_web::test]
async fn known_people_are_treated_as_was_asked_and_listed() {
    let (_app, caller, _tenants) = start().await;
    let known = json!({"email": "ada@example.com", "first_name": "Ada", "utm": {"source": "ads"}});
    let known = id_of(&caller.post("/api/v2/leads", &known).await.expect(201));
    let csv =
        "email,first_name,company,utm_medium\nada@example.com,Augusta,Acme,cpc\nnew@example.com,New,X,\n";
    let ada = async || caller.get(&format!("/api/v2/leads/{known}")).await.expect(200);

    let skipped = import(&caller, csv, &[]).await;
    assert_eq!(counts(&skipped), [2, 1, 0, 1, 0]);
    let rows =
        caller.get(&format!("/api/v2/imports/{}/rows?outcome=duplicate", id_of(&skipped))).await.expect(200);
    let row = &rows["results"][0];
    assert_eq!(
        (&row["row"], &row["lead_id"], &row["matched_by"]),
        (&json!(1), &json!(known), &json!("email"))
    );
    let timeline = caller.get(&format!("/api/v2/leads/{known}/timeline")).await.expect(200);
    assert_eq!(timeline["results"][0]["changes"]["submission"]["to"]["company_name"], "Acme", "{timeline}");

    assert_eq!(counts(&import(&caller, csv, &[("duplicates", "update_empty")]).await), [2, 0, 1, 1, 0]);
    let lead = ada().await;
    assert_eq!((&lead["first_name"], &lead["company_name"]), (&json!("Ada"), &json!("Acme")));
    assert_eq!(lead["utm"], json!({"source": "ads", "medium": "cpc"}));

    assert_eq!(counts(&import(&caller, csv, &[("duplicates", "update")]).await), [2, 0, 2, 0, 0]);
    assert_eq!(ada().await["first_name"], "Augusta");

    let attach = "email,external_id\nada@example.com,77\n";
    assert_eq!(counts(&import(&caller, attach, &[("duplicates", "attach")]).await), [1, 0, 0, 1, 0]);
    let by_reference =
        import(&caller, "external_id,role_title,first_name\n77,CTO,Ada\n", &[("duplicates", "update")]).await;
    assert_eq!(counts(&by_reference), [1, 0, 1, 0, 0], "{by_reference}");
    assert_eq!(ada().await["role_title"], "CTO");

    assert_eq!(counts(&import(&caller, csv, &[("duplicates", "create")]).await), [2, 2, 0, 0, 0]);
    let both = send(&caller, csv, &[("duplicates", "skip"), ("update_by", "email")]).await;
    assert_eq!(both.faults(), [("update_by".to_owned(), "ambiguous".to_owned())]);
}

#[actix_web::test]
async fn a_known_lead_outside_the_persons_scope_is_not_named_and_stays_as_it_is() {
    let tenants = MockServer::start().await;
    let granted = Granted::by(&tenants).await;
    let app = Leads::start_with(&[("TENANT_URL", &tenants.uri())]).await.with_background();
    let admin = app.user(app.tenant().await);
    let known = json!({"email": "ada@example.com", "first_name": "Ada"});
    let known = id_of(&admin.post("/api/v2/leads", &known).await.expect(201));
    granted.set(DataScope::Own, &[], &[]);
    let narrow = app.user_named(admin.tenant(), UserId::new()).scoped(DataScope::Own, &[]);

    let csv = "email,first_name\nada@example.com,Augusta\n";
    let import = import(&narrow, csv, &[("duplicates", "update")]).await;

    assert_eq!(counts(&import), [1, 0, 0, 1, 0], "{import}");
    let rows = narrow.get(&format!("/api/v2/imports/{}/rows", id_of(&import))).await.expect(200);
    assert_eq!(
        (&rows["results"][0]["lead_id"], &rows["results"][0]["matched_by"]),
        (&Value::Null, &json!("email"))
    );
    assert_eq!(admin.get(&format!("/api/v2/leads/{known}")).await.expect(200)["first_name"], "Ada");
}

#[actix_web::test]
async fn previews_are_their_tenants_and_within_the_callers_scope() {
    let (app, caller, _tenants) = start().await;
    let (path, _) = waiting(&caller, FILE).await;
    let stranger = app.user(app.tenant().await);
    let narrow = app.user_named(caller.tenant(), UserId::new()).scoped(DataScope::Own, &[]);

    for outsider in [&stranger, &narrow] {
        for reply in [
            outsider.get(&format!("{path}/preview")).await,
            outsider.get(&format!("{path}/rows")).await,
            outsider.put(&format!("{path}/mapping"), &json!({})).await,
            outsider.post(&format!("{path}/start"), &json!({})).await,
            outsider.post(&format!("{path}/validate"), &json!({})).await,
        ] {
            assert_eq!(reply.problem(), (404, "not_found"));
        }
    }
    let unknown = caller.get(&format!("{path}/rows?colour=red")).await;
    assert_eq!(unknown.problem(), (400, "validation_failed"));
    let update = json!({"duplicates": "update"});
    let refused = caller.without(&["leads:update"]).post(&format!("{path}/start"), &update).await;
    assert_eq!(refused.problem().0, 403, "{}", refused.text);
}
