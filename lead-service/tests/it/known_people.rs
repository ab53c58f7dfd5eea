//! Contacts and customers that are known already.

use contracts::{UserId, identity::DataScope};
use serde_json::json;

use crate::arrange::{Leads, id_of};

#[actix_web::test]
async fn a_contact_that_is_known_in_another_writing_is_refused_with_candidates() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let ada = json!({"first_name": "Ada", "email": "Ada.L@gmail.com", "phone": "+49 30 901820",
                     "linkedin_url": "https://www.linkedin.com/in/ada-l/"});
    let known = id_of(&caller.post("/api/v2/contacts", &ada).await.expect(201));

    for (body, matched) in [
        (json!({"first_name": "A", "email": "adal@googlemail.com"}), json!(["email"])),
        (json!({"first_name": "A", "phone": "0049 30 901820"}), json!(["phone"])),
        (json!({"first_name": "A", "linkedin_url": "de.linkedin.com/in/ADA-L"}), json!(["linkedin_url"])),
        (ada.clone(), json!(["email", "phone", "linkedin_url"])),
    ] {
        let refused = caller.post("/api/v2/contacts", &body).await;
        assert_eq!(refused.problem(), (409, "possible_duplicate"), "{body}");
        assert_eq!(refused.body["candidates"], json!([{"id": known, "matched": matched}]), "{body}");
    }

    let other = json!({"first_name": "Bob", "email": "bob@example.com"});
    caller.post("/api/v2/contacts", &other).await.expect(201);
    caller.post("/api/v2/contacts?allow_duplicate=true", &ada).await.expect(201);
    assert_eq!(caller.get("/api/v2/contacts").await.expect(200)["count"], 3);
}

#[actix_web::test]
async fn a_customer_that_is_known_in_another_writing_is_refused_with_candidates() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"name": "Ada", "email": "ADA@example.com", "phone": "+44 20 7946 0958"});
    let known = id_of(&caller.post("/api/v2/customers", &body).await.expect(201));

    let same = json!({"name": "Augusta", "email": "ada@EXAMPLE.com", "phone": "+442079460958"});
    let refused = caller.post("/api/v2/customers", &same).await;

    assert_eq!(refused.problem(), (409, "possible_duplicate"));
    assert_eq!(refused.body["candidates"], json!([{"id": known, "matched": ["email", "phone"]}]));
    assert_eq!(caller.get("/api/v2/customers").await.expect(200)["count"], 1);
    caller.post("/api/v2/customers?allow_duplicate=true", &same).await.expect(201);
    caller.post("/api/v2/customers", &json!({"name": "Ada"})).await.expect(201);
    let odd = caller.post("/api/v2/customers?allow_duplicates=true", &same).await;
    assert_eq!(odd.faults(), [("allow_duplicates".to_owned(), "unknown_field".to_owned())]);
}

#[actix_web::test]
async fn a_changed_address_is_known_from_then_on_and_a_deleted_contact_no_more() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let old = json!({"first_name": "Ada", "email": "old@example.com"});
    let contact = id_of(&caller.post("/api/v2/contacts", &old).await.expect(201));
    let path = format!("/api/v2/contacts/{contact}");

    caller.patch(&path, &json!({"email": "new@example.com"})).await.expect(200);

    caller.post("/api/v2/contacts", &old).await.expect(201);
    let new = json!({"first_name": "Ada", "email": "new@example.com"});
    assert_eq!(caller.post("/api/v2/contacts", &new).await.problem(), (409, "possible_duplicate"));
    caller.delete(&path).await.expect(204);
    caller.post("/api/v2/contacts", &new).await.expect(201);
}

#[actix_web::test]
async fn one_contact_is_added_once_by_many_requests_at_the_same_moment() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"first_name": "Ada", "email": "ada@example.com"});

    let replies = futures::future::join_all((0..8).map(|_| caller.post("/api/v2/contacts", &body))).await;

    let statuses = |code: u16| replies.iter().filter(|reply| reply.status == code).count();
    assert_eq!((statuses(201), statuses(409)), (1, 7));
}

#[actix_web::test]
async fn candidates_name_only_what_the_caller_may_read() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let narrow = app.user_named(caller.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    let stranger = app.user(app.tenant().await);
    for (path, reading) in [("/api/v2/contacts", "contacts:read"), ("/api/v2/customers", "customers:read")] {
        let body = json!({"first_name": "Ada", "email": "ada@example.com"});
        caller.post(path, &body).await.expect(201);

        for who in [&narrow, &caller.without(&[reading])] {
            let refused = who.post(path, &body).await;
            assert_eq!(refused.problem(), (409, "possible_duplicate"), "{path}");
            assert_eq!(refused.body["candidates"], json!([]), "{path}");
        }
        stranger.post(path, &body).await.expect(201);
    }
}
