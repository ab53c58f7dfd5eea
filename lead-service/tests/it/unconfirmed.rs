//! Addresses that submissions say of known people: those of programs count, those that anyone may send do not.

use serde_json::{Value, json};

use crate::{
    arrange::id_of,
    intake::{Intake, status, warned},
};

const PHONE: &str = "+49 30 901820";

fn ada() -> Value {
    json!({"email": "ada@example.com", "phone": PHONE, "linkedin_url": "linkedin.com/in/mallory", "company": "Acme"})
}

#[actix_web::test]
async fn what_anyone_may_send_gives_a_known_person_no_further_address() {
    for (policy, word, company) in
        [("attach", "attached", Value::Null), ("update_empty", "updated", json!("Acme"))]
    {
        let intake = Intake::start().await;
        let key = intake.key(json!({"duplicate_policy": policy})).await;
        let known = intake.send(&key, &json!({"email": "ada@example.com", "name": "Ada"})).await.expect(201);

        let again = intake.send(&key, &ada()).await;
        let by_number = intake.send(&key, &json!({ "phone": PHONE })).await;

        assert_eq!((status(&again), &again.body["id"]), ((200, word), &known["id"]));
        assert_eq!(again.body["warnings"], Value::Null, "who sends must not learn who is known");
        assert_eq!(status(&by_number), (201, "created"), "{policy}: the number is not this person's");
        assert_ne!(by_number.body["id"], known["id"]);
        let lead = intake.lead(&known).await;
        assert_eq!((&lead["phone"], &lead["linkedin_url"]), (&Value::Null, &Value::Null));
        assert_eq!(lead["company_name"], company);
        let of_lead = format!("identity_keys WHERE lead_id = '{}'", id_of(&known));
        assert_eq!(intake.number(&of_lead).await, 1, "{policy}");
        let entry = intake.entries(&format!("outcome={word}")).await.remove(0);
        let marks = [("phone", "unconfirmed"), ("linkedin_url", "unconfirmed")];
        assert_eq!(warned(&entry["warnings"]), marks, "{policy}");
        assert_eq!(entry["sent"], ada(), "nothing of it is lost");
        let told = "events WHERE event_type = 'Lead.submission.UPDATE' \
                    AND current_state -> 'unconfirmed' = '[\"phone\", \"linkedin_url\"]'";
        assert_eq!(intake.number(told).await, 1, "{policy}");
    }
}

#[actix_web::test]
async fn what_a_program_sends_gives_a_known_person_further_addresses() {
    for (policy, word, phone) in
        [("attach", "attached", Value::Null), ("update_empty", "updated", json!("+4930901820"))]
    {
        let intake = Intake::start().await;
        let key = intake.key(json!({"kind": "server", "duplicate_policy": policy})).await;
        let known = intake.send(&key, &json!({"email": "ada@example.com", "name": "Ada"})).await.expect(201);

        let again = intake.send(&key, &ada()).await;
        let by_number = intake.send(&key, &json!({ "phone": PHONE })).await;

        assert_eq!((status(&again), &again.body["id"]), ((200, word), &known["id"]));
        assert_eq!(by_number.expect(200)["id"], known["id"], "{policy}");
        assert_eq!(intake.lead(&known).await["phone"], phone);
        assert_eq!(intake.number("identity_keys").await, 3);
        let entries = intake.entries(&format!("outcome={word}")).await;
        assert!(entries.iter().all(|entry| entry["warnings"] == Value::Null), "{entries:?}");
    }
}

#[actix_web::test]
async fn a_mark_names_the_field_as_the_form_does_and_only_people_of_the_tenant_see_it() {
    let intake = Intake::start().await;
    let key = intake.key(json!({"allowed_origins": ["https://acme.example"]})).await;
    intake.map(&key, json!({"fields": {"mail": "email", "ruf": "phone"}})).await.expect(200);
    let address = intake.address(&key).await;
    let body = json!({"mail": "ada@example.com", "ruf": PHONE});
    let known = intake.send(&key, &json!({"mail": "ada@example.com"})).await.expect(201);

    let by_key = intake.send(&key, &body).await;
    let by_address = intake.app.anonymous().post(&address, &body).await;

    assert_eq!((status(&by_key), &by_key.body["warnings"]), ((201, "created"), &Value::Null));
    assert_eq!(by_address.expect(200), json!({"status": "received"}));
    let entries = intake.entries(&format!("lead_id={}&outcome=attached", id_of(&known))).await;
    assert_eq!(entries.len(), 2);
    for entry in entries {
        let mark = json!({"field": "ruf", "code": "unconfirmed",
            "message": "was not added to the lead: nothing shows that its sender is this person"});
        assert_eq!(entry["warnings"], json!([mark]));
    }
}

#[actix_web::test]
async fn the_addresses_that_a_person_has_already_are_not_marked() {
    let intake = Intake::start().await;
    let key = intake.key(json!({})).await;
    let body = json!({"email": "ada@example.com", "phone": PHONE});
    intake.send(&key, &body).await.expect(201);

    intake.send(&key, &body).await.expect(200);

    assert_eq!(intake.entries("outcome=attached").await[0]["warnings"], Value::Null);
}

#[actix_web::test]
async fn those_who_come_at_once_cannot_slip_an_address_in() {
    let intake = Intake::start().await;
    let key = intake.key(json!({})).await;
    let known = intake.send(&key, &json!({"email": "ada@example.com"})).await.expect(201);
    let posts = (0..30).map(|n| {
        let phone = format!("+49 30 9018{:02}", 20 + n % 10);
        json!({"email": "ADA@example.com", "phone": phone})
    });

    let posts: Vec<Value> = posts.collect();
    let replies = futures::future::join_all(posts.iter().map(|body| intake.send(&key, body))).await;

    assert!(
        replies.iter().all(|reply| status(reply) == (200, "attached") && reply.body["id"] == known["id"])
    );
    assert_eq!((intake.number("leads").await, intake.number("identity_keys").await), (1, 1));
}
