//! A submission that is read again by a better mapping gives the better lead.

use serde_json::{Value, json};
use testkit::Reply;

use crate::{
    arrange::id_of,
    intake::{Intake, Key},
};

/// A form that is not understood at first.
struct Form {
    intake: Intake,
    key: Key,
    made: Value,
    entry: String,
}

impl Form {
    async fn sending(sent: &Value) -> Self {
        let intake = Intake::start().await;
        let key = intake.key(json!({})).await;
        let made = intake.send(&key, sent).await.expect(201);
        let entry = id_of(&intake.entries("outcome=created").await[0]);
        Self { intake, key, made, entry }
    }

    async fn map(&self, fields: Value) {
        self.intake.map(&self.key, json!({ "fields": fields })).await.expect(200);
    }

    async fn replay(&self) -> Reply {
        self.intake.caller.post(&format!("/api/v2/ingests/{}/replay", self.entry), &json!({})).await
    }

    async fn lead(&self) -> Value {
        self.intake.lead(&self.made).await
    }

    async fn patch(&self, changes: Value) {
        self.intake.caller.patch(&format!("/api/v2/leads/{}", id_of(&self.made)), &changes).await.expect(200);
    }
}

#[actix_web::test]
async fn a_better_mapping_gives_the_better_lead() {
    let form =
        Form::sending(&json!({"email": "ada@example.com", "x1": "Ada", "x2": "Lovelace", "x3": "Acme"}))
            .await;
    assert_eq!(form.lead().await["first_name"], Value::Null);
    form.patch(json!({"notes": "called"})).await;
    let fields = json!({"x1": "first_name", "x2": "last_name", "x3": "company_name"});
    form.map(fields.clone()).await;

    let replayed = form.replay().await.expect(200);

    let lead = form.lead().await;
    assert_eq!((&lead["first_name"], &lead["last_name"]), (&json!("Ada"), &json!("Lovelace")));
    assert_eq!((&lead["company_name"], &lead["notes"]), (&json!("Acme"), &json!("called")));
    assert_eq!((&lead["email"], &lead["source"]), (&json!("ada@example.com"), &json!("website")));
    assert_eq!((&replayed["outcome"], &replayed["lead_id"]), (&json!("created"), &form.made["id"]));
    assert_eq!(replayed["mapping"], fields);
    assert!(replayed["replayed_at"].is_string());
    let by = format!(
        "events WHERE event_type = 'Lead.UPDATE' AND 'first_name' = ANY(changed_fields) AND actor ->> 'id' = '{}'",
        form.intake.caller.user()
    );
    assert_eq!(form.intake.number(&by).await, 1);

    form.replay().await.expect(200);
    assert_eq!(form.lead().await, lead, "twice is once");
    assert_eq!(form.intake.number("leads").await, 1);
}

#[actix_web::test]
async fn what_changed_since_stays_and_what_the_submission_said_is_said_better() {
    let form = Form::sending(&json!({
        "email": "ada@example.com", "name": "Contact Form", "x1": "Ada", "x2": "Lovelace", "x3": "Acme"
    }))
    .await;
    assert_eq!(form.lead().await["first_name"], "Contact");
    form.patch(json!({"last_name": "King", "company_name": "Engines"})).await;
    form.map(json!({"name": null, "x1": "first_name", "x2": "last_name", "x3": "company_name"})).await;

    form.replay().await.expect(200);

    let lead = form.lead().await;
    assert_eq!((&lead["first_name"], &lead["last_name"]), (&json!("Ada"), &json!("King")));
    assert_eq!(lead["company_name"], "Engines");
}

#[actix_web::test]
async fn each_better_mapping_replaces_what_the_one_before_gave() {
    let form = Form::sending(&json!({"email": "ada@example.com", "x1": "gold"})).await;
    for (name, expected) in [("plan", json!({"plan": "gold"})), ("tariff", json!({"tariff": "gold"}))] {
        form.map(json!({"x1": format!("custom_fields.{name}")})).await;
        form.replay().await.expect(200);
        assert_eq!(form.lead().await["custom_fields"], expected);
    }
    form.patch(json!({"custom_fields": {"tariff": "silver", "own": 1}})).await;
    form.map(json!({"x1": "custom_fields.rate"})).await;

    form.replay().await.expect(200);

    let fields = form.lead().await["custom_fields"].clone();
    assert_eq!(fields, json!({"tariff": "silver", "own": 1, "rate": "gold"}), "what a person wrote stays");
}

