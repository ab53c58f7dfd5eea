//! Imports of CSV files, from the upload to the last row.

use std::{fmt::Write, time::Duration};

use lead_service::LeadService;
use platform::{command::App, worker};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use testkit::{Caller, Reply, caller::read};

use crate::arrange::{Leads, id_of, importing as start};

pub async fn send(caller: &Caller, csv: &str, fields: &[(&str, &str)]) -> Reply {
    send_named(caller, "leads.csv", csv, fields).await
}

/// A file of that name, imported to its end.
pub async fn import_named(
    caller: &Caller,
    name: &str,
    file: impl Into<Vec<u8>>,
    fields: &[(&str, &str)],
) -> Value {
    let accepted = send_named(caller, name, file, fields).await.expect(202);
    reached(caller, &id_of(&accepted), &OVER).await
}

pub async fn send_named(
    caller: &Caller,
    name: &str,
    file: impl Into<Vec<u8>>,
    fields: &[(&str, &str)],
) -> Reply {
    let file = Part::bytes(file.into()).file_name(name.to_owned());
    let form = fields
        .iter()
        .fold(Form::new(), |form, (name, value)| form.text((*name).to_owned(), (*value).to_owned()))
        .part("file", file);
    read(caller.request(Method::POST, "/api/v2/imports").multipart(form)).await
}

/// Workers of further processes, until they are stopped.
pub fn working(app: &Leads, processes: usize) -> worker::ShutdownTrigger {
    let (trigger, shutdown) = worker::shutdown();
    (0..processes).for_each(|_| LeadService::spawn_background(&app.deps, &app.base, &shutdown));
    trigger
}

/// The import when it is in one of these states.
pub async fn reached(caller: &Caller, id: &str, states: &[&str]) -> Value {
    let mut last = Value::Null;
    for _ in 0..400 {
        let import = caller.get(&format!("/api/v2/imports/{id}")).await.expect(200);
        if states.contains(&import["status"].as_str().unwrap()) {
            return import;
        }
        last = import;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the import does not get there: {last}");
}

pub const OVER: [&str; 3] = ["completed", "completed_with_errors", "failed"];

pub async fn import(caller: &Caller, csv: &str, fields: &[(&str, &str)]) -> Value {
    let accepted = send(caller, csv, fields).await.expect(202);
    assert_eq!(accepted["status"], "pending");
    reached(caller, &id_of(&accepted), &OVER).await
}

pub fn counts(import: &Value) -> [i64; 5] {
    ["total", "created", "updated", "duplicates", "errors"].map(|name| import[name].as_i64().unwrap())
}

const FILE: &str = "Name,E-Mail,Phone,Tier,Junk\r\n\
    Ada Lovelace,Ada@Example.com,+49 30 901820,gold,x\r\n\
    \"Bob, the\n2nd\",bob@example.com,,tin,x\r\n\
    Ada again,ADA@example.com,,,\r\n\
    =Eve,nope,call me,,\r\n";

#[actix_web::test]
async fn a_file_becomes_leads_duplicates_and_errors() {
    let (app, _tenants) = start().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    let mapping = r#"{"Tier": "custom_fields.tier", "Junk": null}"#;

    let import = import(&caller, FILE, &[("mapping", mapping)]).await;

    assert_eq!(import["status"], "completed_with_errors", "{import}");
    assert_eq!(counts(&import), [4, 2, 0, 1, 1]);
    assert_eq!(import["expected"], json!({"created": 2, "updated": 0, "duplicates": 1, "errors": 1}));
    assert_eq!((&import["progress"], &import["file_name"]), (&json!(100), &json!("leads.csv")));
    let leads = caller.get("/api/v2/leads?ordering=email").await.expect(200);
    let ada = &leads["results"][0];
    assert_eq!(
        (&leads["count"], &ada["email"], &ada["source"]),
        (&json!(2), &json!("ada@example.com"), &json!("import"))
    );
    assert_eq!(
        (&ada["custom_fields"], &ada["created_by"]),
        (&json!({"tier": "gold"}), &json!(caller.user()))
    );
    let told = "SELECT count(*) AS number FROM events WHERE event_type = 'Lead.CREATE' AND actor ->> 'kind' = 'user'";
    assert_eq!(app.database.number(told).await, 2);
    let file = caller.get(import["error_file"].as_str().unwrap()).await;
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0], "Name,E-Mail,Phone,Tier,Junk,import_row,import_errors");
    assert!(lines[1].starts_with("'=Eve,nope,call me,,,4,"), "{}", lines[1]);
    assert!(
        lines[1].contains("email is not an e-mail address") && lines[1].contains("phone"),
        "{}",
        lines[1]
    );
}

