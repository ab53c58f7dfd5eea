//! Searches in texts and their order: word by word, without case, accents and punctuation, ordered for people.

use contracts::internal::tenants::Isolation;
use serde_json::{Value, json};
use testkit::Caller;

use crate::{
    arrange::{Leads, product},
    filters::query,
};

async fn add(caller: &Caller, path: &str, body: Value) {
    caller.post(&format!("/api/v2/{path}"), &body).await.expect(201);
}

/// What the rows that a search finds say in `field`, in their order.
async fn found(caller: &Caller, path: &str, field: &str, text: &str) -> Vec<String> {
    let page = caller.get(&format!("/api/v2/{path}?ordering=created_at&{}", query("search", text))).await;
    let page = page.expect(200);
    let rows = page["results"].as_array().unwrap().iter();
    rows.map(|row| row[field].as_str().unwrap_or_default().to_owned()).collect()
}

#[actix_web::test]
async fn each_word_is_looked_for_in_any_text() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let person = |first: &str, last: &str| json!({"first_name": first, "last_name": last, "role_title": "Head of Sales"});
    for path in ["leads", "contacts"] {
        add(&caller, path, person("Ludwika", "Wisniewska")).await;
        add(&caller, path, person("Ludwika", "Nowak")).await;
    }
    let ada = json!({"first_name": "Ada", "last_name": "King", "company_name": "Acme GmbH", "email": "ada@example.com",
                     "phone": "+4930901820"});
    add(&caller, "leads", ada).await;
    let product = product(&caller).await;
    add(&caller, "accounts", json!({"name": "Acme", "product_id": product, "location": "Berlin"})).await;
    add(&caller, "tasks", json!({"title": "Call back", "description": "about the offer"})).await;

    for path in ["leads", "contacts"] {
        for text in ["Ludwika Wisniewska", "Wisniewska Ludwika", "wisniew sales", "  ludwika   WISNIEWSKA "] {
            assert_eq!(found(&caller, path, "last_name", text).await, ["Wisniewska"], "{path} {text}");
        }
        assert_eq!(found(&caller, path, "last_name", "Ludwika").await, ["Wisniewska", "Nowak"], "{path}");
        assert_eq!(
            found(&caller, path, "last_name", "Ludwika Kowalska").await,
            Vec::<String>::new(),
            "{path}"
        );
    }
    for text in [
        "Ada Acme",
        "king acme gmbh",
        "ada@EXAMPLE.com",
        "+49 30 901820",
        "030 90 18 20",
        "(030) 901820",
        "acme 901820",
    ] {
        assert_eq!(found(&caller, "leads", "first_name", text).await, ["Ada"], "{text}");
    }
    assert_eq!(found(&caller, "accounts", "name", "berlin acme").await, ["Acme"]);
    assert_eq!(found(&caller, "tasks", "title", "offer call").await, ["Call back"]);
    let many = caller.get(&format!("/api/v2/leads?{}", query("search", &"a ".repeat(21)))).await;
    assert_eq!(many.faults(), [("search".to_owned(), "too_many".to_owned())]);
}

#[actix_web::test]
async fn case_accents_and_punctuation_do_not_matter() {
    let app = Leads::start().await;
    for isolation in [Isolation::Pool, Isolation::Schema] {
        let caller = app.user(app.tenant_in(isolation).await);
        let people = [
            "Zoë",
            "Jürgen Groß",
            "Søren",
            "Jean-Luc",
            "O'Brien",
            "Łukasz",
            "Æther",
            "ΟΔΥΣΣΕΥΣ",
            "李雷",
            "J.P. Morgan",
        ];
        for name in people {
            add(&caller, "leads", json!({"first_name": name, "company_name": "Smith & Co."})).await;
        }

        for (text, expected) in [
            ("zoe", "Zoë"),
            ("ZOË", "Zoë"),
            ("zoe\u{308}", "Zoë"),
            ("jurgen gross", "Jürgen Groß"),
            ("GROSS", "Jürgen Groß"),
            ("groß", "Jürgen Groß"),
            ("soren", "Søren"),
            ("Jean Luc", "Jean-Luc"),
            ("jeanluc", "Jean-Luc"),
            ("jean-luc", "Jean-Luc"),
            ("obrien", "O'Brien"),
            ("O\u{2019}Brien", "O'Brien"),
            ("lukasz", "Łukasz"),
            ("aether", "Æther"),
            ("οδυσσευς", "ΟΔΥΣΣΕΥΣ"),
            ("李", "李雷"),
            ("jp morgan", "J.P. Morgan"),
            ("j p morgan", "J.P. Morgan"),
        ] {
            assert_eq!(found(&caller, "leads", "first_name", text).await, [expected], "{text}");
        }
        for text in ["smith co", "Smith & Co", "smith&co", "smith, co."] {
            assert_eq!(found(&caller, "leads", "first_name", text).await.len(), people.len(), "{text}");
        }
        for text in ["%", "_"] {
            assert_eq!(found(&caller, "leads", "first_name", text).await, Vec::<String>::new(), "{text}");
        }
        assert_eq!(found(&caller, "leads", "first_name", "&").await.len(), people.len());
    }
}

