//! Settings, configurations, and the context they make together.

use contracts::{
    UserId,
    identity::PlatformRole,
    internal::tenants::{LookUpAccess, TenantRef},
};
use serde_json::{Value, json};
use tenant_service::settings::REQUIRE_SECOND_FACTOR;
use testkit::Caller;
use uuid::Uuid;

use crate::world::{World, id};

const SETTINGS: &str = "/api/v2/settings";
const CONFIGS: &str = "/api/v2/configs";

fn setting(key: &str, value: impl Into<Value>, scope: &str) -> Value {
    json!({ "key": key, "value": value.into(), "scope": scope })
}

#[actix_web::test]
async fn people_set_for_themselves_and_admins_for_everybody() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (_, member) = world.member(&admin, "user").await;
    let member = member.without(&["settings:manage"]);

    let made = admin.post(SETTINGS, &setting("theme", "dark", "tenant")).await;
    assert_eq!(made.header("etag"), Some("\"1\""));
    let tenants = made.expect(201);
    assert_eq!((&tenants["scope"], &tenants["user_id"]), (&json!("tenant"), &Value::Null));
    let own = member.post(SETTINGS, &setting("theme", json!({ "name": "light" }), "user")).await.expect(201);
    assert_eq!((&own["user_id"], &own["value"]["name"]), (&json!(member.user()), &json!("light")));

    let refused = member.post(SETTINGS, &setting("other", 1, "tenant")).await;
    assert_eq!(refused.problem(), (403, "permission_denied"));
    assert_eq!(refused.body["permission"], "settings:manage");
    let path = format!("{SETTINGS}/{}", id(&tenants));
    assert_eq!(member.get(&path).await.expect(200)["value"], "dark");
    assert_eq!(member.patch(&path, &json!({ "value": 1 })).await.problem(), (403, "permission_denied"));
    assert_eq!(member.delete(&path).await.problem(), (403, "permission_denied"));
    let taken = admin.post(SETTINGS, &setting("theme", 1, "tenant")).await;
    assert_eq!(
        (taken.problem(), taken.faults()),
        ((409, "already_exists"), vec![("key".into(), "already_exists".into())])
    );
}

#[actix_web::test]
async fn what_people_set_for_themselves_is_theirs_alone() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let (_, member) = world.member(&acme, "user").await;
    let own = member.post(SETTINGS, &setting("theme", "light", "user")).await.expect(201);
    let tenants = acme.post(SETTINGS, &setting("theme", "dark", "tenant")).await.expect(201);

    for stranger in [&acme, &bolt] {
        for id in [id(&own), Uuid::now_v7()] {
            let path = format!("{SETTINGS}/{id}");
            assert_eq!(stranger.get(&path).await.problem(), (404, "not_found"));
            assert_eq!(stranger.patch(&path, &json!({ "value": 1 })).await.problem(), (404, "not_found"));
            assert_eq!(stranger.delete(&path).await.problem(), (404, "not_found"));
        }
    }
    assert_eq!(bolt.get(&format!("{SETTINGS}/{}", id(&tenants))).await.problem(), (404, "not_found"));
    assert_eq!(acme.get(SETTINGS).await.expect(200)["count"], 1);
    assert_eq!(member.get(SETTINGS).await.expect(200)["count"], 2);
    assert_eq!(bolt.get(SETTINGS).await.expect(200)["count"], 0);
    assert_eq!(world.event_types(id(&own)).await, Vec::<String>::new(), "nobody else is told");
    assert_eq!(world.event_types(id(&tenants)).await, ["Setting.CREATE"]);
}

#[actix_web::test]
async fn a_setting_is_changed_in_its_scope_and_deleted() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let path =
        format!("{SETTINGS}/{}", id(&admin.post(SETTINGS, &setting("a", 1, "tenant")).await.expect(201)));

    assert_eq!(admin.patch(&path, &json!({ "value": null })).await.expect(200)["value"], Value::Null);
    assert_eq!(admin.put(&path, &setting("b", 2, "tenant")).await.expect(200)["key"], "b");
    assert_eq!(admin.patch(&path, &json!({ "scope": "user" })).await.problem(), (422, "scope_fixed"));
    let stale = admin.with("If-Match", "\"1\"").patch(&path, &json!({ "value": 9 })).await;
    assert_eq!(stale.problem(), (412, "version_conflict"));
    assert_eq!(admin.delete(&path).await.status.as_u16(), 204);
    assert_eq!(admin.get(&path).await.problem(), (404, "not_found"));
    admin.post(SETTINGS, &setting("b", 3, "tenant")).await.expect(201);
}

