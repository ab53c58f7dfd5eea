//! References of several sources: what anyone may send neither takes nor finds the references of programs.

use serde_json::{Value, json};

use crate::{
    arrange::id_of,
    intake::{Intake, status},
};

fn order(reference: &str, email: &str) -> Value {
    json!({"lead_reference_id": reference, "email": email})
}

#[actix_web::test]
async fn each_source_has_its_own_references() {
    let intake = Intake::start().await;
    let (browser, other) = (intake.key(json!({})).await, intake.key(json!({})).await);
    let (program, second) = (
        intake.key(json!({"kind": "server"})).await,
        intake.key(json!({"kind": "server", "name": "Second"})).await,
    );
    let address = intake.address(&browser).await;

    let taken = intake.send(&browser, &order("o-1", "mallory@example.com")).await.expect(201);
    let own = intake.send(&program, &order("o-1", "ada@example.com")).await.expect(201);
    let others = intake.send(&other, &order("o-1", "bob@example.com")).await.expect(201);
    intake.app.anonymous().post(&address, &order("o-1", "eve@example.com")).await.expect(200);

    assert_ne!(taken["id"], own["id"], "a form does not take a program's reference in advance");
    for (key, first) in [(&browser, &taken), (&program, &own), (&second, &own), (&other, &others)] {
        let again = intake.send(key, &order("o-1", "somewhere@example.com")).await;
        assert_eq!((status(&again), &again.body["id"]), ((200, "duplicate"), &first["id"]));
    }
    intake.app.anonymous().post(&address, &order("o-1", "somewhere@example.com")).await.expect(200);
    let leads = intake.caller.get("/api/v2/leads?lead_reference_id=o-1").await.expect(200);
    let mut sources: Vec<&str> = leads["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|lead| lead["source_key"].as_str().unwrap())
        .collect();
    sources.sort_unstable();
    let mut expected = [
        "api".to_owned(),
        format!("address:{}", browser.id),
        format!("key:{}", browser.id),
        format!("key:{}", other.id),
    ];
    expected.sort_unstable();
    assert_eq!(sources, expected);
    let programs = intake.caller.get("/api/v2/leads?source_key=api").await.expect(200);
    assert_eq!((&programs["count"], &programs["results"][0]["id"]), (&json!(1), &own["id"]));
    assert_eq!(intake.number("leads").await, 4);
}

#[actix_web::test]
async fn those_who_come_at_once_with_one_reference_are_a_lead_for_each_source() {
    let intake = Intake::start().await;
    let (browser, program) = (intake.key(json!({})).await, intake.key(json!({"kind": "server"})).await);
    let posts: Vec<Value> = (0..40).map(|n| order("o-1", &format!("p{n}@example.com"))).collect();

    let sent = posts.iter().enumerate().map(|(n, body)| {
        let key = if n % 2 == 0 { &browser } else { &program };
        intake.send(key, body)
    });
    let replies = futures::future::join_all(sent).await;

    assert_eq!(replies.iter().filter(|reply| status(reply) == (201, "created")).count(), 2);
    assert_eq!(replies.iter().filter(|reply| status(reply) == (200, "duplicate")).count(), 38);
    assert_eq!(intake.number("leads").await, 2);
}

#[actix_web::test]
async fn an_attached_reference_is_remembered_for_its_own_source() {
    let intake = Intake::start().await;
    let (browser, program) = (intake.key(json!({})).await, intake.key(json!({"kind": "server"})).await);
    let known = intake.send(&browser, &json!({"email": "ada@example.com"})).await.expect(201);
    let body = order("o-7", "ada@example.com");

    let first = intake.send(&browser, &body).await;
    let again = intake.send(&browser, &body).await;
    let programs = intake.send(&program, &order("o-7", "bob@example.com")).await;

    assert_eq!((status(&first), status(&again)), ((200, "attached"), (200, "duplicate")));
    assert_eq!(again.body["id"], known["id"]);
    assert_eq!(status(&programs), (201, "created"));
}

#[actix_web::test]
async fn an_upsert_finds_no_reference_that_a_form_took() {
    let intake = Intake::start().await;
    let browser = intake.key(json!({})).await;
    let taken = intake.send(&browser, &order("crm-1", "mallory@example.com")).await.expect(201);
    let upsert = "/api/v2/leads/upsert?match=external_id";

    let own = intake.caller.put(upsert, &order("crm-1", "ada@example.com")).await.expect(200);
    let again = intake.caller.put(upsert, &json!({"lead_reference_id": "crm-1", "notes": "x"})).await;

    assert_eq!(own["outcome"], "created");
    assert_ne!(own["id"], taken["id"]);
    assert_eq!(again.expect(200), json!({"id": own["id"], "outcome": "updated"}));
    assert_eq!(intake.lead(&taken).await["email"], "mallory@example.com");
}

#[actix_web::test]
async fn a_reference_that_a_person_writes_is_one_of_people_and_programs() {
    let intake = Intake::start().await;
    let (browser, program) = (intake.key(json!({})).await, intake.key(json!({"kind": "server"})).await);
    let made = intake.send(&browser, &order("o-1", "ada@example.com")).await.expect(201);
    let path = format!("/api/v2/leads/{}", id_of(&made));

    intake.caller.patch(&path, &json!({"notes": "called"})).await.expect(200);
    assert_eq!(intake.lead(&made).await["source_key"], json!(format!("key:{}", browser.id)));
    intake.caller.patch(&path, &json!({"lead_reference_id": "crm-1"})).await.expect(200);

    assert_eq!(intake.lead(&made).await["source_key"], "api");
    let by_program = intake.send(&program, &order("crm-1", "bob@example.com")).await;
    assert_eq!((status(&by_program), &by_program.body["id"]), ((200, "duplicate"), &made["id"]));
}

#[actix_web::test]
async fn a_merged_leads_reference_leads_to_the_winner_for_its_own_source_only() {
    let intake = Intake::start().await;
    let (browser, program) = (intake.key(json!({})).await, intake.key(json!({"kind": "server"})).await);
    let loser = intake.send(&browser, &order("o-9", "ada@example.com")).await.expect(201);
    let winner = intake.send(&program, &json!({"email": "countess@example.com"})).await.expect(201);
    let merge = json!({"winner": winner["id"], "losers": [loser["id"]]});
    let merged = intake.caller.post("/api/v2/leads/merge", &merge).await.expect(200);

    let browsers = intake.send(&browser, &order("o-9", "new@example.com")).await;
    let programs = intake.send(&program, &order("o-9", "bob@example.com")).await;

    assert_eq!((status(&browsers), &browsers.body["id"]), ((200, "duplicate"), &winner["id"]), "{merged}");
    assert_eq!(status(&programs), (201, "created"));
}

#[actix_web::test]
async fn a_reference_of_the_tenant_next_door_is_unknown() {
    let intake = Intake::start().await;
    let program = intake.key(json!({"kind": "server"})).await;
    intake.send(&program, &order("o-1", "ada@example.com")).await.expect(201);
    let caller = intake.app.user(intake.app.tenant().await);
    let other = Intake { app: intake.app, caller };
    let key = other.key(json!({"kind": "server"})).await;

    assert_eq!(status(&other.send(&key, &order("o-1", "ada@example.com")).await), (201, "created"));
}
