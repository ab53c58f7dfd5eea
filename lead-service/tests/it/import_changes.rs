//! Known leads that a file changes, many at once.

use serde_json::{Value, json};
use testkit::Caller;

use crate::{
    arrange::{Leads, id_of, importing},
    imports::{counts, import, reached},
};

const UPDATE: (&str, &str) = ("duplicates", "update");

async fn start() -> (Leads, Caller, wiremock::MockServer) {
    let (app, tenants) = importing().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    (app, caller, tenants)
}

async fn number(app: &Leads, of: &str) -> i64 {
    app.database.number(&format!("SELECT count(*) AS number FROM {of}")).await
}

#[actix_web::test]
async fn many_known_leads_are_changed_each_once_with_its_events() {
    let (app, caller, _tenants) = start().await;
    let people = |company: &str| -> String {
        let rows = (0..600).map(|n| format!("N{n},p{n}@a.example,{company} {},{n}.50,EUR\n", n % 7));
        format!("name,email,company,estimated_value,currency\n{}", rows.collect::<String>())
    };
    import(&caller, &people("Old"), &[]).await;

    let done = import(&caller, &people("New"), &[UPDATE]).await;
    let again = import(&caller, &people("New"), &[UPDATE]).await;

    assert_eq!([&done, &again].map(counts), [[600, 0, 600, 0, 0]; 2]);
    let changed = "leads WHERE version = 2 AND updated_at > created_at AND company_name = 'New ' || \
                   (substr(first_name, 2)::int % 7) AND estimated_value = substr(first_name, 2)::int + 0.5";
    assert_eq!(number(&app, changed).await, 600, "what stays as it is is not written");
    let told = "events WHERE event_type = 'Lead.UPDATE' AND changed_fields = '{company_name}' \
                AND actor ->> 'kind' = 'user'";
    assert_eq!(number(&app, told).await, 600);
    assert_eq!(number(&app, "events WHERE event_type = 'Lead.submission.UPDATE'").await, 1_200);
    let kept = "import_rows WHERE outcome = 'updated' AND before ->> 'company_name' LIKE 'Old %' \
                AND after ->> 'company_name' LIKE 'New %'";
    assert_eq!(number(&app, kept).await, 600);
}

#[actix_web::test]
async fn rows_of_a_file_about_one_lead_follow_each_other_and_are_taken_back_in_reverse() {
    let (_app, caller, _tenants) = start().await;
    let known = json!({"email": "ada@a.example", "first_name": "Ada", "role_title": "Old"});
    let path = format!("/api/v2/leads/{}", id_of(&caller.post("/api/v2/leads", &known).await.expect(201)));
    let csv = "email,role_title,notes\nada@a.example,One,first\nnew@a.example,CFO,\nada@a.example,Two,\n\
               ADA@a.example,Three,last\n";

    let done = import(&caller, csv, &[UPDATE]).await;
    let changed = caller.get(&path).await.expect(200);
    caller.post(&format!("/api/v2/imports/{}/undo", id_of(&done)), &json!({})).await.expect(202);
    reached(&caller, &id_of(&done), &["undone"]).await;
    let back = caller.get(&path).await.expect(200);

    assert_eq!(counts(&done), [4, 1, 3, 0, 0], "{done}");
    assert_eq!(done["expected"], json!({"created": 1, "updated": 3, "duplicates": 0, "errors": 0}));
    assert_eq!((&changed["role_title"], &changed["notes"]), (&json!("Three"), &json!("last")));
    assert_eq!((&back["role_title"], &back["notes"]), (&json!("Old"), &Value::Null));
}

#[actix_web::test]
async fn the_keys_of_a_lead_follow_its_addresses() {
    let (_app, caller, _tenants) = start().await;
    let known = json!({"email": "old@a.example", "first_name": "Ada", "lead_reference_id": "7"});
    let ada = id_of(&caller.post("/api/v2/leads", &known).await.expect(201));
    let by_reference = [("update_by", "external_id")];

    let moved = import(&caller, "external_id,email\n7,new@a.example\n", &by_reference).await;
    let found = import(&caller, "email,name\nNew@a.example,Ada\nold@a.example,Bob\n", &[]).await;

    assert_eq!((counts(&moved), counts(&found)), ([1, 0, 1, 0, 0], [2, 1, 0, 1, 0]), "{found}");
    let rows =
        caller.get(&format!("/api/v2/imports/{}/rows?outcome=duplicate", id_of(&found))).await.expect(200);
    assert_eq!(rows["results"][0]["lead_id"], json!(ada));
}

#[actix_web::test]
async fn a_lead_that_cannot_be_changed_is_an_error_of_its_row_and_of_no_other() {
    let (_app, caller, _tenants) = start().await;
    for (email, reference) in [("one@a.example", "1"), ("two@a.example", "2")] {
        let known = json!({"email": email, "lead_reference_id": reference});
        caller.post("/api/v2/leads", &known).await.expect(201);
    }
    // The first row asks for a reference that the second lead has.
    let csv = "email,external_id,role_title\none@a.example,2,CTO\ntwo@a.example,,CFO\nthree@a.example,,CEO\n";

    let done = import(&caller, csv, &[("update_by", "email")]).await;

    assert_eq!(counts(&done), [3, 1, 1, 0, 1], "{done}");
    let errors = caller.get(done["error_file"].as_str().unwrap()).await.text;
    assert!(errors.contains("lead_reference_id is taken"), "{errors}");
    for (email, title) in [("two@a.example", "CFO"), ("three@a.example", "CEO")] {
        let leads = caller.get(&format!("/api/v2/leads?email={email}")).await.expect(200);
        assert_eq!(leads["results"][0]["role_title"], title, "{email}");
    }
    let one = caller.get("/api/v2/leads?email=one@a.example").await.expect(200)["results"][0].clone();
    assert_eq!(one["lead_reference_id"], "1", "{done}");
}
