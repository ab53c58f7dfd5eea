//! Phone numbers, e-mail addresses and profiles: one value, however it is written.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Caller, Reply, caller::read};

use crate::arrange::{Leads, api_key, id_of};

struct Form {
    app: Leads,
    caller: Caller,
    key: String,
}

impl Form {
    async fn new() -> Self {
        let app = Leads::start().await;
        let caller = app.user(app.tenant().await);
        let key = api_key(&caller, json!({})).await;
        Self { app, caller, key }
    }

    async fn post(&self, pairs: &[(&str, &str)]) -> Reply {
        let request = self.app.anonymous().with("x-api-key", &self.key);
        read(request.request(Method::POST, "/api/leads/ingest").form(pairs)).await
    }

    /// The form as hand-written code posts it, without encoding anything.
    async fn post_raw(&self, body: &str) -> Reply {
        let request =
            self.app.anonymous().with("x-api-key", &self.key).request(Method::POST, "/api/leads/ingest");
        read(request.header("content-type", "application/x-www-form-urlencoded").body(body.to_owned())).await
    }

    async fn lead(&self, reply: &Reply) -> Value {
        self.caller.get(&format!("/api/v2/leads/{}", id_of(&reply.body))).await.expect(200)
    }
}

#[actix_web::test]
async fn a_number_written_with_its_trunk_zero_is_the_number_that_is_dialled_from_abroad() {
    let form = Form::new().await;
    for (written, number) in [
        ("+44 (0)20 7946 0123", "+442079460123"),
        ("+49 030 901820", "+4930901820"),
        ("0033 1 42 68 53 00", "+33142685300"),
        ("+39 06 6982", "+39066982"),
    ] {
        let came = form.post(&[("name", "Ann"), ("phone", written)]).await;
        assert_eq!(came.status, 201, "{written}");
        assert_eq!(form.lead(&came).await["phone"], number, "{written}");

        let known = form.caller.post("/api/v2/leads", &json!({"first_name": "Ann", "phone": number})).await;

        assert_eq!(known.problem(), (409, "possible_duplicate"), "{written}");
    }
}

#[actix_web::test]
async fn every_record_keeps_a_phone_number_in_one_form() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let product = crate::arrange::product(&caller).await;
    for (path, field, mut body) in [
        ("leads", "phone", json!({"first_name": "A"})),
        ("contacts", "phone", json!({"first_name": "A"})),
        ("customers", "phone", json!({"name": "A"})),
        ("accounts", "contact_phone", json!({"name": "A", "product_id": product})),
        ("deals", "contact_phone", json!({"title": "A"})),
    ] {
        body[field] = json!("0049 (0)30 901820");

        let made = caller.post(&format!("/api/v2/{path}"), &body).await.expect(201);

        assert_eq!(made[field], "+4930901820", "{path}");
    }
}

#[actix_web::test]
async fn people_who_share_a_number_and_not_the_extension_are_not_one_person() {
    let form = Form::new().await;

    let ann =
        form.post(&[("name", "Ann"), ("phone", "+1 202 555 0143 ext. 12"), ("email", "ann@a.example")]).await;
    let bob =
        form.post(&[("name", "Bob"), ("phone", "+1 202 555 0143 x34"), ("email", "bob@a.example")]).await;
    let again = form.post(&[("phone", "001 202 555 0143 #12")]).await;

    assert_eq!((ann.status.as_u16(), bob.status.as_u16()), (201, 201));
    assert_eq!(form.lead(&ann).await["phone"], "+12025550143;ext=12");
    assert_eq!(form.lead(&bob).await["phone"], "+12025550143;ext=34");
    assert_eq!((&again.body["status"], &again.body["id"]), (&json!("attached"), &ann.body["id"]));
}

