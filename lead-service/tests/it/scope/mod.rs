//! Data scope: users with scope `own` or `team` learn nothing of other records: neither by lists, counts, searches,
//! exports and reports, nor by ids in paths and bodies. What is asked comes from the declared routes, so that a new one
//! cannot be forgotten.

mod effects;
mod reads;
mod records;
mod references;

use std::collections::{BTreeMap, BTreeSet};

use contracts::{UserId, identity::DataScope};
use lead_service::LeadService;
use platform::{command::App, http::routes::DeclaredRoute};
use serde_json::{Value, json};
use testkit::{Caller, Reply};
use wiremock::MockServer;

use self::records::{Person, Records, recipe};
use crate::arrange::{Leads, id_of, sales_pipeline, tenant_service};

/// An id that nothing has.
const NOTHING: &str = "7f2c1b5e-0000-4000-8000-00000000dead";
/// Collections without owners: users who may read them see all rows.
const SHARED: [&str; 8] = [
    "/api/v2/api-keys",
    "/api/v2/assignment-rules",
    "/api/v2/customer-segments",
    "/api/v2/customer-tags",
    "/api/v2/pipelines",
    "/api/v2/pipelines/{id}/stages",
    "/api/v2/products",
    "/api/v2/scoring-models",
];
/// Members of bodies that name owned records, and their collections.
const OWNED: [(&str, &str); 7] = [
    ("account_id", "/api/v2/accounts"),
    ("contact_id", "/api/v2/contacts"),
    ("customer_id", "/api/v2/customers"),
    ("deal_id", "/api/v2/deals"),
    ("lead_id", "/api/v2/leads"),
    ("losers", "/api/v2/leads"),
    ("winner", "/api/v2/leads"),
];

/// A tenant in which one person has everything, and two others must not see it.
struct Stage {
    app: Leads,
    _tenants: MockServer,
    /// Sees everything.
    admin: Caller,
    /// Has one of everything and sees no more.
    worker: Person,
    /// Has nothing, and sees what the worker has.
    boss: Caller,
    /// Has one of everything, which neither of them may see.
    other: Person,
    key: String,
}

impl Stage {
    /// With what the worker has; the other has nothing yet.
    async fn set() -> Self {
        let tenants = tenant_service().await;
        let app = Leads::start_with(&[("TENANT_URL", &tenants.uri())]).await;
        let tenant = app.tenant().await;
        let admin = app.user(tenant);
        let mut furnishing = Person::new(admin.clone(), "shared", &Records::new());
        for collection in SHARED.iter().filter(|collection| !collection.contains('{')) {
            let name = collection.trim_start_matches("/api/v2/");
            if name != "assignment-rules" && name != "api-keys" {
                furnishing.make(name, json!({})).await;
            }
        }
        let form = json!({"name": "Form", "duplicate_policy": "hold"});
        let key = admin.post("/api/v2/api-keys", &form).await.expect(201);
        let mapping = format!("/api/v2/api-keys/{}/form_mapping", id_of(&key));
        admin.put(&mapping, &json!({})).await.expect(200);
        furnishing.alive.insert("/api/v2/api-keys".to_owned(), vec![id_of(&key)]);
        let stages = format!("/api/v2/pipelines/{}/stages", sales_pipeline(&admin).await);
        let stages = admin.get(&stages).await.expect(200)["results"].as_array().unwrap().clone();
        let stages = stages.iter().map(|stage| stage["id"].as_str().unwrap().to_owned()).collect();
        furnishing.alive.insert("/api/v2/pipelines/{id}/stages".to_owned(), stages);
        furnishing.alive.insert("/api/v2/pipelines".to_owned(), vec![sales_pipeline(&admin).await]);
        let mut worker = Person::new(app.user(tenant), "worker", &furnishing.alive);
        let other = Person::new(app.user(tenant), "other", &furnishing.alive);
        let key = key["key"].as_str().unwrap().to_owned();
        worker.acquire(&app, &key).await;
        worker.caller = worker.caller.scoped(DataScope::Own, &[]);
        let boss = app.user(tenant);
        let team: [UserId; 2] = [boss.user(), worker.caller.user()];
        let boss = boss.scoped(DataScope::Team, &team);
        // The rule assigns submissions to a third user, not to the readers.
        furnishing
            .make("assignment-rules", json!({"action": {"kind": "person", "user_id": other.caller.user()}}))
            .await;
        let rules = furnishing.alive["/api/v2/assignment-rules"].clone();
        worker.alive.insert("/api/v2/assignment-rules".to_owned(), rules);
        Self { app, _tenants: tenants, admin, worker, boss, other, key }
    }

