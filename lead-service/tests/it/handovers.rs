//! Handovers that end early, or are undone: what went comes back, and nothing else.

use chrono::{Days, Utc};
use contracts::{Service, UserId, internal::tenants::Leaving};
use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use testkit::Caller;

use crate::{
    arrange::{Leads, id_of, tell},
    assignment::Members,
    departures::{belongings, departure_of, handover, leaver, owners, until},
};

const CHANGED: &str = "Membership.status.UPDATE";

/// A member who is inactive since yesterday, and what they hold; the handover is due tomorrow.
struct Planned {
    members: Members,
    app: Leads,
    caller: Caller,
    person: UserId,
    manager: UserId,
    held: Vec<(&'static str, String)>,
}

impl Planned {
    async fn new() -> Self {
        let members = Members::new().await;
        let app = members.app().await.with_background();
        let caller = app.user(app.tenant().await);
        let (person, manager) = (UserId::new(), UserId::new());
        let held = belongings(&caller, person).await;
        let tomorrow = Utc::now() + Days::new(1);
        departure_of(&app, &caller, &members, leaver(person, Leaving::Inactive, tomorrow, manager)).await;
        until(async || {
            handover(&caller, person, "pending").await.is_some_and(|planned| planned["due_at"].is_string())
        })
        .await;
        Self { members, app, caller, person, manager, held }
    }

    /// Gives a record to the manager, as a worker does that breaks off after that.
    async fn give(&self, (collection, id): &(&str, String), kind: &str) {
        let planned = id_of(&handover(&self.caller, self.person, "pending").await.unwrap());
        let (tenant, manager) = (self.caller.tenant(), self.manager);
        let given = format!(
            "UPDATE {collection} SET assigned_to = '{manager}', version = version + 1 WHERE id = '{id}'; \
             INSERT INTO handover_records (tenant_id, handover_id, entity_type, entity_id, new_owner) \
             VALUES ('{}', '{planned}', '{kind}', '{id}', '{manager}')",
            tenant.0,
        );
        self.app.database.execute(&given).await;
    }

    async fn due_now(&self) {
        self.members.leavers.lock().unwrap()[0].hands_over_at = Utc::now();
        tell(&self.app, &self.caller, Service::Tenant, CHANGED, None).await;
        // The tenant's setting says when a handover is due.
        tell(&self.app, &self.caller, Service::Tenant, "Setting.UPDATE", None).await;
    }

    async fn back(&self) {
        self.members.leavers.lock().unwrap().clear();
        tell(&self.app, &self.caller, Service::Tenant, CHANGED, None).await;
    }

    async fn ended(&self, status: &str) -> Value {
        until(async || handover(&self.caller, self.person, status).await.is_some()).await;
        handover(&self.caller, self.person, status).await.unwrap()
    }