#[actix_web::test]
async fn validation_counts_and_writes_nothing() {
    let (app, _tenants) = start().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);

    let import = import(&caller, FILE, &[("mode", "validate")]).await;

    assert_eq!(counts(&import), [4, 2, 0, 1, 1]);
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 0);
    assert_eq!(caller.get(import["error_file"].as_str().unwrap()).await.text.lines().count(), 2);
    let undo = caller.post(&format!("/api/v2/imports/{}/undo", id_of(&import)), &json!({})).await;
    assert_eq!(undo.problem(), (409, "not_undoable"));
}

#[actix_web::test]
async fn known_leads_are_updated_by_email_or_reference_and_the_import_undone() {
    let (app, _tenants) = start().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    let known =
        json!({"email": "ada@example.com", "first_name": "Ada", "lead_reference_id": "7", "notes": "old"});
    let known = id_of(&caller.post("/api/v2/leads", &known).await.expect(201));
    let path = format!("/api/v2/leads/{known}");
    let csv = "email,first_name,notes\nADA@example.com,Augusta,\nnew@example.com,New,x\n";

    let by_email = import(&caller, csv, &[("update_by", "email")]).await;
    assert_eq!(counts(&by_email), [2, 1, 1, 0, 0]);
    let lead = caller.get(&path).await.expect(200);
    assert_eq!(
        (&lead["first_name"], &lead["notes"]),
        (&json!("Augusta"), &json!("old")),
        "an empty cell says nothing"
    );
    let by_reference = "external_id,company\n7,Acme\n8,Acme\n";
    let by_reference = import(&caller, by_reference, &[("update_by", "external_id")]).await;
    assert_eq!(counts(&by_reference), [2, 1, 1, 0, 0]);

    caller.patch(&path, &json!({"role_title": "Countess"})).await.expect(200);
    let undo = format!("/api/v2/imports/{}/undo", id_of(&by_email));
    caller.post(&undo, &json!({})).await.expect(202);
    reached(&caller, &id_of(&by_email), &["undone"]).await;
    let lead = caller.get(&path).await.expect(200);
    assert_eq!((&lead["first_name"], &lead["role_title"]), (&json!("Ada"), &json!("Countess")));
    assert_eq!(lead["company_name"], "Acme", "another import's change stays");
    assert_eq!(caller.get("/api/v2/leads?email=new@example.com").await.expect(200)["count"], 0);
    assert_eq!(caller.post(&undo, &json!({})).await.problem(), (409, "not_undoable"));
}

#[actix_web::test]
async fn every_row_has_one_outcome_however_often_workers_end_and_take_over() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let mut csv = "name,email\n".to_owned();
    for n in 0..1_500 {
        let email = if n % 10 == 9 { "nope".to_owned() } else { format!("p{}@example.com", n / 2) };
        writeln!(csv, "N{n},{email}").unwrap();
    }
    let id = id_of(&send(&caller, &csv, &[]).await.expect(202));

    // Workers that end in the middle, and others that lose their leases while they work. They have longer and
    // longer, for all rows have to be looked at in one go before the first is written.
    for round in 0..200 {
        let trigger = working(&app, 2);
        tokio::time::sleep(Duration::from_millis(40 + round % 7 * 30 + round * 4)).await;
        let expire = "WITH e AS (UPDATE imports SET leased_until = now() - interval '1 second' RETURNING 1) \
                      SELECT count(*) AS number FROM e";
        app.database.number(expire).await;
        tokio::time::sleep(Duration::from_millis(30)).await;
        trigger.trigger();
        trigger.heeded().await;
        if caller.get(&format!("/api/v2/imports/{id}")).await.expect(200)["status"] == "completed_with_errors"
        {
            break;
        }
    }

    let import = reached(&caller, &id, &OVER).await;
    let [total, created, updated, duplicates, errors] = counts(&import);
    assert_eq!((total, created + updated + duplicates + errors, errors), (1_500, 1_500, 150));
    assert_eq!(app.database.number("SELECT count(*) AS number FROM import_rows").await, 1_500);
    assert_eq!(app.database.number("SELECT count(*) AS number FROM leads").await, created);
    assert_eq!(app.database.number("SELECT count(DISTINCT email) AS number FROM leads").await, created);
    assert_eq!(
        app.database.number("SELECT count(*) AS number FROM events WHERE event_type = 'Lead.CREATE'").await,
        created
    );
}

