//! Submissions that wait for a person: held for a lead, or suspected to come from no person.

use contracts::{UserId, identity::DataScope};
use serde_json::{Value, json};
use testkit::Reply;
use uuid::Uuid;

use crate::{
    arrange::{id_of, tenant_service},
    intake::{Intake, Key, status},
};

const PHONE: &str = "+49 30 901820";

/// A tenant with a lead, a submission that is held for it, and one of a bot.
struct Waiting {
    intake: Intake,
    key: Key,
    known: Value,
    held: String,
    suspected: String,
}

impl Waiting {
    async fn new() -> Self {
        let intake = Intake::start().await;
        let key = intake.key(json!({"duplicate_policy": "hold"})).await;
        intake.map(&key, json!({"honeypot_field": "website2"})).await.expect(200);
        let known = intake.send(&key, &json!({"email": "ada@example.com", "name": "Ada"})).await.expect(201);
        let held = json!({"email": "ada@example.com", "name": "Ada L", "phone": PHONE});
        let held = id_of(&intake.send(&key, &held).await.expect(202));
        let bot = json!({"email": "bob@example.com", "name": "Bob", "website2": "spam"});
        intake.send(&key, &bot).await.expect(201);
        let suspected = id_of(&intake.entries("status=quarantined").await[0]);
        Self { intake, key, known, held, suspected }
    }

    async fn release(&self, entry: &str, to: &Value) -> Reply {
        self.intake.caller.post(&format!("/api/v2/ingests/{entry}/release"), &json!({ "as": to })).await
    }

    async fn reject(&self, entry: &str) -> Reply {
        self.intake.caller.post(&format!("/api/v2/ingests/{entry}/reject"), &json!({})).await
    }

    async fn entry(&self, id: &str) -> Value {
        self.intake.caller.get(&format!("/api/v2/ingests/{id}")).await.expect(200)
    }

    /// Number of the events of a submission that a person made.
    async fn told(&self, event_type: &str, entry: &str) -> i64 {
        let by = self.intake.caller.user();
        let told = format!(
            "events e JOIN outbox o ON o.event_id = e.id WHERE e.entity_type = 'Ingest' AND e.event_type = '{event_type}' \
             AND e.entity_id = '{entry}' AND e.actor ->> 'kind' = 'user' AND e.actor ->> 'id' = '{by}'"
        );
        self.intake.number(&told).await
    }
}