#[actix_web::test]
async fn a_text_that_changes_is_found_by_what_it_says_now() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let lead = caller.post("/api/v2/leads", &json!({"first_name": "Zoë"})).await.expect(201);
    let path = format!("/api/v2/leads/{}", lead["id"].as_str().unwrap());

    caller.patch(&path, &json!({"first_name": "Chloé"})).await.expect(200);

    assert_eq!(found(&caller, "leads", "first_name", "chloe").await, ["Chloé"]);
    assert_eq!(found(&caller, "leads", "first_name", "zoe").await, Vec::<String>::new());
}

#[actix_web::test]
async fn texts_are_ordered_for_people_on_pages_and_by_cursor() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let added = ["Zoe", "bea", "Ädam", "zoe", "Émile", "adam", "Bea"];
    for name in added {
        add(&caller, "leads", json!({"first_name": name, "score": 1})).await;
        add(&caller, "customers", json!({"name": name})).await;
    }
    for name in [Value::Null, Value::Null] {
        add(
            &caller,
            "leads",
            json!({"first_name": name, "email": format!("e{}@example.com", uuid::Uuid::now_v7())}),
        )
        .await;
    }
    let walked = async |path: &str, field: &str, ordering: &str| {
        let (mut names, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = format!("/api/v2/{path}?ordering={ordering}&page_size=2&cursor={cursor}");
            let page = caller.get(&page).await.expect(200);
            let rows = page["results"].as_array().unwrap().iter();
            names.extend(rows.map(|row| row[field].as_str().unwrap_or("-").to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => return names,
            }
        }
    };
    let paged = async |path: &str, field: &str, ordering: &str| {
        let page = caller.get(&format!("/api/v2/{path}?ordering={ordering}")).await.expect(200);
        let rows = page["results"].as_array().unwrap().iter();
        rows.map(|row| row[field].as_str().unwrap_or("-").to_owned()).collect::<Vec<_>>()
    };
    let folded = |names: &[String]| -> Vec<String> {
        names.iter().map(|name| name.to_lowercase().replace('ä', "a").replace('é', "e")).collect()
    };

    let ascending = walked("customers", "name", "name").await;
    assert_eq!(folded(&ascending), ["adam", "adam", "bea", "bea", "emile", "zoe", "zoe"]);
    assert_eq!(&ascending[..2], ["adam", "Ädam"], "{ascending:?}");
    assert_eq!(paged("customers", "name", "name").await, ascending);
    let descending: Vec<String> = ascending.iter().rev().cloned().collect();
    assert_eq!(walked("customers", "name", "-name").await, descending);
    let leads = walked("leads", "first_name", "first_name").await;
    assert_eq!(leads, [vec!["-".to_owned(); 2], ascending.clone()].concat());
    assert_eq!(paged("leads", "first_name", "first_name").await, leads);
    assert_eq!(
        walked("leads", "first_name", "-first_name").await,
        [descending, vec!["-".to_owned(); 2]].concat()
    );
    assert_eq!(walked("leads", "first_name", "-score,first_name").await.len(), added.len() + 2);
    let from = paged("customers", "name", "name&name__gte=b&name__lte=f").await;
    assert_eq!(folded(&from), ["bea", "bea", "emile"]);
}

#[actix_web::test]
async fn a_list_in_the_order_of_names_is_read_from_its_index() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    let rows = format!(
        "INSERT INTO customers (id, tenant_id, name) SELECT gen_random_uuid(), '{}', md5(n::text) \
         FROM generate_series(1, 20000) AS n; ANALYZE customers",
        tenant.0
    );
    app.database.execute(&rows).await;
    let caller = app.user(tenant);
    let uses = || {
        app.database.number(
            "SELECT idx_scan AS number FROM pg_stat_user_indexes WHERE indexrelname = 'customers_name_idx'",
        )
    };
    let before = uses().await;

    for _ in 0..5 {
        caller.get("/api/v2/customers?ordering=name&count=none").await.expect(200);
    }

    // A connection reports what it did a moment later.
    for _ in 0..50 {
        if uses().await - before >= 5 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("{} of 5 lists used the index of names", uses().await - before);
}
