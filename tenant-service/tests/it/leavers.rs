//! Members who left, as lead-service is told of them: since when, and for what departure.

use chrono::{DateTime, Utc};
use contracts::internal::tenants::{CheckMembers, Leaver, Leaving};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use serde_json::json;
use testkit::Caller;
use uuid::Uuid;

use crate::world::World;

const MIGRATION: &str = include_str!("../../migrations/00000000000099_leavers/up.sql");

async fn leaver(world: &World, person: &Caller) -> Option<Leaver> {
    let call = CheckMembers { tenant_id: person.tenant(), user_ids: vec![person.user()] };
    world.ask(&call).await.leavers.pop()
}

async fn since(world: &World, person: &Caller) -> DateTime<Utc> {
    leaver(world, person).await.expect("they have left").since
}

async fn set_status(admin: &Caller, member: Uuid, status: &str) {
    let path = format!("/api/v2/tenant-users/{member}");
    admin.patch(&path, &json!({ "status": status })).await.expect(200);
}

/// A member who was set inactive a month ago by a release that did not keep since when.
async fn inactive_of_before(world: &World, admin: &Caller) -> (Uuid, Caller) {
    let (member, person) = world.member(admin, "user").await;
    set_status(admin, member, "inactive").await;
    let long_ago = "updated_at = updated_at - interval '30 days', inactive_since = NULL";
    world.app.database.execute(&format!("UPDATE memberships SET {long_ago} WHERE id = '{member}'")).await;
    (member, person)
}

/// Changes that have nothing to do with leaving.
async fn change_otherwise(world: &World, admin: &Caller, member: Uuid) {
    let (boss, _) = world.member(admin, "manager").await;
    let path = format!("/api/v2/tenant-users/{member}");
    admin.patch(&format!("{path}/update_role"), &json!({ "role": "manager" })).await.expect(200);
    admin.patch(&format!("{path}/reports_to"), &json!({ "membership_id": boss })).await.expect(200);
    admin.patch(&path, &json!({ "department": "Sales" })).await.expect(200);
}

#[actix_web::test]
async fn a_member_who_left_before_that_was_kept_has_left_once() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (member, person) = inactive_of_before(&world, &admin).await;
    let (_, removed) = world.member(&admin, "user").await;
    let told = since(&world, &person).await;

    // The owner of the tables, which policies hold to one tenant at a time.
    let mut owner = AsyncPgConnection::establish(&world.app.database.owner_url()).await.unwrap();
    owner.batch_execute(MIGRATION).await.unwrap();

    assert_eq!(since(&world, &person).await, told, "the departure is the one that was told of");
    change_otherwise(&world, &admin, member).await;
    assert_eq!(since(&world, &person).await, told);
    assert_eq!(leaver(&world, &removed).await, None, "an active member has not left");
    let forced =
        "SELECT count(*) AS number FROM pg_class WHERE relname = 'memberships' AND relforcerowsecurity";
    assert_eq!(world.app.database.number(forced).await, 1);
}

#[actix_web::test]
async fn a_change_of_a_member_who_left_unnoted_notes_when() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (member, person) = inactive_of_before(&world, &admin).await;
    let told = since(&world, &person).await;
    let path = format!("/api/v2/tenant-users/{member}");

    admin.patch(&path, &json!({ "department": "Sales" })).await.expect(200);
    change_otherwise(&world, &admin, member).await;

    assert_eq!(since(&world, &person).await, told);
}

#[actix_web::test]
async fn a_member_who_comes_back_has_not_left_and_leaves_another_time() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (member, person) = world.member(&admin, "user").await;
    set_status(&admin, member, "inactive").await;
    let first = since(&world, &person).await;
    set_status(&admin, member, "inactive").await;
    assert_eq!(since(&world, &person).await, first, "nothing happens twice");

    set_status(&admin, member, "active").await;
    assert_eq!(leaver(&world, &person).await, None);
    set_status(&admin, member, "active").await;
    assert_eq!(leaver(&world, &person).await, None);

    set_status(&admin, member, "inactive").await;
    assert!(since(&world, &person).await > first, "another departure");
}

#[actix_web::test]
async fn a_removed_member_who_is_a_member_again_has_not_left() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (member, person) = world.member(&admin, "user").await;
    set_status(&admin, member, "inactive").await;
    admin.delete(&format!("/api/v2/tenant-users/{member}")).await.expect(204);
    let removed = leaver(&world, &person).await.unwrap();

    let (again, _) = world.join(admin.tenant(), person.user(), "user").await;

    assert_eq!(removed.leaving, Leaving::Removed);
    assert_eq!(leaver(&world, &person).await, None);
    set_status(&admin, again, "inactive").await;
    let inactive = leaver(&world, &person).await.unwrap();
    assert_eq!(inactive.leaving, Leaving::Inactive);
    assert!(inactive.since > removed.since);
    admin.delete(&format!("/api/v2/tenant-users/{again}")).await.expect(204);
    assert!(since(&world, &person).await > inactive.since, "the latest departure counts");
}