fn fault(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

#[actix_web::test]
async fn what_waits_is_listed_by_what_it_waits_for() {
    let waiting = Waiting::new().await;
    let ids = async |status: &str| -> Vec<String> {
        waiting.intake.entries(&format!("status={status}")).await.iter().map(id_of).collect()
    };

    assert_eq!(ids("held").await, std::slice::from_ref(&waiting.held));
    assert_eq!(ids("quarantined").await, std::slice::from_ref(&waiting.suspected));
    assert_eq!((ids("done").await.len(), ids("rejected").await.len()), (1, 0));
    let entry = waiting.entry(&waiting.held).await;
    assert_eq!((&entry["lead_id"], &entry["outcome"]), (&waiting.known["id"], &json!("quarantined")));
    assert_eq!((&entry["reviewed_by"], &entry["reviewed_at"]), (&Value::Null, &Value::Null));
    assert_eq!(entry["source_key"], json!(format!("key:{}", waiting.key.id)));
    assert_eq!(waiting.intake.caller.get("/api/v2/ingests?status=lost").await.status, 400);
}

#[actix_web::test]
async fn what_is_released_as_new_makes_a_lead_once() {
    let waiting = Waiting::new().await;
    for (nth, entry) in [&waiting.held, &waiting.suspected].into_iter().enumerate() {
        let released = waiting.release(entry, &json!("new")).await.expect(200);
        let again = waiting.release(entry, &json!("new")).await.expect(200);

        assert_eq!((&released["outcome"], &released["status"]), (&json!("created"), &json!("done")));
        assert_eq!(released["reviewed_by"], json!(waiting.intake.caller.user()));
        assert!(released["reviewed_at"].is_string());
        assert_eq!(
            (again["id"].clone(), again["lead_id"].clone()),
            (json!(entry), released["lead_id"].clone())
        );
        assert_ne!(released["lead_id"], waiting.known["id"]);
        assert_eq!(waiting.intake.number("leads").await, i64::try_from(nth).unwrap() + 2);
        assert_eq!(waiting.told("Ingest.status.UPDATE", entry).await, 1);
        assert_eq!(waiting.told("Ingest.UPDATE", entry).await, 1);
        let elsewhere = waiting.release(entry, &waiting.known["id"]).await;
        assert_eq!(elsewhere.problem(), (409, "not_waiting"));
        assert_eq!(elsewhere.body["outcome"], "created");
    }
    assert!(waiting.intake.entries("status=held").await.is_empty());
    assert!(waiting.intake.entries("status=quarantined").await.is_empty());
    let made = waiting.intake.caller.get("/api/v2/leads?email=bob@example.com").await.expect(200);
    assert_eq!(made["results"][0]["first_name"], "Bob");
}

#[actix_web::test]
async fn what_is_released_to_a_lead_goes_onto_its_timeline_and_its_addresses_are_that_persons() {
    let waiting = Waiting::new().await;
    let other = waiting.intake.caller.post("/api/v2/leads", &json!({"first_name": "Bob"})).await.expect(201);

    let released = waiting.release(&waiting.held, &waiting.known["id"]).await.expect(200);
    let again = waiting.release(&waiting.held, &waiting.known["id"]).await.expect(200);
    let suspected = waiting.release(&waiting.suspected, &other["id"]).await.expect(200);

    assert_eq!((&released["outcome"], &released["lead_id"]), (&json!("attached"), &waiting.known["id"]));
    assert_eq!((&again["lead_id"], &again["reviewed_at"]), (&released["lead_id"], &released["reviewed_at"]));
    assert_eq!((&suspected["outcome"], &suspected["lead_id"]), (&json!("attached"), &other["id"]));
    assert_eq!(waiting.intake.number("leads").await, 2);
    let attached = format!(
        "events WHERE event_type = 'Lead.submission.UPDATE' AND current_state ->> 'ingest_id' = '{}'",
        waiting.held
    );
    assert_eq!(waiting.intake.number(&attached).await, 1);
    // A person named their leads: from now on they are found by these addresses.
    let key = waiting.intake.key(json!({})).await;
    for (body, lead) in [
        (json!({ "phone": PHONE }), &waiting.known["id"]),
        (json!({"email": "bob@example.com"}), &other["id"]),
    ] {
        let found = waiting.intake.send(&key, &body).await;
        assert_eq!((status(&found), &found.body["id"]), ((200, "attached"), lead), "{body}");
    }
}

#[actix_web::test]
async fn what_is_released_with_a_key_that_fills_fills_the_lead() {
    let intake = Intake::start().await;
    let key = intake.key(json!({"duplicate_policy": "update_empty"})).await;
    intake.map(&key, json!({"honeypot_field": "website2"})).await.expect(200);
    let lead = intake.caller.post("/api/v2/leads", &json!({"first_name": "Ada"})).await.expect(201);
    let body = json!({"email": "ada@example.com", "name": "Augusta L", "website2": "x"});
    intake.send(&key, &body).await.expect(201);
    let entry = id_of(&intake.entries("status=quarantined").await[0]);

    let path = format!("/api/v2/ingests/{entry}/release");
    let released = intake.caller.post(&path, &json!({"as": lead["id"]})).await.expect(200);

    assert_eq!((&released["outcome"], &released["lead_id"]), (&json!("updated"), &lead["id"]));
    let lead = intake.lead(&lead).await;
    assert_eq!((&lead["first_name"], &lead["last_name"]), (&json!("Ada"), &json!("L")));
    assert_eq!(lead["email"], "ada@example.com");
}

#[actix_web::test]
async fn what_is_rejected_makes_nothing_and_may_be_replayed() {
    let waiting = Waiting::new().await;

    let rejected = waiting.reject(&waiting.suspected).await.expect(200);
    let again = waiting.reject(&waiting.suspected).await.expect(200);
    let released = waiting.release(&waiting.suspected, &json!("new")).await;

    assert_eq!((&rejected["outcome"], &rejected["status"]), (&json!("rejected"), &json!("rejected")));
    assert_eq!(rejected["reviewed_by"], json!(waiting.intake.caller.user()));
    assert_eq!(again, rejected, "rejecting twice changes nothing");
    let codes: Vec<&Value> =
        rejected["errors"].as_array().unwrap().iter().map(|reason| &reason["code"]).collect();
    assert_eq!(codes, ["honeypot", "rejected"], "it says why it waited");
    assert_eq!(waiting.told("Ingest.status.UPDATE", &waiting.suspected).await, 1);
    assert_eq!((released.problem(), &released.body["outcome"]), ((409, "not_waiting"), &json!("rejected")));
    assert_eq!(waiting.intake.number("leads").await, 1);

    let path = format!("/api/v2/ingests/{}/replay", waiting.suspected);
    let replayed = waiting.intake.caller.post(&path, &json!({})).await.expect(200);
    assert_eq!(replayed["outcome"], "created", "a person may think better of it");
    assert_eq!(waiting.reject(&waiting.suspected).await.problem(), (409, "not_waiting"));
}

#[actix_web::test]
async fn those_who_decide_at_once_decide_once() {
    let waiting = Waiting::new().await;
    let release = json!("new");

    let replies = futures::future::join_all((0..10).map(async |n| match n % 2 {
        0 => waiting.release(&waiting.held, &release).await,
        _ => waiting.reject(&waiting.held).await,
    }))
    .await;

    let entry = waiting.entry(&waiting.held).await;
    let released = entry["status"] == "done";
    assert_eq!(waiting.intake.number("leads").await, if released { 2 } else { 1 });
    for (n, reply) in replies.iter().enumerate() {
        let is_wanted = (n % 2 == 0) == released;
        assert_eq!(reply.status, if is_wanted { 200 } else { 409 }, "{n}: {}", reply.text);
    }
    assert_eq!(waiting.told("Ingest.status.UPDATE", &waiting.held).await, 1);
}

#[actix_web::test]
async fn an_idempotency_key_decides_once() {
    let waiting = Waiting::new().await;
    let caller = waiting.intake.caller.with("idempotency-key", "k");
    let path = format!("/api/v2/ingests/{}/release", waiting.held);

    let first = caller.post(&path, &json!({"as": "new"})).await;
    let again = caller.post(&path, &json!({"as": "new"})).await;

    assert_eq!((first.status.as_u16(), &first.text), (200, &again.text));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(waiting.intake.number("leads").await, 2);
}

#[actix_web::test]
async fn each_effect_of_a_review_takes_its_permission() {
    let waiting = Waiting::new().await;
    let caller = &waiting.intake.caller;
    let path = |verb: &str| format!("/api/v2/ingests/{}/{verb}", waiting.held);
    let (new, known) = (json!({"as": "new"}), json!({"as": waiting.known["id"]}));
    for (code, verb, body) in [
        ("ingests:replay", "release", &new),
        ("ingests:replay", "reject", &json!({})),
        ("leads:create", "release", &new),
        ("leads:update", "release", &known),
    ] {
        let refused = caller.without(&[code]).post(&path(verb), body).await;
        assert_eq!(refused.problem(), (403, "permission_denied"), "{verb} without {code}");
        assert_eq!(refused.body["permission"], code);
    }
    assert_eq!(waiting.entry(&waiting.held).await["status"], "held");

    let outline = json!({"id": waiting.held});
    let blind = caller.without(&["ingests:read", "leads:create"]).post(&path("release"), &known).await;
    assert_eq!(blind.expect(200), outline, "what was sent is for those who may read it");
    let path = format!("/api/v2/ingests/{}/reject", waiting.suspected);
    let blind = caller.without(&["ingests:read"]).post(&path, &json!({})).await;
    assert_eq!(blind.expect(200), json!({"id": waiting.suspected}));
}

#[actix_web::test]
async fn a_target_is_new_or_a_lead_that_the_caller_sees() {
    let tenants = tenant_service().await;
    let intake = Intake::start_with(&[("TENANT_URL", &tenants.uri())]).await;
    let key = intake.key(json!({"duplicate_policy": "hold"})).await;
    let known = intake.send(&key, &json!({"email": "ada@example.com"})).await.expect(201);
    let held = id_of(&intake.send(&key, &json!({"email": "ada@example.com"})).await.expect(202));
    let foreign = intake.caller.post("/api/v2/leads", &json!({"first_name": "Bob"})).await.expect(201);
    let worker = intake.app.user_named(intake.caller.tenant(), UserId::new());
    let to = json!({"user_id": worker.user()});
    intake.caller.post(&format!("/api/v2/leads/{}/assign", id_of(&known)), &to).await.expect(200);
    let worker = worker.scoped(DataScope::Own, &[]);
    let stranger = intake.app.user(intake.app.tenant().await);
    let path = format!("/api/v2/ingests/{held}/release");

    for (caller, to) in [
        (&worker, foreign["id"].clone()),
        (&worker, json!(Uuid::now_v7())),
        (&intake.caller, json!(Uuid::now_v7())),
    ] {
        let refused = caller.post(&path, &json!({ "as": to })).await;
        assert_eq!((refused.status.as_u16(), refused.faults()), (422, fault("as", "unknown_reference")));
    }
    let word = intake.caller.post(&path, &json!({"as": "old"})).await;
    assert_eq!((word.status.as_u16(), word.faults()), (400, fault("as", "not_allowed")));
    let lacking = intake.caller.post(&path, &json!({})).await;
    assert_eq!(lacking.faults(), fault("as", "required"));
    let unassigned = intake.app.user_named(intake.caller.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    for outsider in [&stranger, &unassigned] {
        assert_eq!(outsider.post(&path, &json!({"as": "new"})).await.problem(), (404, "not_found"));
        let reject = format!("/api/v2/ingests/{held}/reject");
        assert_eq!(outsider.post(&reject, &json!({})).await.problem(), (404, "not_found"));
    }
    assert_eq!(worker.post(&path, &json!({"as": known["id"]})).await.expect(200)["outcome"], "attached");
}

#[actix_web::test]
async fn what_is_faulty_by_now_goes_on_waiting() {
    let waiting = Waiting::new().await;
    waiting.intake.map(&waiting.key, json!({"consent_required": true})).await.expect(200);

    let refused = waiting.release(&waiting.held, &json!("new")).await;

    assert_eq!((refused.status.as_u16(), refused.faults()), (400, fault("consent", "required")));
    assert_eq!(waiting.entry(&waiting.held).await["status"], "held");
    assert_eq!(waiting.intake.number("leads").await, 1);
}
