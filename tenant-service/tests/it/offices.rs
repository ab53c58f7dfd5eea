//! Regions and branches, and who belongs to them.

use serde_json::json;
use uuid::Uuid;

use crate::world::{World, id};

#[actix_web::test]
async fn branches_are_in_regions_and_members_in_branches() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (member, _) = world.member(&admin, "user").await;
    let region = id(&admin.post("/api/v2/regions", &json!({ "name": "North" })).await.expect(201));
    let body = json!({ "name": "Kiel", "region_id": region, "city": " Kiel ", "email": "kiel@acme.example" });
    let made = admin.post("/api/v2/branches", &body).await.expect(201);
    let branch = id(&made);
    assert_eq!((&made["city"], &made["country"]), (&json!("Kiel"), &json!(null)));

    let path = format!("/api/v2/tenant-users/{member}");
    let moved = admin.patch(&path, &json!({ "branch_id": branch })).await.expect(200);

    assert_eq!(moved["branch_id"], json!(branch));
    assert_eq!(admin.get(&format!("/api/v2/tenant-users?branch_id={branch}")).await.expect(200)["count"], 1);
    let of_region = admin.get(&format!("/api/v2/branches?region_id={region}")).await.expect(200);
    assert_eq!(of_region["results"][0]["name"], "Kiel");
    let paths = [format!("/api/v2/branches/{branch}"), format!("/api/v2/regions/{region}")];
    for path in &paths {
        assert_eq!(admin.delete(path).await.problem(), (409, "in_use"), "{path}");
    }
    admin.patch(&path, &json!({ "branch_id": null })).await.expect(200);
    for path in &paths {
        assert_eq!(admin.delete(path).await.status.as_u16(), 204, "{path}");
    }
    assert_eq!(
        admin.patch(&path, &json!({ "branch_id": branch })).await.problem(),
        (422, "unknown_reference")
    );
    for path in paths.iter().rev() {
        admin.post(&format!("{path}/restore"), &json!({})).await.expect(200);
    }
    assert_eq!(world.event_types(branch).await, ["Branch.CREATE", "Branch.DELETE", "Branch.deleted.UPDATE"]);
}

#[actix_web::test]
async fn names_are_unique_where_they_stand_and_faults_are_named() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let north = id(&admin.post("/api/v2/regions", &json!({ "name": "North" })).await.expect(201));
    let south = id(&admin.post("/api/v2/regions", &json!({ "name": "South" })).await.expect(201));
    admin.post("/api/v2/branches", &json!({ "name": "A", "region_id": north })).await.expect(201);

    assert_eq!(
        admin.post("/api/v2/regions", &json!({ "name": "north" })).await.problem(),
        (409, "already_exists")
    );
    let twice = admin.post("/api/v2/branches", &json!({ "name": "a", "region_id": north })).await;
    assert_eq!(twice.problem(), (409, "already_exists"));
    admin.post("/api/v2/branches", &json!({ "name": "A", "region_id": south })).await.expect(201);
    let bad = admin.post("/api/v2/branches", &json!({ "name": "", "email": "x", "boss": 1 })).await;
    let fields: Vec<String> = bad.faults().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["boss", "email", "name", "region_id"]);
    let path = format!("/api/v2/regions/{north}");
    let replaced = admin.put(&path, &json!({ "name": "Nord" })).await;
    assert_eq!((replaced.header("etag"), replaced.body["name"].as_str()), (Some("\"2\""), Some("Nord")));
    let (_, member) = world.member(&admin, "user").await;
    assert_eq!(member.get(&path).await.expect(200)["name"], "Nord");
    let refused = member.holding(&["offices:read"]).patch(&path, &json!({ "name": "x" })).await;
    assert_eq!(refused.problem(), (403, "permission_denied"));
}

#[actix_web::test]
async fn another_tenants_offices_do_not_exist() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let region = id(&bolt.post("/api/v2/regions", &json!({ "name": "North" })).await.expect(201));
    let branch =
        id(&bolt.post("/api/v2/branches", &json!({ "name": "A", "region_id": region })).await.expect(201));
    let own = world.membership_of(&acme).await;

    for (kind, foreign) in [("regions", region), ("branches", branch)] {
        for id in [foreign, Uuid::now_v7()] {
            let path = format!("/api/v2/{kind}/{id}");
            assert_eq!(acme.get(&path).await.problem(), (404, "not_found"));
            assert_eq!(acme.patch(&path, &json!({ "name": "x" })).await.problem(), (404, "not_found"));
            assert_eq!(acme.delete(&path).await.problem(), (404, "not_found"));
            assert_eq!(acme.post(&format!("{path}/restore"), &json!({})).await.problem(), (404, "not_found"));
        }
        assert_eq!(acme.get(&format!("/api/v2/{kind}")).await.expect(200)["count"], 0);
    }
    let into = acme.post("/api/v2/branches", &json!({ "name": "B", "region_id": region })).await;
    assert_eq!(into.problem(), (422, "unknown_reference"));
    let path = format!("/api/v2/tenant-users/{own}");
    assert_eq!(
        acme.patch(&path, &json!({ "branch_id": branch })).await.problem(),
        (422, "unknown_reference")
    );
}