#[actix_web::test]
async fn several_settings_are_written_all_or_none() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (_, member) = world.member(&admin, "user").await;
    let member = member.without(&["settings:manage"]);
    admin.post(SETTINGS, &setting("a", 1, "tenant")).await.expect(201);
    let bulk = format!("{SETTINGS}/bulk_update");
    let body = json!({ "settings": [setting("a", 2, "tenant"), setting("b", 3, "tenant"), setting("a", 4, "user")] });

    let refused = member.post(&bulk, &body).await;
    assert_eq!(refused.problem(), (403, "permission_denied"));
    assert_eq!(member.get(SETTINGS).await.expect(200)["count"], 1, "not even their own");

    let written = admin.post(&bulk, &body).await.expect(200);
    let values: Vec<_> =
        written["settings"].as_array().unwrap().iter().map(|setting| &setting["value"]).collect();
    assert_eq!(values, [2, 3, 4]);
    assert_eq!(admin.get(SETTINGS).await.expect(200)["count"], 3);
    let twice = json!({ "settings": [setting("a", 2, "user"), setting("a", 3, "user")] });
    assert_eq!(admin.post(&bulk, &twice).await.faults(), [("settings.1.key".into(), "ambiguous".into())]);
    assert_eq!(admin.post(&bulk, &json!({ "settings": [] })).await.faults()[0].1, "too_few");
}

#[actix_web::test]
async fn settings_written_together_at_once_stay_one_each() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let body = json!({ "settings": [setting("a", 2, "tenant"), setting("b", 3, "tenant")] });
    let path = format!("{SETTINGS}/bulk_update");

    let replies = futures::future::join_all((0..6).map(|_| admin.post(&path, &body))).await;

    assert!(replies.iter().all(|reply| reply.status == 200));
    assert_eq!(admin.get(SETTINGS).await.expect(200)["count"], 2);
}

#[actix_web::test]
async fn staff_configures_for_everybody_a_tenant_or_a_person() {
    let world = World::start().await;
    let (admin, staff) = (world.tenant("acme").await, world.staff());
    let made = staff.with("Idempotency-Key", "k").post(CONFIGS, &json!({ "key": "limit", "value": 1 })).await;
    let again =
        staff.with("Idempotency-Key", "k").post(CONFIGS, &json!({ "key": "limit", "value": 1 })).await;
    assert_eq!((again.status.as_u16(), again.body["id"].clone()), (201, made.body["id"].clone()));
    assert_eq!(made.body["scope"], "global");

    let taken = staff.post(CONFIGS, &json!({ "key": "limit", "value": 2, "scope": "global" })).await;
    assert_eq!(taken.problem(), (409, "already_exists"));
    let nowhere = staff.post(CONFIGS, &json!({ "key": "limit", "value": 2, "scope": "tenant" })).await;
    assert_eq!(nowhere.faults(), [("tenant_id".into(), "required".into())]);
    let unknown = json!({ "key": "limit", "value": 2, "scope": "tenant", "tenant_id": Uuid::now_v7() });
    assert_eq!(staff.post(CONFIGS, &unknown).await.problem(), (422, "unknown_reference"));
    let tenants = json!({ "key": "limit", "value": 2, "scope": "tenant", "tenant_id": admin.tenant() });
    let tenants = staff.post(CONFIGS, &tenants).await.expect(201);

    let path = format!("{CONFIGS}/{}", id(&tenants));
    assert_eq!(staff.patch(&path, &json!({ "value": 5, "description": "x" })).await.expect(200)["value"], 5);
    assert_eq!(staff.patch(&path, &json!({ "scope": "global" })).await.faults()[0].0, "tenant_id");
    assert_eq!(staff.get(&format!("{CONFIGS}?scope=tenant")).await.expect(200)["count"], 1);
    assert_eq!(staff.delete(&path).await.status.as_u16(), 204);
    assert_eq!(staff.get(&path).await.problem(), (404, "not_found"));
    let cs = world.app.signed_in(PlatformRole::InternalCs).holding(&[]);
    assert_eq!(cs.get(CONFIGS).await.problem(), (403, "permission_denied"));
}

#[actix_web::test]
async fn the_context_holds_the_most_particular_value_of_each_key_and_says_where_it_came_from() {
    let world = World::start().await;
    let (acme, bolt, staff) = (world.tenant("acme").await, world.tenant("bolt").await, world.staff());
    let config = async |key: &str, value: i32, scope: &str, tenant: Value, user: Value| {
        let body =
            json!({ "key": key, "value": value, "scope": scope, "tenant_id": tenant, "user_id": user });
        staff.post(CONFIGS, &body).await.expect(201);
    };
    let (nobody, tenant, user) = (|| Value::Null, || json!(acme.tenant()), || json!(acme.user()));
    config("a", 1, "global", nobody(), nobody()).await;
    config("a", 2, "tenant", tenant(), nobody()).await;
    config("a", 3, "user", nobody(), user()).await;
    config("a", 4, "user", tenant(), user()).await;
    config("b", 5, "global", nobody(), nobody()).await;
    config("b", 6, "tenant", tenant(), nobody()).await;
    config("c", 7, "global", nobody(), nobody()).await;
    config("c", 8, "tenant", json!(bolt.tenant()), nobody()).await;
    acme.post(SETTINGS, &setting("s", 1, "tenant")).await.expect(201);
    acme.post(SETTINGS, &setting("s", 2, "user")).await.expect(201);
    bolt.post(SETTINGS, &setting("s", 3, "tenant")).await.expect(201);

    let plain = acme.get("/api/v2/context").await.expect(200);
    let explained = acme.get("/api/v2/context?explain=true").await.expect(200);
    let other = bolt.get("/api/v2/context").await.expect(200);

    assert_eq!(plain, json!({ "configs": { "a": 4, "b": 6, "c": 7 }, "settings": { "s": 2 } }));
    assert_eq!(explained["configs"], plain["configs"]);
    assert_eq!(
        explained["explain"]["configs"]["a"],
        json!({ "layer": "user", "overrides": ["user", "tenant", "global"] })
    );
    assert_eq!(explained["explain"]["configs"]["c"]["layer"], "global");
    assert_eq!(explained["explain"]["settings"]["s"], json!({ "layer": "user", "overrides": ["tenant"] }));
    assert_eq!(other, json!({ "configs": { "a": 1, "b": 5, "c": 8 }, "settings": { "s": 3 } }));
}

