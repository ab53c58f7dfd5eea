//! An upsert knows who is known.

use serde_json::{Value, json};
use testkit::Caller;

use crate::arrange::{Leads, api_key, id_of};

const BY_EMAIL: &str = "/api/v2/leads/upsert?match=email";
const BY_ID: &str = "/api/v2/leads/upsert?match=external_id";

async fn lead(caller: &Caller, body: Value) -> String {
    id_of(&caller.post("/api/v2/leads", &body).await.expect(201))
}

async fn count(caller: &Caller) -> Value {
    caller.get("/api/v2/leads?count=exact").await.expect(200)["count"].clone()
}

#[actix_web::test]
async fn beside_a_form_and_a_post_of_the_same_person_an_upsert_makes_one_lead() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let key = api_key(&caller, json!({})).await;
    let form = app.anonymous().with("x-api-key", &key);
    for n in 0..20 {
        let body = json!({"email": format!("x{n}@example.com"), "first_name": "Ada"});
        let submission = json!({"email": format!("X{n}@example.com"), "name": "Ada"});

        let (form, upsert, post) = futures::future::join3(
            form.post("/api/leads/ingest", &submission),
            caller.put(BY_EMAIL, &body),
            caller.post("/api/v2/leads", &body),
        )
        .await;

        assert!(form.status.is_success() && upsert.status == 200, "{}: {}", form.text, upsert.text);
        assert!(post.status == 201 || post.problem() == (409, "possible_duplicate"), "{}", post.text);
        let found = caller.get(&format!("/api/v2/leads?email=x{n}@example.com")).await.expect(200);
        assert_eq!(found["count"], 1, "try {n}: {} {} {}", form.text, upsert.text, post.text);
    }
    assert_eq!(app.database.number("SELECT count(*) AS number FROM leads").await, 20);
}

#[actix_web::test]
async fn another_writing_of_a_known_address_is_the_same_lead() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let known = lead(&caller, json!({"email": "ada.l@gmail.com"})).await;

    for writing in ["adal@gmail.com", "A.D.A.L+news@googlemail.com", "ADA.L@GMAIL.COM"] {
        let upserted = caller.put(BY_EMAIL, &json!({"email": writing, "notes": writing})).await.expect(200);
        assert_eq!(upserted, json!({"id": known, "outcome": "updated"}), "{writing}");
    }
    assert_eq!(count(&caller).await, 1);
}

#[actix_web::test]
async fn the_mailbox_of_a_company_is_found_by_its_address() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let known = lead(&caller, json!({"email": "info@acme.example"})).await;

    let upserted = caller.put(BY_EMAIL, &json!({"email": "Info@Acme.example", "first_name": "Eve"})).await;

    assert_eq!(upserted.expect(200), json!({"id": known, "outcome": "updated"}));
}

#[actix_web::test]
async fn a_person_who_is_known_by_something_else_than_the_mark_is_not_added_silently() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let known = lead(&caller, json!({"email": "ada@example.com", "phone": "+49 30 901820"})).await;
    let body = json!({"lead_reference_id": "r1", "email": "Ada@Example.com"});

    let refused = caller.put(BY_ID, &body).await;
    assert_eq!(refused.problem(), (409, "possible_duplicate"));
    assert_eq!(refused.body["candidates"], json!([{"id": known, "matched": ["email"]}]));
    let blind = caller.without(&["leads:read"]).put(BY_ID, &body).await;
    assert_eq!(blind.body["candidates"], json!([]), "the id is for those who may read");
    assert_eq!(count(&caller).await, 1);
    let named = json!({"lead_reference_id": "r3", "phone": "+49 30 901820", "first_name": "Ada"});
    assert_eq!(caller.put(BY_ID, &named).await.problem(), (409, "possible_duplicate"));

    let colleague = json!({"email": "bob@example.com", "phone": "+49 30 901820"});
    assert_eq!(
        caller.put(BY_EMAIL, &colleague).await.expect(200)["outcome"],
        "created",
        "they share a phone"
    );
    let insisted = caller.put(&format!("{BY_ID}&allow_duplicate=true"), &body).await.expect(200);
    assert_eq!(insisted["outcome"], "created");
    let again = caller.put(BY_ID, &json!({"lead_reference_id": "r1", "notes": "x"})).await.expect(200);
    assert_eq!(again, json!({"id": insisted["id"], "outcome": "updated"}));
}

#[actix_web::test]
async fn a_person_is_known_by_their_address_among_however_many_share_a_phone_number() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let phone = "+49 30 901820";
    for n in 0..25 {
        let body = json!({"email": format!("p{n}@example.com"), "phone": phone});
        caller.post("/api/v2/leads?allow_duplicate=true", &body).await.expect(201);
    }
    let ada = json!({"email": "ada@example.com", "phone": phone});
    let known = caller.post("/api/v2/leads?allow_duplicate=true", &ada).await.expect(201);

    let body = json!({"lead_reference_id": "r1", "email": "ada@example.com", "phone": phone});
    let refused = caller.put(BY_ID, &body).await;

    assert_eq!(refused.problem(), (409, "possible_duplicate"));
    assert_eq!(refused.body["candidates"], json!([{"id": known["id"], "matched": ["email", "phone"]}]));
}

#[actix_web::test]
async fn the_reference_of_a_merged_lead_finds_the_one_it_was_merged_into() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let winner = lead(&caller, json!({"first_name": "Keep", "lead_reference_id": "keep"})).await;
    let loser = lead(&caller, json!({"first_name": "Lose", "lead_reference_id": "lose"})).await;
    let merge = json!({"winner": winner, "losers": [loser]});
    caller.post("/api/v2/leads/merge", &merge).await.expect(200);

    let upserted = caller.put(BY_ID, &json!({"lead_reference_id": "lose", "notes": "x"})).await.expect(200);

    assert_eq!(upserted, json!({"id": winner, "outcome": "updated"}));
    let shown = caller.get(&format!("/api/v2/leads/{winner}")).await.expect(200);
    assert_eq!((&shown["lead_reference_id"], &shown["notes"]), (&json!("keep"), &json!("x")));
}
