//! Conversions: used records, effects, and how long they stand.

use contracts::{UserId, identity::DataScope};
use serde_json::{Value, json};
use testkit::Caller;

use crate::{
    arrange::{Leads, account, product, tenant_service},
    conversions::lead,
};

#[actix_web::test]
async fn a_conversion_uses_the_contact_and_the_account_that_are_there() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let known = json!({"first_name": "Ada", "email": "Ada@Example.com"});
    let known = caller.post("/api/v2/contacts", &known).await.expect(201);
    let account = account(&caller).await;
    for body in [
        json!({"first_name": "Ada", "email": "ada@example.com", "company_name": " ACME "}),
        json!({"first_name": "A", "email": "ada@EXAMPLE.com", "phone": "+44 20 7946 0958", "company_name": "acme."}),
    ] {
        let path = lead(&caller, body).await;

        let made =
            caller.post(&format!("{path}/convert"), &json!({"create_contact": true})).await.expect(200);

        assert_eq!((&made["contact"]["id"], &made["account"]["id"]), (&known["id"], &json!(account)));
        assert_eq!(
            (&made["deal"]["contact_id"], &made["deal"]["account_id"]),
            (&known["id"], &json!(account))
        );
        assert_eq!(made["contact"]["version"], known["version"], "it is used as it is");
    }
    for (table, number) in [("contacts", 1), ("accounts", 1), ("deals", 2)] {
        let sql = format!("SELECT count(*) AS number FROM {table}");
        assert_eq!(app.database.number(&sql).await, number, "{table}");
    }
}

#[actix_web::test]
async fn a_contact_with_another_address_or_out_of_sight_is_another_person() {
    let tenants = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenants.uri())]).await;
    let caller = app.user(app.tenant().await);
    let narrow = app.user_named(caller.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    let office = json!({"first_name": "Bob", "email": "bob@example.com", "phone": "+44 20 7946 0958"});
    let office = caller.post("/api/v2/contacts", &office).await.expect(201)["id"].clone();

    let sharing = json!({"first_name": "Ada", "email": "ada@example.com", "phone": "+44 20 7946 0958"});
    let path = lead(&caller, sharing).await;
    let made = caller.post(&format!("{path}/convert"), &json!({})).await.expect(200);
    let path = lead(&narrow, json!({"first_name": "Bob", "email": "bob@example.com"})).await;
    let unseen = narrow.post(&format!("{path}/convert"), &json!({})).await.expect(200);

    assert_ne!(made["contact"]["id"], office, "they share a phone");
    assert_ne!(unseen["contact"]["id"], office);
}

#[actix_web::test]
async fn the_contact_of_a_person_is_found_among_however_many_share_a_phone_number() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let phone = "+44 20 7946 0958";
    for n in 0..25 {
        let body =
            json!({"first_name": format!("C{n}"), "email": format!("c{n}@example.com"), "phone": phone});
        caller.post("/api/v2/contacts?allow_duplicate=true", &body).await.expect(201);
    }
    let ada = json!({"first_name": "Ada", "email": "ada@example.com", "phone": phone});
    let known = caller.post("/api/v2/contacts?allow_duplicate=true", &ada).await.expect(201);
    let path = lead(&caller, ada).await;

    let made = caller.post(&format!("{path}/convert"), &json!({})).await.expect(200);

    assert_eq!(made["contact"]["id"], known["id"]);
    assert_eq!(app.database.number("SELECT count(*) AS number FROM contacts").await, 26);
}

#[actix_web::test]
async fn a_conversion_makes_an_account_without_a_product_too() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let path = lead(&caller, json!({"first_name": "Ada", "company_name": "Engines Ltd"})).await;

    let made = caller.post(&format!("{path}/convert"), &json!({})).await.expect(200);

    let account = &made["account"];
    assert_eq!((&account["name"], &account["product_id"]), (&json!("Engines Ltd"), &json!(null)));
    assert_eq!((&made["deal"]["account_id"], &made["lead"]["account_id"]), (&account["id"], &account["id"]));
    assert_eq!(made["contact"]["account_id"], account["id"]);
    let place = format!("/api/v2/accounts/{}", account["id"].as_str().unwrap());
    let changed = caller.patch(&place, &json!({"industry": "Engines"})).await.expect(200);
    assert_eq!(changed["product_id"], json!(null));
    let product = product(&caller).await;
    let changed = caller.patch(&place, &json!({"product_id": product})).await.expect(200);
    assert_eq!(changed["product_id"], json!(product));
}

