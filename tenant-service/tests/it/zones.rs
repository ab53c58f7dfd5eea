//! Time zones by the names that the time zone database keeps for earlier ones.

use contracts::{internal::tenants::TenantRef, time_zones::EARLIER_NAMES};
use serde_json::json;
use tenant_service::TenantService;
use testkit::{Caller, TestDatabase};

use crate::world::{World, id};

#[actix_web::test]
async fn postgresql_knows_every_zone_by_its_present_name() {
    let database = TestDatabase::of::<TenantService>().await;
    let names: Vec<String> = EARLIER_NAMES.iter().map(|(_, present)| format!("'{present}'")).collect();

    let unknown = database
        .number(&format!(
            "SELECT count(*) AS number FROM unnest(ARRAY[{}]) AS known(name) \
             WHERE NOT EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = known.name)",
            names.join(", ")
        ))
        .await;

    assert_eq!(unknown, 0);
}

#[actix_web::test]
async fn an_earlier_name_is_kept_and_told_as_the_present_one() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let tenant = format!("/api/v2/tenants/{}", admin.tenant());
    let zones = async |person: &Caller| {
        let grant = world.access(person.user(), TenantRef::Id(person.tenant())).await.grant.unwrap();
        (grant.time_zone, grant.own_time_zone)
    };
    let known = |tenants: &str, own: &str| (Some(tenants.to_owned()), Some(own.to_owned()));

    let changed = admin.patch(&tenant, &json!({ "timezone": "US/Pacific" })).await.expect(200);
    let own = json!({ "key": "timezone", "value": "Asia/Calcutta", "scope": "user" });
    let set = admin.post("/api/v2/settings", &own).await.expect(201);

    assert_eq!(changed["timezone"], "America/Los_Angeles");
    assert_eq!(set["value"], "Asia/Kolkata");
    assert_eq!(zones(&admin).await, known("America/Los_Angeles", "Asia/Kolkata"));

    // As an earlier release stored them.
    world.app.database.execute("UPDATE tenants SET timezone = 'CET'").await;
    world.app.database.execute("UPDATE settings SET value = '\"Europe/Kiev\"' WHERE key = 'timezone'").await;
    assert_eq!(zones(&admin).await, known("Europe/Brussels", "Europe/Kyiv"));
}

#[actix_web::test]
async fn a_branch_has_a_time_zone_that_there_is() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let region = id(&admin.post("/api/v2/regions", &json!({ "name": "West" })).await.expect(201));
    let body = |zone: &str| json!({ "name": "Reno", "region_id": region, "timezone": zone });

    let refused = admin.post("/api/v2/branches", &body("Mars/Olympus")).await;
    let made = admin.post("/api/v2/branches", &body("US/Pacific")).await.expect(201);

    assert_eq!(refused.faults(), [("timezone".to_owned(), "invalid_time_zone".to_owned())]);
    assert_eq!(made["timezone"], "America/Los_Angeles");
    // A text of before may stay, and no other may take its place.
    world.app.database.execute("UPDATE branches SET timezone = 'Mars/Olympus'").await;
    let path = format!("/api/v2/branches/{}", id(&made));
    admin.patch(&path, &json!({ "city": "Reno" })).await.expect(200);
    let other = admin.patch(&path, &json!({ "timezone": "Mars/Tharsis" })).await;
    assert_eq!(other.problem(), (400, "validation_failed"));
}