#[actix_web::test]
async fn a_tenant_demands_a_second_factor_by_a_setting_and_everybody_hears_of_it() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let (_, member) = world.member(&acme, "user").await;
    let mut heard = world.listen().await;
    let demands = async |person: &Caller| {
        let answer = world.access(person.user(), TenantRef::Id(person.tenant())).await;
        answer.grant.unwrap().demands_second_factor
    };
    assert!(!demands(&acme).await);

    let made = acme.post(SETTINGS, &setting(REQUIRE_SECOND_FACTOR, true, "tenant")).await.expect(201);
    heard.expect_access(acme.tenant(), None).await;
    assert!(demands(&acme).await && demands(&member).await && !demands(&bolt).await);
    let staff = LookUpAccess {
        user_id: UserId::new(),
        platform_role: PlatformRole::InternalAdmin,
        tenant: TenantRef::Id(acme.tenant()),
    };
    assert!(world.ask(&staff).await.grant.unwrap().demands_second_factor, "of the platform's staff, too");

    let path = format!("{SETTINGS}/{}", id(&made));
    acme.patch(&path, &json!({ "value": false })).await.expect(200);
    heard.expect_access(acme.tenant(), None).await;
    assert!(!demands(&member).await);
    let bulk = json!({ "settings": [setting("theme", 1, "tenant"), setting(REQUIRE_SECOND_FACTOR, true, "tenant")] });
    acme.post("/api/v2/settings/bulk_update", &bulk).await.expect(200);
    heard.expect_access(acme.tenant(), None).await;
    assert!(demands(&member).await);
    acme.delete(&path).await.expect(204);
    heard.expect_access(acme.tenant(), None).await;
    assert!(!demands(&member).await);
}

#[actix_web::test]
async fn what_decides_access_cannot_be_set_by_or_for_oneself() {
    let world = World::start().await;
    let acme = world.tenant("acme").await;
    let (_, member) = world.member(&acme, "user").await;

    let own = member.post(SETTINGS, &setting(REQUIRE_SECOND_FACTOR, false, "user")).await;
    assert_eq!(own.faults(), [("scope".to_owned(), "not_allowed".to_owned())]);
    let of_all = member
        .without(&["settings:manage"])
        .post(SETTINGS, &setting(REQUIRE_SECOND_FACTOR, false, "tenant"))
        .await;
    assert_eq!(of_all.problem(), (403, "permission_denied"));
    let nonsense = acme.post(SETTINGS, &setting(REQUIRE_SECOND_FACTOR, "yes", "tenant")).await;
    assert_eq!(nonsense.faults(), [("value".to_owned(), "not_allowed".to_owned())]);
}

#[actix_web::test]
async fn time_zones_of_tenant_and_person_go_with_their_access() {
    let world = World::start().await;
    let acme = world.tenant("acme").await;
    let (_, member) = world.member(&acme, "user").await;
    let zones = async |person: &Caller| {
        let grant = world.access(person.user(), TenantRef::Id(person.tenant())).await.grant.unwrap();
        (grant.time_zone, grant.own_time_zone)
    };
    let zone = |name: &str| Some(name.to_owned());
    assert_eq!(zones(&acme).await, (None, None));
    let mut events = world.listen().await;
    let tenant = format!("/api/v2/tenants/{}", acme.tenant().0);

    acme.patch(&tenant, &json!({ "timezone": "Asia/Tokyo" })).await.expect(200);
    events.expect_access(acme.tenant(), None).await;
    member.post(SETTINGS, &setting("timezone", "Europe/Berlin", "user")).await.expect(201);
    events.expect_access(acme.tenant(), None).await;

    assert_eq!(zones(&acme).await, (zone("Asia/Tokyo"), None));
    assert_eq!(zones(&member).await, (zone("Asia/Tokyo"), zone("Europe/Berlin")));
    let refused = acme.patch(&tenant, &json!({ "timezone": "Mars/Olympus" })).await;
    assert_eq!(refused.faults(), [("timezone".to_owned(), "invalid_time_zone".to_owned())]);
    let refused = acme.post(SETTINGS, &setting("timezone", "CET-ish", "user")).await;
    assert_eq!(refused.faults(), [("value".to_owned(), "invalid_time_zone".to_owned())]);
}
