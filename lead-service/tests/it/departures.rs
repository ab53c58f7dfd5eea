//! Whoever leaves the tenant leaves no lead behind.

use std::{collections::HashMap, time::Duration};

use contracts::Service;
use serde_json::{Value, json};

use crate::{
    arrange::tell,
    assignment::{Members, add, counts, rule, team},
};

async fn until(condition: impl AsyncFn() -> bool) {
    for _ in 0..200 {
        if condition().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not come about in time");
}

#[actix_web::test]
async fn the_open_leads_of_somebody_who_leaves_go_back_to_the_rules() {
    let members = Members::new().await;
    let app = members.app().await.with_background();
    let caller = app.user(app.tenant().await);
    let (people, team) = team(&[1, 1, 1]);
    add(&caller, &rule("All", "round_robin", &team, &json!({}))).await;
    let mut leads: HashMap<String, Value> = HashMap::new();
    for n in 0..9 {
        let lead = caller.post("/api/v2/leads", &json!({"first_name": format!("N{n}")})).await.expect(201);
        leads.insert(lead["id"].as_str().unwrap().to_owned(), lead);
    }
    let theirs: Vec<&String> =
        leads.iter().filter(|(_, lead)| lead["assigned_to"] == json!(people[0])).map(|(id, _)| id).collect();
    caller
        .patch(&format!("/api/v2/leads/{}", theirs[0]), &json!({"status": "unqualified"}))
        .await
        .expect(200);

    members.gone.lock().unwrap().push(people[0]);
    tell(&app, &caller, Service::Tenant, "Membership.status.UPDATE", None).await;
    until(async || counts(&caller, &people).await == [1, 4, 4]).await;

    let told = app
        .database
        .number("SELECT count(*) AS number FROM events WHERE event_type = 'Lead.assigned_to.UPDATE'")
        .await;
    assert_eq!(told, 2, "the closed one stays where it was");
    let trace = caller.get(&format!("/api/v2/leads/{}/assignment_trace", theirs[1])).await.expect(200);
    assert_eq!(trace["cause"], "departure");
    let reasons = trace["rules"][0]["candidates"].as_array().unwrap();
    assert!(reasons.iter().any(|candidate| candidate["reason"] == "Left the tenant."), "{trace}");
    let next = caller.post("/api/v2/leads", &json!({"first_name": "Next"})).await.expect(201);
    assert_ne!(next["assigned_to"], json!(people[0]), "nobody who left gets new ones");

    members.gone.lock().unwrap().clear();
    tell(&app, &caller, Service::Tenant, "Membership.CREATE", None).await;
    let back = "SELECT count(*) AS number FROM former_members WHERE returned_at IS NOT NULL";
    until(async || app.database.number(back).await == 1).await;
    for n in 0..3 {
        caller.post("/api/v2/leads", &json!({"first_name": format!("B{n}")})).await.expect(201);
    }
    assert!(counts(&caller, &people).await[0] > 1, "who is back takes turns again");
}
