//! Order of locks: a request that changes a lead and what names it waits for the lead before it holds anything else.

use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use testkit::{Caller, Reply};

use crate::arrange::{Leads, id_of};

async fn made(caller: &Caller, collection: &str, body: Value) -> String {
    id_of(&caller.post(&format!("/api/v2/{collection}"), &body).await.expect(201))
}

/// Waits until a request waits for a lock.
async fn waiting(app: &Leads) {
    let waiting = "SELECT count(*) AS number FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    for _ in 0..500 {
        if app.database.number(waiting).await > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no request waits for a lock");
}

/// Makes a request while another transaction holds the leads, as a merge does at first. The record must be free still, or
/// each would wait for the other as soon as the merge comes to it.
async fn made_while_leads_are_held(
    app: &Leads,
    leads: &[&str],
    (table, record): (&str, &str),
    request: impl AsyncFnOnce() -> Reply,
) -> Reply {
    let mut merge = app.database.superuser().await;
    let held = leads.iter().map(|lead| format!("'{lead}'")).collect::<Vec<_>>().join(", ");
    let hold = format!("BEGIN; SELECT 1 FROM leads WHERE id IN ({held}) ORDER BY id FOR UPDATE");
    merge.batch_execute(&hold).await.unwrap();
    let going_on = async {
        waiting(app).await;
        let next = format!("SELECT 1 FROM {table} WHERE id = '{record}' FOR UPDATE NOWAIT; COMMIT");
        merge.batch_execute(&next).await
    };
    let (reply, gone_on) = futures::join!(request(), going_on);
    assert!(gone_on.is_ok(), "{table}: {gone_on:?}");
    reply
}

#[actix_web::test]
async fn a_lead_is_locked_before_the_deal_that_was_made_of_it() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let lead = made(&caller, "leads", json!({"first_name": "Ada"})).await;
    let converted = caller.post(&format!("/api/v2/leads/{lead}/convert"), &json!({})).await.expect(200);
    let deal = id_of(&converted["deal"]);
    let path = format!("/api/v2/deals/{deal}");

    made_while_leads_are_held(&app, &[&lead], ("deals", &deal), async || caller.delete(&path).await)
        .await
        .expect(204);
    let restore = format!("{path}/restore");
    made_while_leads_are_held(&app, &[&lead], ("deals", &deal), async || {
        caller.post(&restore, &json!({})).await
    })
    .await
    .expect(200);
    let lead = caller.get(&format!("/api/v2/leads/{lead}")).await.expect(200);
    assert_eq!(lead["converted_to_deal_id"], json!(deal));
}

#[actix_web::test]
async fn a_lead_is_locked_before_what_is_about_to_name_it() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let lead = made(&caller, "leads", json!({"first_name": "Ada"})).await;
    let other = made(&caller, "leads", json!({"first_name": "Other"})).await;
    for (collection, body) in [
        ("deals", json!({"title": "D", "lead_id": other})),
        ("contacts", json!({"first_name": "C", "lead_id": other})),
        ("activities", json!({"activity_type": "call", "subject": "S", "lead_id": other})),
    ] {
        let record = made(&caller, collection, body.clone()).await;
        let path = format!("/api/v2/{collection}/{record}");

        let patch = json!({ "lead_id": lead });
        let patched = made_while_leads_are_held(&app, &[&lead], (collection, &record), async || {
            caller.patch(&path, &patch).await
        })
        .await;
        assert_eq!(patched.expect(200)["lead_id"], json!(lead), "{collection}");
        let replaced = made_while_leads_are_held(&app, &[&other], (collection, &record), async || {
            caller.put(&path, &body).await
        })
        .await;
        assert_eq!(replaced.expect(200)["lead_id"], json!(other), "{collection}");
    }
}

#[actix_web::test]
async fn a_lead_is_locked_before_what_comes_back_to_it() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let lead = made(&caller, "leads", json!({"first_name": "Ada"})).await;
    for (collection, body) in [
        ("activities", json!({"activity_type": "call", "subject": "S", "lead_id": lead})),
        ("tasks", json!({"title": "T", "entity_type": "lead", "entity_id": lead})),
    ] {
        let record = made(&caller, collection, body).await;
        caller.delete(&format!("/api/v2/{collection}/{record}")).await.expect(204);

        let path = format!("/api/v2/{collection}/{record}/restore");
        made_while_leads_are_held(&app, &[&lead], (collection, &record), async || {
            caller.post(&path, &json!({})).await
        })
        .await
        .expect(200);
    }
}

#[actix_web::test]
async fn deals_come_and_go_while_their_leads_are_merged_and_taken_apart() {
    let app = Leads::start_with(&[("DATABASE_POOL_SIZE", "8")]).await;
    let caller = app.user(app.tenant().await);
    let winner = made(&caller, "leads", json!({"first_name": "Keep"})).await;
    let loser = made(&caller, "leads", json!({"first_name": "Lose"})).await;
    let converted = caller.post(&format!("/api/v2/leads/{loser}/convert"), &json!({})).await.expect(200);
    let deal = format!("/api/v2/deals/{}", id_of(&converted["deal"]));
    let restore = format!("{deal}/restore");
    let merging = async {
        for _ in 0..15 {
            let body = json!({"winner": winner, "losers": [loser]});
            let merged = caller.post("/api/v2/leads/merge", &body).await.expect(200);
            let undo = format!("/api/v2/merges/{}/undo", merged["merge_id"].as_str().unwrap());
            caller.post(&undo, &json!({})).await.expect(200);
        }
    };
    let coming_and_going = async {
        for _ in 0..15 {
            caller.delete(&deal).await.expect(204);
            caller.post(&restore, &json!({})).await.expect(200);
        }
    };

    futures::join!(merging, coming_and_going);

    let of = async |id: &str| {
        let lead = caller.get(&format!("/api/v2/leads/{id}")).await.expect(200);
        (lead["converted_at"].is_string(), lead["converted_to_deal_id"].clone())
    };
    assert_eq!(of(&loser).await, (true, converted["deal"]["id"].clone()));
    assert_eq!(of(&winner).await, (false, Value::Null));
    let named = caller.get(&deal).await.expect(200);
    assert_eq!(named["lead_id"], json!(loser));
}