#[actix_web::test]
async fn a_lead_is_converted_as_long_as_its_deal_is_there() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let path = lead(&caller, json!({"first_name": "Ada", "status": "contacted"})).await;
    let convert = format!("{path}/convert");
    let first = caller.post(&convert, &json!({})).await.expect(200);
    let deal = format!("/api/v2/deals/{}", first["deal"]["id"].as_str().unwrap());

    caller.delete(&deal).await.expect(204);
    let open = caller.get(&path).await.expect(200);
    let conversion = |lead: &Value| {
        (lead["status"].clone(), lead["converted_at"].is_string(), lead["converted_to_deal_id"].clone())
    };
    assert_eq!(conversion(&open), (json!("contacted"), false, json!(null)));
    caller.post(&format!("{deal}/restore"), &json!({})).await.expect(200);
    let closed = caller.get(&path).await.expect(200);
    assert_eq!(conversion(&closed), (json!("converted"), true, first["deal"]["id"].clone()));
    assert_eq!(caller.post(&convert, &json!({})).await.problem(), (409, "already_converted"));

    caller.delete(&deal).await.expect(204);
    let second = caller.post(&convert, &json!({})).await.expect(200);
    assert_ne!(second["deal"]["id"], first["deal"]["id"]);
    assert_eq!(second["contact"]["id"], first["contact"]["id"], "the person is one contact");
    caller.post(&format!("{deal}/restore"), &json!({})).await.expect(200);
    let lead = caller.get(&path).await.expect(200);
    assert_eq!(lead["converted_to_deal_id"], second["deal"]["id"], "it became another deal meanwhile");
    let recorded = "SELECT count(*) AS number FROM events WHERE event_type = 'Lead.status.UPDATE'";
    assert_eq!(app.database.number(recorded).await, 5);
}

#[actix_web::test]
async fn the_status_of_a_lead_says_converted_only_where_there_is_a_deal() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let path = lead(&caller, json!({"first_name": "Ada"})).await;
    let converted = json!({"status": "converted"});
    let fault = |code: &str| vec![("status".to_owned(), code.to_owned())];

    let by_patch = caller.patch(&path, &converted).await;
    let by_post = caller.post("/api/v2/leads", &json!({"first_name": "B", "status": "converted"})).await;
    for refused in [&by_patch, &by_post] {
        assert_eq!(refused.problem(), (422, "conversion_required"));
        assert_eq!(refused.faults(), fault("conversion_required"));
    }
    let items = json!({"items": [{"first_name": "C", "status": "converted"}, {"first_name": "D"}]});
    let bulk = caller.post("/api/v2/leads/bulk_create", &items).await.expect(200);
    assert_eq!((bulk["created"].as_array().unwrap().len(), &bulk["errors"][0]["index"]), (1, &json!(0)));

    caller.post(&format!("{path}/convert"), &json!({})).await.expect(200);
    let back = caller.patch(&path, &json!({"status": "new"})).await;
    assert_eq!((back.problem(), back.faults()), ((409, "already_converted"), fault("already_converted")));
    assert!(back.body["conversion"]["deal_id"].is_string());
    let kept = caller.patch(&path, &json!({"status": "converted", "notes": "x"})).await.expect(200);
    assert_eq!((&kept["status"], &kept["notes"]), (&json!("converted"), &json!("x")));
}

#[actix_web::test]
async fn open_tasks_go_along_with_a_conversion_and_timelines_show_the_lead() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let path = lead(&caller, json!({"first_name": "Ada", "company_name": "Acme"})).await;
    let id = path.rsplit('/').next().unwrap();
    for status in ["open", "in_progress", "done", "cancelled"] {
        let task = json!({"title": status, "status": status, "entity_type": "lead", "entity_id": id});
        caller.post("/api/v2/tasks", &task).await.expect(201);
    }
    let call = json!({"activity_type": "call", "subject": "Agreed on price", "lead_id": id});
    caller.post("/api/v2/activities", &call).await.expect(201);

    let made = caller.post(&format!("{path}/convert"), &json!({})).await.expect(200);

    let of = async |kind: &str, id: &Value| {
        let list =
            format!("/api/v2/tasks?entity_type={kind}&entity_id={}&ordering=title", id.as_str().unwrap());
        let rows = caller.get(&list).await.expect(200)["results"].as_array().unwrap().clone();
        rows.iter().map(|row| row["title"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(of("deal", &made["deal"]["id"]).await, ["in_progress", "open"]);
    assert_eq!(of("lead", &made["lead"]["id"]).await, ["cancelled", "done"]);
    for (slice, thing, own) in [
        ("deals", "deal", "Deal created"),
        ("contacts", "contact", "Contact created"),
        ("accounts", "account", "Account created"),
    ] {
        let place = format!("/api/v2/{slice}/{}/timeline", made[thing]["id"].as_str().unwrap());
        let titles = async |caller: &Caller| -> Vec<String> {
            let rows = caller.get(&place).await.expect(200)["results"].as_array().unwrap().clone();
            rows.iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect()
        };
        let all = titles(&caller).await;
        for title in [own, "Lead created", "Status changed", "Agreed on price"] {
            assert_eq!(all.iter().filter(|known| *known == title).count(), 1, "{slice}: {all:?}");
        }
        let blind = titles(&caller.without(&["leads:read"])).await;
        assert_eq!(blind, [own], "{slice}");
    }
}
