//! Departures: records of members who leave go to others.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, Days, Utc};
use contracts::{
    Service, UserId,
    identity::DataScope,
    internal::tenants::{Leaver, Leaving},
};
use serde_json::{Value, json};
use testkit::Caller;

use crate::{
    arrange::{Leads, id_of, tell},
    assignment::{Members, add, counts, rule, team},
};

pub async fn until(condition: impl AsyncFn() -> bool) {
    for _ in 0..200 {
        if condition().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not come about in time");
}

#[actix_web::test]
async fn the_open_leads_of_a_member_who_leaves_go_back_to_the_rules() {
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
    assert_ne!(next["assigned_to"], json!(people[0]), "no one who left gets new ones");

    members.gone.lock().unwrap().clear();
    tell(&app, &caller, Service::Tenant, "Membership.CREATE", None).await;
    let back = "SELECT count(*) AS number FROM former_members WHERE returned_at IS NOT NULL";
    until(async || app.database.number(back).await == 1).await;
    for n in 0..3 {
        caller.post("/api/v2/leads", &json!({"first_name": format!("B{n}")})).await.expect(201);
    }
    assert!(counts(&caller, &people).await[0] > 1, "who is back takes turns again");
}

/// Ids by collection of what a person holds: one of each that is handed over, and of each one that is closed.
pub async fn belongings(caller: &Caller, person: UserId) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for (collection, owner, mut body) in [
        ("leads", "assigned_to", json!({"first_name": "Ada"})),
        ("deals", "assigned_to", json!({"title": "Engines"})),
        ("tasks", "assigned_to", json!({"title": "Call"})),
        ("contacts", "assigned_to", json!({"last_name": "Lovelace"})),
        ("customers", "account_manager_id", json!({"name": "Acme"})),
    ] {
        body[owner] = json!(person);
        let path = format!("/api/v2/{collection}");
        all.push((collection, id_of(&caller.post(&path, &body).await.expect(201))));
    }
    let closed = json!({"title": "Done", "status": "done", "assigned_to": person});
    caller.post("/api/v2/tasks", &closed).await.expect(201);
    let sold =
        caller.post("/api/v2/deals", &json!({"title": "Sold", "assigned_to": person})).await.expect(201);
    caller.post(&format!("/api/v2/deals/{}/win", id_of(&sold)), &json!({})).await.expect(200);
    all
}

/// Their owners now.
pub async fn owners(caller: &Caller, records: &[(&str, String)]) -> Vec<Value> {
    let mut owners = Vec::new();
    for (collection, id) in records {
        let record = caller.get(&format!("/api/v2/{collection}/{id}")).await.expect(200);
        let owner = if *collection == "customers" { "account_manager_id" } else { "assigned_to" };
        owners.push(record[owner].clone());
    }
    owners
}

pub async fn handover(caller: &Caller, person: UserId, status: &str) -> Option<Value> {
    let path = format!("/api/v2/handovers?user_id={person}&status={status}");
    caller.get(&path).await.expect(200)["results"].as_array().unwrap().first().cloned()
}

pub fn leaver(person: UserId, leaving: Leaving, hands_over_at: DateTime<Utc>, manager: UserId) -> Leaver {
    let since = Utc::now() - Days::new(1);
    Leaver {
        user_id: person,
        name: Some("Ann Ash".to_owned()),
        leaving,
        since,
        hands_over_at,
        manager: Some(manager),
    }
}

pub async fn departure_of(app: &Leads, caller: &Caller, members: &Members, leaver: Leaver) {
    members.leavers.lock().unwrap().retain(|other| other.user_id != leaver.user_id);
    members.leavers.lock().unwrap().push(leaver);
    tell(app, caller, Service::Tenant, "Membership.status.UPDATE", None).await;
}

#[actix_web::test]
async fn what_an_inactive_member_holds_stays_until_it_is_due_and_goes_to_their_manager_then() {
    let members = Members::new().await;
    let app = members.app().await.with_background();
    let caller = app.user(app.tenant().await);
    let (person, manager) = (UserId::new(), UserId::new());
    let held = belongings(&caller, person).await;
    let in_two_days = Utc::now() + Days::new(2);

    departure_of(&app, &caller, &members, leaver(person, Leaving::Inactive, in_two_days, manager)).await;
    until(async || {
        handover(&caller, person, "pending").await.is_some_and(|planned| planned["due_at"].is_string())
    })
    .await;
    let planned = handover(&caller, person, "pending").await.unwrap();
    assert_eq!((&planned["cause"], &planned["manager_id"]), (&json!("inactive"), &json!(manager)));
    assert_eq!(owners(&caller, &held).await, vec![json!(person); 5]);
    let refused = caller.post("/api/v2/leads", &json!({"first_name": "New", "assigned_to": person})).await;
    assert_eq!(refused.problem(), (422, "unknown_reference"));

    // The tenant wants it at once.
    members.leavers.lock().unwrap()[0].hands_over_at = Utc::now();
    tell(&app, &caller, Service::Tenant, "Setting.UPDATE", None).await;
    until(async || handover(&caller, person, "done").await.is_some()).await;

    assert_eq!(owners(&caller, &held).await, vec![json!(manager); 5]);
    let done = handover(&caller, person, "done").await.unwrap();
    let counts = ["leads", "deals", "tasks", "contacts", "customers"].map(|kind| done[kind].clone());
    assert_eq!(counts, [1, 1, 1, 1, 1].map(|number| json!(number)), "what is closed stays");
    let notices = "SELECT count(*) AS number FROM events WHERE event_type = 'Handover.CREATE' \
                   AND current_state ->> 'name' = 'Ann Ash'";
    assert_eq!(app.database.number(notices).await, 1);
    let part = "SELECT count(*) AS number FROM events WHERE current_state ? 'handover_id'";
    assert_eq!(app.database.number(part).await, 5, "each record says which handover it is part of");
    tell(&app, &caller, Service::Tenant, "Membership.CREATE", None).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(app.database.number(notices).await, 1, "one departure is one handover");
}

