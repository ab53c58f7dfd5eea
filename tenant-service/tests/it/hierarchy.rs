//! Who is above whom.

use serde_json::{Value, json};
use testkit::Caller;
use uuid::Uuid;

use crate::world::World;

async fn put_below(admin: &Caller, member: Uuid, above: impl Into<Value>) -> testkit::Reply {
    let path = format!("/api/v2/tenant-users/{member}/reports_to");
    admin.patch(&path, &json!({ "membership_id": above.into() })).await
}

async fn relatives(admin: &Caller, member: Uuid, which: &str) -> Vec<(i64, Uuid)> {
    let body = admin.get(&format!("/api/v2/tenant-users/{member}/{which}")).await.expect(200);
    let rows = body["results"].as_array().unwrap().iter();
    rows.map(|row| (row["depth"].as_i64().unwrap(), crate::world::id(row))).collect()
}

/// a ← b ← c ← d: each reports to the one before.
async fn chain(world: &World, admin: &Caller) -> [Uuid; 4] {
    let mut members = [Uuid::nil(); 4];
    for member in &mut members {
        (*member, _) = world.member(admin, "user").await;
    }
    for pair in members.windows(2) {
        put_below(admin, pair[1], pair[0].to_string()).await.expect(200);
    }
    members
}

#[actix_web::test]
async fn everybody_below_and_above_is_listed_nearest_first() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let [a, b, c, d] = chain(&world, &admin).await;
    assert_eq!(relatives(&admin, a, "subordinates").await, [(1, b), (2, c), (3, d)]);
    assert_eq!(relatives(&admin, d, "ancestors").await, [(1, c), (2, b), (3, a)]);
    assert!(relatives(&admin, a, "ancestors").await.is_empty());
}

#[actix_web::test]
async fn whoever_moves_takes_everybody_below_along() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let [a, b, c, d] = chain(&world, &admin).await;
    let (other, _) = world.member(&admin, "user").await;

    let moved = put_below(&admin, c, other.to_string()).await.expect(200);

    assert_eq!(moved["reports_to"], json!(other));
    assert_eq!(relatives(&admin, a, "subordinates").await, [(1, b)]);
    assert_eq!(relatives(&admin, other, "subordinates").await, [(1, c), (2, d)]);
    assert_eq!(relatives(&admin, d, "ancestors").await, [(1, c), (2, other)]);

    put_below(&admin, c, Value::Null).await.expect(200);
    assert!(relatives(&admin, c, "ancestors").await.is_empty());
    assert_eq!(relatives(&admin, c, "subordinates").await, [(1, d)]);
    assert_eq!(world.event_types(c).await, ["Membership.reports_to.UPDATE"; 3]);
}

#[actix_web::test]
async fn a_cycle_is_refused() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let [a, b, _, d] = chain(&world, &admin).await;
    for above in [a, b, d] {
        assert_eq!(put_below(&admin, a, above.to_string()).await.problem(), (422, "hierarchy_cycle"));
    }
    assert_eq!(relatives(&admin, a, "subordinates").await.len(), 3);
}

#[actix_web::test]
async fn of_two_moves_that_would_make_a_cycle_together_one_is_refused() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (one, _) = world.member(&admin, "user").await;
    let (two, _) = world.member(&admin, "user").await;
    for _ in 0..5 {
        let (first, second) =
            futures::join!(put_below(&admin, one, two.to_string()), put_below(&admin, two, one.to_string()));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422]);
        put_below(&admin, one, Value::Null).await.expect(200);
        put_below(&admin, two, Value::Null).await.expect(200);
    }
}

#[actix_web::test]
async fn the_superior_must_be_named_and_be_a_member() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (member, _) = world.member(&admin, "user").await;
    let unknown = put_below(&admin, member, Uuid::now_v7().to_string()).await;
    assert_eq!(unknown.problem(), (422, "unknown_reference"));
    let path = format!("/api/v2/tenant-users/{member}/reports_to");
    let left_out = admin.patch(&path, &json!({})).await;
    assert_eq!(left_out.faults(), [("membership_id".to_owned(), "required".to_owned())]);
}

#[actix_web::test]
async fn when_somebody_leaves_their_reports_move_up() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let [a, b, c, d] = chain(&world, &admin).await;

    assert_eq!(admin.delete(&format!("/api/v2/tenant-users/{b}")).await.status.as_u16(), 204);

    assert_eq!(relatives(&admin, a, "subordinates").await, [(1, c), (2, d)]);
    let moved = admin.get(&format!("/api/v2/tenant-users/{c}")).await.expect(200);
    assert_eq!(moved["reports_to"], json!(a));
    assert_eq!(world.event_types(b).await.last().unwrap(), "Membership.DELETE");
    assert_eq!(world.event_types(c).await.last().unwrap(), "Membership.reports_to.UPDATE");
    let left =
        format!("SELECT count(*) AS number FROM membership_closure WHERE '{b}' IN (ancestor, descendant)");
    assert_eq!(world.app.database.number(&left).await, 0);
}
