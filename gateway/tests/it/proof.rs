//! Effects outside the platform require a proven address.

use serde_json::json;

use crate::world::{LEADS, World};

const ENDPOINTS: &str = "/api/v2/webhook-endpoints";

fn proven(world: &World, is_proven: bool) {
    for answer in world.script.access.lock().unwrap().values_mut() {
        answer["grant"]["address_proven"] = json!(is_proven);
    }
}

#[actix_web::test]
async fn a_person_whose_address_is_not_proven_does_nothing_that_leaves_the_platform() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["leads:read", "webhook_endpoints:create"]);
    proven(&world, false);

    let refused = world.as_person(&person, Some(&tenant.client_id), ENDPOINTS).await;

    assert_eq!(refused.problem(), (403, "address_unproven"));
    assert_eq!(world.seen(), 0, "it reached no service");
    assert_eq!(world.as_person(&person, Some(&tenant.client_id), LEADS).await.status, 200);
}

#[actix_web::test]
async fn whoever_has_just_confirmed_their_address_goes_on_at_once() {
    let world = World::start().await;
    let (person, tenant) = world.member(&["leads:read", "webhook_endpoints:create"]);
    proven(&world, false);
    for name in [tenant.client_id.clone(), tenant.id.to_string()] {
        let refused = world.as_person(&person, Some(&name), ENDPOINTS).await;
        assert_eq!(refused.problem(), (403, "address_unproven"));
    }

    // No invalidation is published: what is remembered says otherwise.
    proven(&world, true);

    assert_eq!(world.as_person(&person, Some(&tenant.client_id), ENDPOINTS).await.status, 200);
    let asked = world.script.look_ups.lock().unwrap().len();
    for _ in 0..5 {
        assert_eq!(world.as_person(&person, Some(&tenant.client_id), ENDPOINTS).await.status, 200);
    }
    assert!(world.script.look_ups.lock().unwrap().len() <= asked + 1, "it costs nothing from then on");
}