#[actix_web::test]
async fn a_member_who_is_back_in_time_keeps_what_they_hold() {
    let members = Members::new().await;
    let app = members.app().await.with_background();
    let caller = app.user(app.tenant().await);
    let (person, manager) = (UserId::new(), UserId::new());
    let held = belongings(&caller, person).await;
    let tomorrow = Utc::now() + Days::new(1);
    departure_of(&app, &caller, &members, leaver(person, Leaving::Inactive, tomorrow, manager)).await;
    until(async || handover(&caller, person, "pending").await.is_some()).await;

    members.leavers.lock().unwrap().clear();
    tell(&app, &caller, Service::Tenant, "Membership.status.UPDATE", None).await;
    until(async || handover(&caller, person, "cancelled").await.is_some()).await;

    assert_eq!(owners(&caller, &held).await, vec![json!(person); 5]);
}

#[actix_web::test]
async fn what_a_removed_member_holds_goes_at_once_and_leads_go_by_the_rules() {
    let members = Members::new().await;
    let app = members.app().await.with_background();
    let caller = app.user(app.tenant().await);
    let (people, team) = team(&[1]);
    let (person, manager) = (UserId::new(), UserId::new());
    let held = belongings(&caller, person).await;
    add(&caller, &rule("All", "round_robin", &team, &json!({}))).await;
    let in_two_days = Utc::now() + Days::new(2);
    departure_of(&app, &caller, &members, leaver(person, Leaving::Inactive, in_two_days, manager)).await;
    until(async || handover(&caller, person, "pending").await.is_some()).await;

    departure_of(&app, &caller, &members, leaver(person, Leaving::Removed, Utc::now(), manager)).await;
    until(async || handover(&caller, person, "done").await.is_some()).await;

    let owners = owners(&caller, &held).await;
    assert_eq!((&owners[0], &owners[1..]), (&json!(people[0]), &vec![json!(manager); 4][..]));
    let done = handover(&caller, person, "done").await.unwrap();
    assert_eq!(done["cause"], "removed");
    assert!(handover(&caller, person, "cancelled").await.is_some(), "the planned one is superseded");
    let path = format!("/api/v2/handovers/{}/undo", id_of(&done));
    assert_eq!(caller.post(&path, &json!({})).await.problem(), (409, "no_member"));
}

#[actix_web::test]
async fn a_handover_is_undone_but_for_what_went_to_yet_others() {
    let members = Members::new().await;
    let app = members.app().await.with_background();
    let (caller, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let (person, manager, third) = (UserId::new(), UserId::new(), UserId::new());
    let held = belongings(&caller, person).await;
    departure_of(&app, &caller, &members, leaver(person, Leaving::Inactive, Utc::now(), manager)).await;
    until(async || handover(&caller, person, "done").await.is_some()).await;
    let done = handover(&caller, person, "done").await.unwrap();
    let path = format!("/api/v2/handovers/{}", id_of(&done));
    let undo = format!("{path}/undo");
    let task = format!("/api/v2/tasks/{}", held[2].1);
    caller.patch(&task, &json!({"assigned_to": third})).await.expect(200);

    assert_eq!(stranger.get(&path).await.problem(), (404, "not_found"));
    assert_eq!(stranger.post(&undo, &json!({})).await.problem(), (404, "not_found"));
    let denied = caller.without(&["deals:update"]).post(&undo, &json!({})).await;
    assert_eq!(denied.problem(), (403, "permission_denied"));
    let narrow = app.user_named(caller.tenant(), manager).scoped(DataScope::Team, &[person]);
    assert_eq!(narrow.get(&path).await.expect(200)["status"], "done");
    let undone = caller.post(&undo, &json!({})).await.expect(200);

    assert_eq!((&undone["status"], &undone["returned"]), (&json!("undone"), &json!(4)));
    let mut expected = vec![json!(person); 5];
    expected[2] = json!(third);
    assert_eq!(owners(&caller, &held).await, expected);
    assert_eq!(caller.post(&undo, &json!({})).await.problem(), (409, "not_undoable"));
    tell(&app, &caller, Service::Tenant, "Membership.status.UPDATE", None).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(owners(&caller, &held).await, expected, "it stays undone");
}
