//! Timelines and past states of records.

use chrono::Utc;
use serde_json::{Value, json};

use crate::arrange::{Leads, account};

fn members<'a>(rows: &'a [Value], name: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row[name].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_timeline_tells_changes_and_activities_newest_first_in_stretches() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let lead = caller.post("/api/v2/leads", &json!({"first_name": "Ada"})).await.expect(201)["id"].clone();
    let path = format!("/api/v2/leads/{}", lead.as_str().unwrap());
    caller.patch(&path, &json!({"status": "contacted"})).await.expect(200);
    let note = json!({"activity_type": "note", "subject": "Likes engines", "lead_id": lead});
    caller.post("/api/v2/activities", &note).await.expect(201);
    caller.patch(&path, &json!({"last_name": "Lovelace", "notes": "x"})).await.expect(200);
    caller.delete(&path).await;
    caller.post(&format!("{path}/restore"), &json!({})).await.expect(200);

    let mut entries: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let stretch = caller.get(&format!("{path}/timeline?page_size=2&cursor={cursor}")).await.expect(200);
        entries.extend(stretch["results"].as_array().unwrap().clone());
        match stretch["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }

    assert_eq!(members(&entries, "kind"), ["restored", "deleted", "updated", "note", "updated", "created"]);
    let titles = [
        "Lead restored",
        "Lead deleted",
        "2 fields changed",
        "Likes engines",
        "Status changed",
        "Lead created",
    ];
    assert_eq!(members(&entries, "title"), titles);
    assert_eq!(entries[4]["changes"], json!({"status": {"from": "new", "to": "contacted"}}));
    assert_eq!(entries[3]["actor"], json!({"kind": "user", "id": caller.user()}));
    assert_eq!(entries[3]["changes"], json!({}));
    assert_eq!(entries[0].as_object().unwrap().len(), 5);
    let bad = caller.get(&format!("{path}/timeline?cursor=x&colour=red")).await;
    assert_eq!(bad.faults(), [("colour".to_owned(), "unknown_field".to_owned())]);
    assert_eq!(caller.get(&format!("{path}/timeline?cursor=x")).await.problem().0, 400);
}

#[actix_web::test]
async fn accounts_deals_and_contacts_have_timelines_too() {
    let app = Leads::start().await;
    let (caller, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let account = json!(account(&caller).await);
    let contact =
        caller.post("/api/v2/contacts", &json!({"first_name": "A"})).await.expect(201)["id"].clone();
    let deal = caller.post("/api/v2/deals", &json!({"title": "D"})).await.expect(201)["id"].clone();
    let body = json!({"activity_type": "call", "subject": "All", "account_id": account, "contact_id": contact, "deal_id": deal});
    caller.post("/api/v2/activities", &body).await.expect(201);

    for (slice, id) in [("accounts", account), ("contacts", contact), ("deals", deal)] {
        let path = format!("/api/v2/{slice}/{}/timeline", id.as_str().unwrap());
        let timeline = caller.get(&path).await.expect(200);
        assert_eq!(members(timeline["results"].as_array().unwrap(), "kind"), ["call", "created"], "{slice}");
        assert_eq!(stranger.get(&path).await.problem(), (404, "not_found"));
    }
}

#[actix_web::test]
async fn a_lead_is_read_as_it_was() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let before = Utc::now();
    let created = caller.post("/api/v2/leads", &json!({"first_name": "Ada", "score": 1.0})).await.expect(201);
    let path = format!("/api/v2/leads/{}", created["id"].as_str().unwrap());
    let mut moments = vec![Utc::now()];
    for change in
        [json!({"status": "contacted", "score": 2.0}), json!({"status": "qualified", "notes": "Good"})]
    {
        caller.patch(&path, &change).await.expect(200);
        moments.push(Utc::now());
    }
    caller.delete(&path).await;
    let deleted = Utc::now();
    caller.post(&format!("{path}/restore"), &json!({})).await.expect(200);
    let at = async |moment: chrono::DateTime<Utc>| {
        let at = moment.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        caller.get(&format!("{path}/as_of?at={at}")).await
    };

    let mut states = Vec::new();
    for moment in &moments {
        let then = at(*moment).await.expect(200);
        states.push((then["status"].clone(), then["score"].clone(), then["notes"].clone()));
        assert_eq!((&then["first_name"], &then["id"]), (&json!("Ada"), &created["id"]));
    }

    assert_eq!(states[0], (json!("new"), json!(1.0), json!(null)));
    assert_eq!(states[1], (json!("contacted"), json!(2.0), json!(null)));
    assert_eq!(states[2], (json!("qualified"), json!(2.0), json!("Good")));
    assert_eq!(at(before).await.problem(), (404, "not_found"));
    assert_eq!(at(deleted).await.problem(), (404, "not_found"));
    assert_eq!(at(Utc::now()).await.expect(200)["status"], "qualified");
    assert_eq!(
        caller.get(&format!("{path}/as_of")).await.faults(),
        [("at".to_owned(), "required".to_owned())]
    );
    assert_eq!(caller.get(&format!("{path}/as_of?at=then")).await.faults()[0].1, "invalid_datetime");
}