#[actix_web::test]
async fn a_worker_whose_import_another_has_taken_writes_nothing_more() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let people: String = (0..10_000).map(|n| format!("N{n},p{n}@example.com\n")).collect();
    let csv = format!("name,email\n{people}");
    let id = id_of(&send(&caller, &csv, &[]).await.expect(202));
    let trigger = working(&app, 1);
    reached(&caller, &id, &["running"]).await;

    let taken = "UPDATE imports SET worker = 'another', leased_until = now() + interval '1 hour'";
    app.database.execute(taken).await;
    let rows = async || app.database.number("SELECT count(*) AS number FROM import_rows").await;
    let written = rows().await;
    tokio::time::sleep(Duration::from_secs(1)).await;

    assert_eq!(rows().await, written);
    assert!(written < 10_000, "it was taken in the middle");
    let held = "SELECT count(*) AS number FROM imports WHERE worker = 'another' AND status = 'running'";
    assert_eq!(app.database.number(held).await, 1);
    trigger.trigger();
    trigger.heeded().await;
    assert_eq!(app.database.number(held).await, 1, "nor does it hand back what is not its own");
}

#[actix_web::test]
async fn a_process_that_is_told_to_end_hands_its_import_back_at_once() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let mut csv = "name,email\n".to_owned();
    for n in 0..3_000 {
        writeln!(csv, "N{n},p{n}@example.com").unwrap();
    }
    let id = id_of(&send(&caller, &csv, &[]).await.expect(202));
    let trigger = working(&app, 1);
    reached(&caller, &id, &["validating", "running"]).await;

    trigger.trigger();
    trigger.heeded().await;

    let left = caller.get(&format!("/api/v2/imports/{id}")).await.expect(200);
    assert!(!OVER.contains(&left["status"].as_str().unwrap()), "{left}");
    let held = "SELECT count(*) AS number FROM imports WHERE worker IS NOT NULL OR leased_until IS NOT NULL";
    assert_eq!(app.database.number(held).await, 0);
    let _app = app.with_background();
    let import = reached(&caller, &id, &OVER).await;
    assert_eq!(counts(&import), [3_000, 3_000, 0, 0, 0]);
}

#[actix_web::test]
async fn what_was_looked_at_is_written_by_another_mapping_once() {
    let (app, _tenants) = start().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    let csv = "who,mail,level\nAda,ada@example.com,gold\nBob,nope,tin\n";
    let looked_at = import(&caller, csv, &[("mode", "validate")]).await;
    assert_eq!((counts(&looked_at), &looked_at["mapping"]["level"]), ([2, 1, 0, 0, 1], &Value::Null));
    let path = format!("/api/v2/imports/{}/commit", id_of(&looked_at));

    let faults = caller.post(&path, &json!({"mapping": {"level": "password"}})).await.faults();
    let mapping = json!({"mapping": {"who": "name", "level": "custom_fields.level"}});
    let tries = futures::future::join_all((0..4).map(|_| caller.post(&path, &mapping))).await;
    let import = reached(&caller, &id_of(&looked_at), &OVER).await;
    assert_eq!(faults, [("mapping.level".to_owned(), "unknown_field".to_owned())]);
    assert_eq!(tries.iter().filter(|reply| reply.status == 202).count(), 1);
    assert!(tries.iter().all(|reply| reply.status == 202 || reply.problem() == (409, "not_committable")));
    assert_eq!((counts(&import), &import["mode"]), ([2, 1, 0, 0, 1], &json!("commit")));
    let ada = &caller.get("/api/v2/leads").await.expect(200)["results"][0];
    assert_eq!((&ada["first_name"], &ada["custom_fields"]), (&json!("Ada"), &json!({"level": "gold"})));
    assert_eq!(caller.get(import["error_file"].as_str().unwrap()).await.text.lines().count(), 2);
}