#[actix_web::test]
async fn a_plus_that_a_form_did_not_encode_is_found_again() {
    let form = Form::new().await;

    let came = form.post_raw("name=Ann&phone=+1 202 555 0143").await;
    let encoded = form.post(&[("phone", "+1 (202) 555-0143")]).await;
    let local = form.post_raw("name=Bob&email=b@example.com&phone= 030 901820").await;

    assert_eq!(form.lead(&came).await["phone"], "+12025550143");
    assert_eq!((&encoded.body["status"], &encoded.body["id"]), (&json!("attached"), &came.body["id"]));
    assert_eq!(form.lead(&local).await["phone"], "030 901820");
}

#[actix_web::test]
async fn a_mail_domain_in_letters_and_in_punycode_is_one_address() {
    let form = Form::new().await;

    let came = form.post(&[("name", "Ann"), ("email", "Ann@Köln.example")]).await;
    let again = form.post(&[("email", "ann@xn--kln-sna.example")]).await;
    let decomposed = form.post(&[("email", "ann@ko\u{308}ln.example")]).await;
    let by_person =
        form.caller.post("/api/v2/leads", &json!({"email": "ann@köln.example", "first_name": "Ann"})).await;

    assert_eq!(form.lead(&came).await["email"], "ann@xn--kln-sna.example");
    for reply in [&again, &decomposed] {
        assert_eq!((&reply.body["status"], &reply.body["id"]), (&json!("attached"), &came.body["id"]));
    }
    assert_eq!(by_person.problem(), (409, "possible_duplicate"));
    for written in ["ann%40k%C3%B6ln.example", "ANN%40xn--kln-sna.example"] {
        let found = form.caller.get(&format!("/api/v2/leads?email={written}")).await.expect(200);
        assert_eq!(found["count"], 1, "{written}");
    }
}

#[actix_web::test]
async fn names_are_stored_with_their_letters_composed() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"first_name": "Zoe\u{308}", "company_name": "Mu\u{308}ller & So\u{308}hne"});

    let lead = caller.post("/api/v2/leads", &body).await.expect(201);

    assert_eq!((&lead["first_name"], &lead["company_name"]), (&json!("Zoë"), &json!("Müller & Söhne")));
    let account = json!({"name": "Mu\u{308}ller", "product_id": crate::arrange::product(&caller).await});
    let account = caller.post("/api/v2/accounts", &account).await.expect(201);
    assert_eq!(account["name"], "Müller");
    let customer = caller.post("/api/v2/customers", &json!({"name": "Zoe\u{308}"})).await.expect(201);
    assert_eq!(customer["name"], "Zoë");
}

#[actix_web::test]
async fn a_profile_is_at_linkedin_or_is_refused() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"first_name": "Ada", "linkedin_url": "in/ada"});

    let lead = caller.post("/api/v2/leads", &body).await.expect(201);

    assert_eq!(lead["linkedin_url"], "https://www.linkedin.com/in/ada");
    let known = caller
        .post(
            "/api/v2/leads",
            &json!({"first_name": "Ada", "linkedin_url": "https://de.linkedin.com/in/Ada/"}),
        )
        .await;
    assert_eq!(known.problem(), (409, "possible_duplicate"));
    let product = crate::arrange::product(&caller).await;
    for (path, mut body) in [
        ("leads", json!({"first_name": "Ada"})),
        ("contacts", json!({"first_name": "Ada"})),
        ("accounts", json!({"name": "Acme", "product_id": product})),
    ] {
        for address in
            ["@ada", "ada", "https://example.com/in/ada", "https://linkedin.com.example.org/in/ada"]
        {
            body["linkedin_url"] = json!(address);
            let refused = caller.post(&format!("/api/v2/{path}"), &body).await;
            let fault = ("linkedin_url".to_owned(), "invalid_url".to_owned());
            assert_eq!(refused.faults(), [fault], "{path} {address}");
        }
    }
    let website = json!({"name": "P", "description": "It sells.", "website": "in/abc"});
    let refused = caller.post("/api/v2/products", &website).await;
    assert_eq!(refused.faults(), [("website".to_owned(), "invalid_url".to_owned())]);
}