    /// With what the other has, too.
    async fn full() -> Self {
        let mut stage = Self::set().await;
        stage.other.acquire(&stage.app, &stage.key).await;
        stage
    }

    /// Those who must not see.
    fn lookers(&self) -> [(&'static str, &Caller); 2] {
        [("own", &self.worker.caller), ("team", &self.boss)]
    }
}

/// The routes for which a permission is demanded: all but those of forms, customers and other services.
fn guarded() -> Vec<DeclaredRoute> {
    let routes = LeadService::routes();
    routes.iter().filter(|route| route.rule.access == "permission").cloned().collect()
}

fn collection(route: &DeclaredRoute) -> Option<&'static str> {
    route.path.split_once("/{").map(|(collection, _)| collection)
}

fn name(route: &DeclaredRoute) -> String {
    format!("{} {}", route.method, route.path)
}

/// The path about this, and about the first of a pipeline's stages.
fn target(path: &str, id: &str, records: &Records) -> String {
    let stage = &records["/api/v2/pipelines/{id}/stages"][0];
    let field = if path.starts_with("/api/v2/accounts") { "name" } else { "last_name" };
    path.replace("{id}", id).replace("{stage_id}", stage).replace("{field}", field)
}

/// A body that a route takes, of what a person has.
fn fitting(route: &DeclaredRoute, person: &Person) -> Option<Value> {
    if (route.operation)().bodies.is_empty() {
        return None;
    }
    let whole = |path: &str| person.resolved(&recipe(path).unwrap_or_else(|| panic!("no recipe for {path}")));
    let above = collection(route).unwrap_or(route.path);
    Some(match (route.method, route.path.rsplit('/').next().unwrap()) {
        ("PUT", "upsert") => json!({"email": "upserted@example.com"}),
        ("PUT", "mapping") => json!({}),
        ("PUT", _) => whole(above),
        ("PATCH", _) => json!({}),
        (_, "accept") => json!({"candidate_index": 0}),
        (_, "assign") => person.resolved(&json!({"user_id": "$me"})),
        (_, "convert") => json!({"deal": {"title": "Converted"}}),
        (_, "lose") => json!({"lost_reason": "price"}),
        (_, "move") => json!({"stage_id": person.alive["/api/v2/pipelines/{id}/stages"][1]}),
        (_, "status") => json!({"status": "processing"}),
        (_, "merge") => {
            person.resolved(&json!({"winner": "$leads", "losers": ["$leads.1"], "dry_run": true}))
        }
        (_, "release") => person.resolved(&json!({"as": "$leads"})),
        (_, "simulate") => json!({"lead": {"first_name": "Ada"}}),
        (_, "generate") => person.resolved(&json!({"account_id": "$accounts"})),
        (_, "bulk_create") => json!({"items": [whole(route.path.trim_end_matches("/bulk_create"))]}),
        _ if collection(route).is_none() => whole(route.path),
        _ => json!({}),
    })
}

/// Status and text without what differs from request to request: its id, and the id that was asked for.
fn bytes(reply: &Reply, id: &str) -> (u16, String) {
    let request_id = reply.body["request_id"].as_str().unwrap_or("no id of a request");
    (reply.status.as_u16(), reply.text.replace(request_id, "a request").replace(id, NOTHING))
}

/// The visible part of a user's records.
async fn shown(admin: &Caller, person: &Person) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    let lists: BTreeSet<&str> =
        guarded().into_iter().filter_map(|route| Some((route.operation)().listing?.path)).collect();
    for path in lists.into_iter().filter(|path| !SHARED.contains(path)) {
        for id in &person.alive[path] {
            let one = format!("{path}/{id}");
            all.insert(one.clone(), admin.get(&one).await.expect(200));
        }
    }
    all
}