#[actix_web::test]
async fn the_address_that_a_better_mapping_reads_is_the_one_the_person_is_known_by() {
    let form = Form::sending(&json!({"email": "a.lovelace@acme.example", "x1": "ada@example.com"})).await;
    form.map(json!({"email": null, "x1": "email"})).await;

    form.replay().await.expect(200);

    assert_eq!(form.lead().await["email"], "ada@example.com");
    let again =
        form.intake.send(&form.key, &json!({"email": "x", "x1": "ADA@example.com"})).await.expect(200);
    assert_eq!(again["id"], form.made["id"]);
    let other = form.intake.send(&form.key, &json!({"x1": "a.lovelace@acme.example"})).await.expect(201);
    assert_ne!(other["id"], form.made["id"], "the other address is free");
}

#[actix_web::test]
async fn what_was_refused_is_taken_in_by_the_mapping_of_now() {
    let intake = Intake::start().await;
    let key = intake.key(json!({})).await;
    intake.send(&key, &json!({"email": "nope", "x1": "ada@example.com", "x2": "Ada"})).await.expect(400);
    let entry = id_of(&intake.entries("status=rejected").await[0]);
    let path = format!("/api/v2/ingests/{entry}/replay");
    assert_eq!(intake.caller.post(&path, &json!({})).await.status, 400);
    intake.map(&key, json!({"fields": {"email": null, "x1": "email", "x2": "first_name"}})).await.expect(200);

    let replayed = intake.caller.post(&path, &json!({})).await.expect(200);

    assert_eq!((&replayed["outcome"], &replayed["errors"]), (&json!("created"), &Value::Null));
    let lead = intake.lead(&json!({"id": replayed["lead_id"]})).await;
    assert_eq!((&lead["email"], &lead["first_name"]), (&json!("ada@example.com"), &json!("Ada")));
}

#[actix_web::test]
async fn to_change_a_lead_by_reading_again_takes_the_permission() {
    let form = Form::sending(&json!({"email": "ada@example.com", "x1": "Ada"})).await;
    let path = format!("/api/v2/ingests/{}/replay", form.entry);
    let without = form.intake.caller.without(&["leads:update"]);
    without.post(&path, &json!({})).await.expect(200);
    form.map(json!({"x1": "first_name"})).await;

    let refused = without.post(&path, &json!({})).await;

    assert_eq!(
        (refused.problem(), &refused.body["permission"]),
        ((403, "permission_denied"), &json!("leads:update"))
    );
    assert_eq!(form.lead().await["first_name"], Value::Null);
}

#[actix_web::test]
async fn what_only_went_onto_a_timeline_changes_no_lead() {
    let form = Form::sending(&json!({"email": "ada@example.com"})).await;
    form.intake.send(&form.key, &json!({"email": "ada@example.com", "x1": "Ada"})).await.expect(200);
    let attached = id_of(&form.intake.entries("outcome=attached").await[0]);
    form.map(json!({"x1": "first_name"})).await;
    let before = form.lead().await;

    let path = format!("/api/v2/ingests/{attached}/replay");
    let replayed = form.intake.caller.post(&path, &json!({})).await.expect(200);

    assert_eq!((&replayed["outcome"], &replayed["replayed_at"]), (&json!("attached"), &Value::Null));
    assert_eq!(form.lead().await, before);
}

#[actix_web::test]
async fn the_submission_of_a_deleted_lead_brings_nothing_back() {
    let form = Form::sending(&json!({"email": "ada@example.com", "x1": "Ada"})).await;
    form.intake.caller.delete(&format!("/api/v2/leads/{}", id_of(&form.made))).await.expect(204);
    form.map(json!({"x1": "first_name"})).await;

    form.replay().await.expect(200);

    assert_eq!(form.intake.number("leads WHERE deleted_at IS NULL").await, 0);
    assert_eq!(form.intake.number("leads WHERE first_name IS NOT NULL").await, 0);
}