    async fn owners(&self) -> Vec<Value> {
        owners(&self.caller, &self.held).await
    }
}

#[actix_web::test]
async fn what_went_comes_back_with_the_member_but_for_what_went_to_yet_others() {
    let planned = Planned::new().await;
    let third = UserId::new();
    planned.give(&planned.held[1], "deal").await;
    planned.give(&planned.held[2], "task").await;
    let task = format!("/api/v2/tasks/{}", planned.held[2].1);
    planned.caller.patch(&task, &json!({"assigned_to": third})).await.expect(200);

    planned.back().await;
    let cancelled = planned.ended("cancelled").await;

    assert_eq!((&cancelled["returned"], &cancelled["done_at"]), (&json!(1), &Value::Null));
    let mut expected = vec![json!(planned.person); 5];
    expected[2] = json!(third);
    assert_eq!(planned.owners().await, expected);
    let told = "SELECT count(*) AS number FROM events WHERE event_type = 'Deal.assigned_to.UPDATE' \
                AND current_state ? 'handover_id'";
    assert_eq!(planned.app.database.number(told).await, 1, "the deal that came back");
    let undo = format!("/api/v2/handovers/{}/undo", id_of(&cancelled));
    assert_eq!(planned.caller.post(&undo, &json!({})).await.problem(), (409, "not_undoable"));
}

#[actix_web::test]
async fn a_member_who_comes_back_while_records_are_going_gets_all_of_them() {
    let planned = Planned::new().await;
    // The leads go, and the worker waits for the deal.
    let mut other = planned.app.database.superuser().await;
    let hold = format!("BEGIN; SELECT 1 FROM deals WHERE id = '{}' FOR UPDATE", planned.held[1].1);
    other.batch_execute(&hold).await.unwrap();
    planned.due_now().await;
    let lead = &planned.held[..1];
    until(async || owners(&planned.caller, lead).await == [json!(planned.manager)]).await;

    // What says that the member is back waits for the worker.
    planned.back().await;
    let waiting = "SELECT count(*) AS number FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    until(async || planned.app.database.number(waiting).await >= 2).await;
    other.batch_execute("COMMIT").await.unwrap();
    let cancelled = planned.ended("cancelled").await;

    assert_eq!(planned.owners().await, vec![json!(planned.person); 5]);
    let returned = cancelled["returned"].as_i64().unwrap();
    assert!((2..=5).contains(&returned), "the lead, the deal, and what else went: {cancelled}");
    assert!(handover(&planned.caller, planned.person, "done").await.is_none());
    let notices = "SELECT count(*) AS number FROM events WHERE event_type = 'Handover.CREATE'";
    assert_eq!(planned.app.database.number(notices).await, 0);
}

#[actix_web::test]
async fn what_went_to_another_and_back_to_the_manager_is_the_managers() {
    let planned = Planned::new().await;
    planned.due_now().await;
    let done = planned.ended("done").await;
    assert_eq!(planned.owners().await, vec![json!(planned.manager); 5]);
    let deal = format!("/api/v2/deals/{}", planned.held[1].1);
    for owner in [UserId::new(), planned.manager] {
        planned.caller.patch(&deal, &json!({"assigned_to": owner})).await.expect(200);
    }
    let task = format!("/api/v2/tasks/{}", planned.held[2].1);
    planned.caller.patch(&task, &json!({"title": "Call again"})).await.expect(200);

    let undo = format!("/api/v2/handovers/{}/undo", id_of(&done));
    let undone = planned.caller.post(&undo, &json!({})).await.expect(200);

    assert_eq!(undone["returned"], 4, "a record that changed otherwise comes back");
    let mut expected = vec![json!(planned.person); 5];
    expected[1] = json!(planned.manager);
    assert_eq!(planned.owners().await, expected);
}

#[actix_web::test]
async fn what_an_overtaken_handover_gave_away_belongs_to_the_next() {
    let planned = Planned::new().await;
    planned.give(&planned.held[1], "deal").await;

    // The member is removed before what they hold has gone.
    let removed = leaver(planned.person, Leaving::Removed, Utc::now(), planned.manager);
    departure_of(&planned.app, &planned.caller, &planned.members, removed).await;
    let done = planned.ended("done").await;

    let counts = ["leads", "deals", "tasks", "contacts", "customers"].map(|kind| done[kind].clone());
    assert_eq!((&done["cause"], counts), (&json!("removed"), [1, 1, 1, 1, 1].map(|number| json!(number))));
    let overtaken = handover(&planned.caller, planned.person, "cancelled").await.unwrap();
    assert_eq!((&overtaken["cause"], &overtaken["returned"]), (&json!("inactive"), &json!(0)));
    planned.members.leavers.lock().unwrap().clear();
    let undo = format!("/api/v2/handovers/{}/undo", id_of(&done));
    let undone = planned.caller.post(&undo, &json!({})).await.expect(200);
    assert_eq!(undone["returned"], 5);
    assert_eq!(planned.owners().await, vec![json!(planned.person); 5]);
}

#[actix_web::test]
async fn a_handover_that_older_news_cancelled_is_taken_up_again() {
    let planned = Planned::new().await;
    planned.app.database.execute("UPDATE handovers SET status = 'cancelled'").await;

    planned.due_now().await;
    planned.ended("done").await;

    assert_eq!(planned.owners().await, vec![json!(planned.manager); 5]);
    let handovers = "SELECT count(*) AS number FROM handovers";
    assert_eq!(planned.app.database.number(handovers).await, 1, "one departure is one handover");
}
