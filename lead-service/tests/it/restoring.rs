//! Restoring requires the parent.

use serde_json::{Value, json};
use testkit::{Caller, Reply};

use crate::arrange::{Leads, account, customer, id_of, product};

async fn made(caller: &Caller, collection: &str, body: Value) -> String {
    let path = format!("/api/v2/{collection}");
    format!("{path}/{}", id_of(&caller.post(&path, &body).await.expect(201)))
}

async fn delete(caller: &Caller, path: &str) {
    caller.delete(path).await.expect(204);
}

async fn restored(caller: &Caller, path: &str) -> Reply {
    caller.post(&format!("{path}/restore"), &json!({})).await
}

#[track_caller]
fn assert_refused(reply: &Reply, fields: &[&str]) {
    assert_eq!(reply.problem(), (409, "parent_deleted"), "{}", reply.text);
    let faults: Vec<String> = reply.faults().into_iter().map(|(field, _)| field).collect();
    assert_eq!(faults, fields, "{}", reply.text);
}

#[actix_web::test]
async fn a_deal_comes_back_only_with_its_stage_and_pipeline() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let pipeline = made(&caller, "pipelines", json!({"name": "Second"})).await;
    let pipeline_id = pipeline.rsplit('/').next().unwrap().to_owned();
    let stages = format!("{pipeline}/stages");
    let mut stage_ids = Vec::new();
    for name in ["First", "Next"] {
        let body = json!({"name": name, "probability": 10, "kind": "open"});
        stage_ids.push(id_of(&caller.post(&stages, &body).await.expect(201)));
    }
    let body = json!({"title": "D", "pipeline_id": pipeline_id, "stage_id": stage_ids[1]});
    let deal = made(&caller, "deals", body).await;
    delete(&caller, &deal).await;
    let stage = format!("{stages}/{}", stage_ids[1]);
    delete(&caller, &stage).await;

    assert_refused(&restored(&caller, &deal).await, &["stage_id"]);
    assert_eq!(caller.get(&deal).await.problem(), (404, "not_found"), "it is still deleted");
    delete(&caller, &pipeline).await;
    assert_refused(&restored(&caller, &deal).await, &["pipeline_id", "stage_id"]);
    assert_refused(&restored(&caller, &stage).await, &["pipeline_id"]);

    restored(&caller, &pipeline).await.expect(200);
    restored(&caller, &stage).await.expect(200);
    let back = restored(&caller, &deal).await.expect(200);
    assert_eq!(back["stage_id"], json!(stage_ids[1]));
    caller.patch(&deal, &json!({"title": "E"})).await.expect(200);
}

#[actix_web::test]
async fn people_of_a_deleted_account_come_back_with_it_and_not_before() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let account_id = account(&caller).await;
    let account = format!("/api/v2/accounts/{account_id}");
    let contact = made(&caller, "contacts", json!({"first_name": "A", "account_id": account_id})).await;
    let lead = made(&caller, "leads", json!({"first_name": "B", "account_id": account_id})).await;
    let deal = made(&caller, "deals", json!({"title": "D", "account_id": account_id})).await;
    for path in [&contact, &lead, &deal, &account] {
        delete(&caller, path).await;
    }

    for path in [&contact, &lead, &deal] {
        assert_refused(&restored(&caller, path).await, &["account_id"]);
    }

    restored(&caller, &account).await.expect(200);
    for path in [&contact, &lead, &deal] {
        restored(&caller, path).await.expect(200);
    }
}

#[actix_web::test]
async fn whatever_hangs_on_something_deleted_says_so() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let product_id = product(&caller).await;
    let (customer_id, deal) = (customer(&caller).await, made(&caller, "deals", json!({"title": "D"})).await);
    let lead = made(&caller, "leads", json!({"first_name": "L"})).await;
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let order = json!({"customer_id": customer_id, "items": [{"product_name": "x", "quantity": 1, "unit_price": "1"}]});
    let (product, customer) =
        (format!("/api/v2/products/{product_id}"), format!("/api/v2/customers/{customer_id}"));
    let hanging = [
        ("accounts", json!({"name": "A", "product_id": product_id}), "product_id", &product),
        ("scoring-models", json!({"name": "M", "product_id": product_id}), "product_id", &product),
        ("tasks", json!({"title": "T", "entity_type": "lead", "entity_id": id(&lead)}), "entity_id", &lead),
        (
            "activities",
            json!({"activity_type": "call", "subject": "S", "deal_id": id(&deal)}),
            "deal_id",
            &deal,
        ),
        ("issues", json!({"title": "I", "deal_id": id(&deal)}), "deal_id", &deal),
        (
            "customer-interactions",
            json!({"customer_id": customer_id, "interaction_type": "call", "subject": "S"}),
            "customer_id",
            &customer,
        ),
        ("orders", order, "customer_id", &customer),
    ];
    let mut made_of = Vec::new();
    for (collection, body, field, parent) in hanging {
        let path = made(&caller, collection, body).await;
        delete(&caller, &path).await;
        made_of.push((path, field, parent));
    }
    for parent in [&product, &customer, &deal, &lead] {
        delete(&caller, parent).await;
    }

    for (path, field, _) in &made_of {
        assert_refused(&restored(&caller, path).await, &[field]);
    }

    for parent in [&product, &customer, &deal, &lead] {
        restored(&caller, parent).await.expect(200);
    }
    for (path, ..) in &made_of {
        restored(&caller, path).await.expect(200);
    }
}
