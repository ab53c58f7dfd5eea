//! Explanations of access decisions.

use contracts::identity::DataScope;
use serde_json::{Value, json};
use testkit::Caller;
use uuid::Uuid;

use crate::world::{World, make_room, own_records};

async fn explain(admin: &Caller, user: &Caller, permission: &str, resource: Option<Uuid>) -> Value {
    let resource = resource.map(|id| format!("&resource={id}")).unwrap_or_default();
    let path = format!("/api/v2/authz/explain?user_id={}&permission={permission}{resource}", user.user());
    admin.get(&path).await.expect(200)
}

fn decision(explanation: &Value) -> (bool, &str) {
    (explanation["allowed"].as_bool().unwrap(), explanation["reason"].as_str().unwrap())
}

#[actix_web::test]
async fn the_role_decides_what_and_the_scope_whose() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (boss, boss_caller) = world.member(&admin, "manager").await;
    let (middle, middle_caller) = world.member(&admin, "sales_manager").await;
    let (worker, worker_caller) = world.member(&admin, "user").await;
    let (other, _) = world.member(&admin, "user").await;
    for (below, above) in [(worker, middle), (middle, boss)] {
        let path = format!("/api/v2/tenant-users/{below}/reports_to");
        admin.patch(&path, &json!({ "membership_id": above })).await.expect(200);
    }

    let role = explain(&admin, &boss_caller, "leads:delete", None).await;
    assert_eq!(decision(&role), (true, "role_grants"));
    assert_eq!(role["role"], json!({ "name": "manager", "data_scope": "team", "grants": true }));
    let team = explain(&admin, &boss_caller, "leads:delete", Some(worker_caller.user().0)).await;
    assert_eq!(decision(&team), (true, "team_record"));
    let path: Vec<_> =
        team["path"].as_array().unwrap().iter().map(|step| step["membership_id"].clone()).collect();
    assert_eq!(path, [json!(boss), json!(middle), json!(worker)]);
    let sideways = explain(&admin, &boss_caller, "leads:delete", Some(other)).await;
    assert_eq!((decision(&sideways), sideways["path"].clone()), ((false, "out_of_scope"), json!([])));
    let upwards = explain(&admin, &middle_caller, "leads:read", Some(boss)).await;
    assert_eq!(decision(&upwards), (false, "out_of_scope"));
    let own = explain(&admin, &worker_caller, "leads:read", Some(worker)).await;
    assert_eq!(decision(&own), (true, "own_record"));
    assert_eq!(
        decision(&explain(&admin, &worker_caller, "leads:delete", Some(worker)).await),
        (false, "permission_denied")
    );
    assert_eq!(decision(&explain(&admin, &admin, "leads:delete", Some(worker)).await), (true, "scope_all"));
}

#[actix_web::test]
async fn strangers_and_the_inactive_are_named_and_nonsense_is_refused() {
    let world = World::start().await;
    let (admin, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let (id, member) = world.member(&admin, "user").await;

    assert_eq!(decision(&explain(&admin, &bolt, "leads:read", None).await), (false, "not_a_member"));
    let path = format!("/api/v2/tenant-users/{id}");
    admin.patch(&path, &json!({ "status": "inactive" })).await.expect(200);
    assert_eq!(decision(&explain(&admin, &member, "leads:read", None).await), (false, "membership_inactive"));
    let nonsense =
        admin.get(&format!("/api/v2/authz/explain?user_id={}&permission=leads:fly", member.user())).await;
    assert_eq!(nonsense.faults(), [("permission".to_owned(), "unknown_permission".to_owned())]);
    let foreign = world.membership_of(&bolt).await;
    for unknown in [foreign, bolt.user().0, Uuid::now_v7()] {
        let path = format!(
            "/api/v2/authz/explain?user_id={}&permission=leads:read&resource={unknown}",
            member.user()
        );
        assert_eq!(admin.get(&path).await.problem(), (422, "unknown_reference"));
    }
    assert_eq!(member.holding(&[]).get("/api/v2/authz/explain").await.problem(), (403, "permission_denied"));
}

#[actix_web::test]
async fn a_record_is_explained_by_whose_it_is() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (boss, boss_caller) = world.member(&admin, "manager").await;
    let (worker, worker_caller) = world.member(&admin, "user").await;
    let (_, other_caller) = world.member(&admin, "user").await;
    let path = format!("/api/v2/tenant-users/{worker}/reports_to");
    admin.patch(&path, &json!({ "membership_id": boss })).await.expect(200);
    let (lead, nobodys) = (Uuid::now_v7(), Uuid::now_v7());
    let owners = vec![other_caller.user(), worker_caller.user()];
    own_records(&world.lead, &[(lead, owners.clone()), (nobodys, Vec::new())]).await;

    let team = explain(&admin, &boss_caller, "leads:read", Some(lead)).await;
    assert_eq!((decision(&team), &team["owners"]), ((true, "team_record"), &json!(owners)));
    let way: Vec<_> = team["path"].as_array().unwrap().iter().map(|step| &step["membership_id"]).collect();
    assert_eq!(way, [&json!(boss), &json!(worker)]);
    assert_eq!(
        decision(&explain(&admin, &worker_caller, "leads:read", Some(lead)).await),
        (true, "own_record")
    );
    assert_eq!(decision(&explain(&admin, &admin, "leads:read", Some(lead)).await), (true, "scope_all"));
    for caller in [&boss_caller, &worker_caller] {
        let explanation = explain(&admin, caller, "leads:read", Some(nobodys)).await;
        assert_eq!(decision(&explanation), (false, "out_of_scope"));
    }
}

#[actix_web::test]
async fn a_record_outside_the_askers_data_scope_is_like_one_that_nothing_has() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (_, worker) = world.member(&admin, "user").await;
    let lead = Uuid::now_v7();
    own_records(&world.lead, &[(lead, vec![worker.user()])]).await;
    let (boss, outsider) = (
        admin.scoped(DataScope::Team, &[worker.user()]),
        world.member(&admin, "user").await.1.scoped(DataScope::Own, &[]),
    );
    let path = |resource: Uuid| {
        format!("/api/v2/authz/explain?user_id={}&permission=leads:read&resource={resource}", worker.user())
    };

    for resource in [lead, Uuid::now_v7()] {
        assert_eq!(outsider.get(&path(resource)).await.problem(), (422, "unknown_reference"));
    }
    assert_eq!(boss.get(&path(lead)).await.expect(200)["owners"], json!([worker.user()]));
}

#[actix_web::test]
async fn while_nobody_can_say_whose_a_record_is_nothing_is_explained() {
    let world = World::start_with(&[]).await;
    make_room(&world.lead).await;
    make_room(&world.enrichment).await;
    make_room(&world.integration).await;
    let admin = world.tenant("acme").await;

    let path = format!(
        "/api/v2/authz/explain?user_id={}&permission=leads:read&resource={}",
        admin.user(),
        Uuid::now_v7()
    );

    assert_eq!(admin.get(&path).await.problem(), (503, "unavailable"));
}
