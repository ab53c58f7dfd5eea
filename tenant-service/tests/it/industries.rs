//! The platform's catalogue, and what tenants take of it.

use serde_json::json;
use testkit::Caller;
use uuid::Uuid;

use crate::world::{World, id};

/// An industry, a category in it, a product in that.
async fn chain(staff: &Caller) -> [Uuid; 3] {
    let add = async |path: &str, body| id(&staff.post(path, &body).await.expect(201));
    let industry = add("/api/v2/industries", json!({ "name": "Software" })).await;
    let category = add("/api/v2/categories", json!({ "name": "CRM", "industry_id": industry })).await;
    let product = add("/api/v2/catalog-products", json!({ "name": "Hub", "category_id": category })).await;
    [industry, category, product]
}

#[actix_web::test]
async fn staff_keeps_the_catalogue_and_everybody_reads_it() {
    let world = World::start().await;
    let (staff, admin) = (world.staff(), world.tenant("acme").await.holding(&[]));
    let [industry, category, product] = chain(&staff).await;

    for (path, of) in [("industries", industry), ("categories", category), ("catalog-products", product)] {
        let (list, one) = (format!("/api/v2/{path}"), format!("/api/v2/{path}/{of}"));
        assert_eq!(admin.get(&list).await.expect(200)["count"], 1, "{path}");
        assert_eq!(admin.get(&one).await.expect(200)["id"], json!(of));
        assert_eq!(admin.post(&list, &json!({})).await.problem(), (403, "permission_denied"));
        assert_eq!(admin.delete(&one).await.problem(), (403, "permission_denied"));
        let changed = staff.patch(&one, &json!({ "description": "Better" })).await.expect(200);
        assert_eq!((&changed["description"], &changed["version"]), (&json!("Better"), &json!(2)));
        let stale = staff.with("If-Match", "\"1\"").delete(&one).await;
        assert_eq!(stale.problem(), (412, "version_conflict"));
    }
    let twice = staff.post("/api/v2/industries", &json!({ "name": " SOFTWARE " })).await;
    assert_eq!(twice.problem(), (409, "already_exists"));
    let found = admin.get(&format!("/api/v2/catalog-products?category_id={category}")).await.expect(200);
    assert_eq!(found["results"][0]["name"], "Hub");
}

#[actix_web::test]
async fn every_product_has_a_category_and_every_category_an_industry() {
    let world = World::start().await;
    let staff = world.staff();
    let [industry, category, _] = chain(&staff).await;

    for (path, field) in [("categories", "industry_id"), ("catalog-products", "category_id")] {
        let path = format!("/api/v2/{path}");
        let missing = staff.post(&path, &json!({ "name": "x" })).await;
        assert_eq!(missing.faults(), [(field.to_owned(), "required".to_owned())]);
        let unknown = staff.post(&path, &json!({ "name": "x", field: Uuid::now_v7() })).await;
        assert_eq!((unknown.problem().0, unknown.faults()[0].0.as_str()), (422, field));
    }
    let moved = staff.patch(&format!("/api/v2/categories/{category}"), &json!({ "industry_id": null })).await;
    assert_eq!(moved.faults(), [("industry_id".to_owned(), "wrong_type".to_owned())]);
    let other = id(&staff.post("/api/v2/industries", &json!({ "name": "Steel" })).await.expect(201));
    staff
        .patch(&format!("/api/v2/categories/{category}"), &json!({ "industry_id": other }))
        .await
        .expect(200);
    assert_eq!(staff.delete(&format!("/api/v2/industries/{industry}")).await.status.as_u16(), 204);
}

#[actix_web::test]
async fn what_is_in_use_stays_until_it_is_not() {
    let world = World::start().await;
    let (staff, admin) = (world.staff(), world.tenant("acme").await);
    let [industry, category, product] = chain(&staff).await;
    let attached = format!("/api/v2/tenant-products/{product}");
    admin.put(&attached, &json!({})).await.expect(200);
    let paths = [
        format!("/api/v2/catalog-products/{product}"),
        format!("/api/v2/categories/{category}"),
        format!("/api/v2/industries/{industry}"),
    ];
    for path in &paths {
        assert_eq!(staff.delete(path).await.problem(), (409, "in_use"), "{path}");
    }

    assert_eq!(admin.delete(&attached).await.status.as_u16(), 204);

    for path in &paths {
        assert_eq!(staff.delete(path).await.status.as_u16(), 204, "{path}");
        assert_eq!(staff.get(path).await.problem(), (404, "not_found"));
    }
    let orphan = staff.post(&format!("{}/restore", paths[0]), &json!({})).await;
    assert_eq!(orphan.problem(), (422, "unknown_reference"), "its category is gone");
    for path in paths.iter().rev() {
        staff.post(&format!("{path}/restore"), &json!({})).await.expect(200);
        assert_eq!(staff.post(&format!("{path}/restore"), &json!({})).await.problem(), (404, "not_found"));
    }
}

#[actix_web::test]
async fn nothing_is_put_into_what_goes_at_the_same_moment() {
    let world = World::start().await;
    let staff = world.staff();
    for round in 0..6 {
        let name = format!("Industry {round}");
        let industry = id(&staff.post("/api/v2/industries", &json!({ "name": name })).await.expect(201));
        let body = json!({ "name": "x", "industry_id": industry });
        let path = format!("/api/v2/industries/{industry}");
        let (added, deleted) = futures::join!(staff.post("/api/v2/categories", &body), staff.delete(&path));
        let outcome = (added.status.as_u16(), deleted.status.as_u16());
        assert!(matches!(outcome, (201, 409) | (422, 204)), "{outcome:?}");
    }
}

#[actix_web::test]
async fn a_tenant_takes_products_and_switches_them() {
    let world = World::start().await;
    let (staff, acme, bolt) = (world.staff(), world.tenant("acme").await, world.tenant("bolt").await);
    let [_, _, product] = chain(&staff).await;
    let (list, one) = ("/api/v2/tenant-products", format!("/api/v2/tenant-products/{product}"));

    let taken = acme.put(list, &json!({ "catalog_product_id": product })).await.expect(200);
    assert_eq!((&taken["id"], &taken["enabled"]), (&json!(product), &json!(true)));
    assert_eq!((&taken["category"], &taken["industry"]), (&json!("CRM"), &json!("Software")));
    let again = acme.put(&one, &json!({ "enabled": true })).await.expect(200);
    assert_eq!(again["version"], 1, "nothing changed");
    assert_eq!(acme.put(&one, &json!({ "enabled": false })).await.expect(200)["enabled"], false);
    assert_eq!(world.event_types(product).await, ["TenantProduct.CREATE", "TenantProduct.enabled.UPDATE"]);

    let (_, member) = world.member(&acme, "user").await;
    assert_eq!(member.get(&format!("{list}?enabled=false")).await.expect(200)["count"], 1);
    assert_eq!(member.holding(&[]).put(&one, &json!({})).await.problem(), (403, "permission_denied"));
    assert_eq!(bolt.get(list).await.expect(200)["count"], 0);
    for id in [product, Uuid::now_v7()] {
        let path = format!("{list}/{id}");
        assert_eq!(bolt.get(&path).await.problem(), (404, "not_found"));
        assert_eq!(bolt.delete(&path).await.problem(), (404, "not_found"));
    }
    let unknown = acme.put(list, &json!({ "catalog_product_id": Uuid::now_v7() })).await;
    assert_eq!(unknown.problem(), (422, "unknown_reference"));
}
