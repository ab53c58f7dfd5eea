//! Hierarchy of members.

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

#[actix_web::test]
async fn the_tree_holds_everybody_below_the_one_they_report_to() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let [a, b, c, d] = chain(&world, &admin).await;

    let tree = admin.get("/api/v2/hierarchy").await.expect(200);

    let tops = tree["results"].as_array().unwrap();
    assert_eq!(tops.len(), 2, "the admin and the top of the chain");
    let mut place = tops.iter().find(|top| crate::world::id(top) == a).unwrap();
    for below in [b, c, d] {
        place = &place["children"][0];
        assert_eq!((crate::world::id(place), &place["first_name"]), (below, &json!("Ada")));
    }
    assert_eq!(place["children"], json!([]));
}

#[actix_web::test]
async fn a_hierarchy_has_so_many_levels_at_most() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let [a, _, _, d] = chain(&world, &admin).await;
    let [e, _, _, h] = chain(&world, &admin).await;
    // As if sixty more stood above the first.
    let sql = format!(
        "UPDATE membership_closure SET depth = depth + 57 WHERE ancestor = '{a}' AND descendant = '{d}'"
    );
    world.app.database.execute(&sql).await;

    assert_eq!(put_below(&admin, e, d.to_string()).await.problem(), (422, "hierarchy_too_deep"));
    put_below(&admin, h, d.to_string()).await.expect(200);
}

#[actix_web::test]
async fn many_moves_at_once_leave_a_forest_whose_closure_agrees_with_it() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let mut members = chain(&world, &admin).await.to_vec();
    members.extend(chain(&world, &admin).await);
    for round in 0..4 {
        let moves = (0..members.len()).map(|index| {
            let (member, above) = (members[index], members[(index * 3 + round * 5 + 1) % members.len()]);
            let admin = admin.clone();
            async move { put_below(&admin, member, above.to_string()).await.status.as_u16() }
        });
        let statuses = futures::future::join_all(moves).await;
        assert!(statuses.iter().all(|status| matches!(status, 200 | 422)), "{statuses:?}");
    }
    let differences = "WITH RECURSIVE paths AS (SELECT tenant_id, id AS ancestor, id AS descendant, 0 AS depth \
         FROM memberships WHERE deleted_at IS NULL UNION ALL SELECT p.tenant_id, m.reports_to, p.descendant, p.depth + 1 \
         FROM paths p JOIN memberships m ON m.id = p.ancestor WHERE m.reports_to IS NOT NULL AND p.depth < 20) \
         SELECT (SELECT count(*) FROM (SELECT * FROM paths EXCEPT SELECT tenant_id, ancestor, descendant, depth \
         FROM membership_closure) a) + (SELECT count(*) FROM (SELECT tenant_id, ancestor, descendant, depth \
         FROM membership_closure EXCEPT SELECT * FROM paths) b) AS number";
    assert_eq!(world.app.database.number(differences).await, 0);
}
