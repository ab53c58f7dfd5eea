//! One record of every kind in a tenant, made through the API.

use std::{collections::BTreeMap, time::Duration};

use devstack::{
    demo::SignIn,
    people::{Tenant, signed},
    secrets,
    wire::Request,
};
use serde_json::{Value, json};

use crate::{browser::eventually, cast::Cast, outside::Outside};

/// Text that every record contains.
pub const MARK: &str = "a mark";

/// Ids by their collection in the API: `/api/v2/leads`, `/api/v2/pipelines/{id}/stages`, ….
pub type Belongings = BTreeMap<String, Vec<String>>;

/// Path and body for making one record. `$leads` stands for the first lead that was made, `$leads.1` for the
/// second one.
pub fn recipe() -> Vec<(&'static str, Value)> {
    let lead =
        |name: &str| json!({"first_name": MARK, "last_name": name, "email": format!("{name}@mark.example")});
    let column = |entity: &str| {
        json!({
            "product_id": "$products", "entity_type": entity, "name": format!("{MARK} of {entity}"), "question": MARK,
            "response_type": "string", "context_type": [format!("{entity}_profile")],
        })
    };
    vec![
        (
            "/api/v2/webhook-endpoints",
            json!({"url": "$receiver", "events": ["Product.CREATE"], "description": MARK}),
        ),
        ("/api/v2/products", json!({"name": MARK, "description": MARK})),
        ("/api/v2/accounts", json!({"name": MARK, "product_id": "$products"})),
        ("/api/v2/leads", lead("ada")),
        ("/api/v2/leads", lead("bob")),
        ("/api/v2/leads", lead("eve")),
        // Nothing at this address answers as a model does: the cells say so.
        ("/api/v2/enrichment/providers", json!({"kind": "model", "name": MARK, "base_url": "$receiver"})),
        ("/api/v2/custom_columns", column("lead")),
        ("/api/v2/custom_columns", column("account")),
        ("/api/v2/contacts", json!({"last_name": MARK, "email": "contact@mark.example"})),
        ("/api/v2/pipelines", json!({"name": MARK})),
        ("/api/v2/deals", json!({"title": MARK})),
        ("/api/v2/activities", json!({"activity_type": "call", "subject": MARK})),
        ("/api/v2/tasks", json!({"title": MARK})),
        ("/api/v2/customers", json!({"name": MARK})),
        ("/api/v2/customer-tags", json!({"name": MARK})),
        ("/api/v2/customer-segments", json!({"name": MARK})),
        (
            "/api/v2/customer-interactions",
            json!({"customer_id": "$customers", "interaction_type": "call", "subject": MARK}),
        ),
        (
            "/api/v2/orders",
            json!({"customer_id": "$customers", "items": [{"product_name": MARK, "quantity": 1, "unit_price": "1.00"}]}),
        ),
        ("/api/v2/issues", json!({"title": MARK})),
        (
            "/api/v2/assignment-rules",
            json!({"name": MARK, "catch_all": true, "action": {"kind": "person", "user_id": "$me"}}),
        ),
        ("/api/v2/scoring-models", json!({"name": MARK})),
        ("/api/v2/roles", json!({"name": MARK, "data_scope": "own"})),
        ("/api/v2/settings", json!({"key": MARK, "value": MARK, "scope": "tenant"})),
        ("/api/v2/regions", json!({"name": MARK})),
        ("/api/v2/branches", json!({"region_id": "$regions", "name": MARK})),
    ]
}

/// Makes one record of every kind for a tenant and returns the ids of all that its admin can list. Its webhooks are accepted at
/// once, so that no deliveries stay pending.
pub fn acquire(cast: &Cast, tenant: &Tenant) -> Belongings {
    let mut made = Belongings::new();
    made.insert("receiver".to_owned(), vec![Outside::start().address().to_owned()]);
    made.insert("me".to_owned(), vec![me(cast, tenant)]);
    for (path, body) in recipe() {
        let id = post(cast, tenant, path, &resolved(&body, &made));
        made.entry(path.to_owned()).or_default().push(id);
    }
    let stages = format!("/api/v2/pipelines/{}/stages", made["/api/v2/pipelines"][0]);
    post(cast, tenant, &stages, &json!({"name": MARK, "probability": 10}));
    let merged = resolved(&json!({"winner": "$leads", "losers": ["$leads.1"]}), &made);
    let request = signed("POST", "/api/v2/leads/merge", &tenant.token, Some(&tenant.client_id)).json(&merged);
    let merge = cast.api.ask(&request, &[200, 201]).unwrap().json();
    made.insert("/api/v2/merges".to_owned(), vec![merge["merge_id"].as_str().unwrap().to_owned()]);
    answer_columns(cast, tenant, &made);
    import(cast, tenant);
    hand_over(cast, tenant);
    let form = Request::new("POST", "/api/leads/ingest").header("X-API-Key", &tenant.key);
    let submission = json!({"name": MARK, "email": "form@mark.example"});
    cast.api.ask(&form.json(&submission), &[201]).unwrap();
    let invitation = json!({"email": format!("guest@{}.example", tenant.client_id), "role": "user"});
    post(cast, tenant, &format!("/api/v2/tenants/{}/invite_user", tenant.id), &invitation);
    let delivered = "/api/v2/deliveries?status=succeeded";
    eventually("the webhook is delivered", Duration::from_secs(30), || {
        let request = signed("GET", delivered, &tenant.token, Some(&tenant.client_id));
        (cast.api.ask(&request, &[200]).unwrap().json()["count"] == 1).then_some(())
    });
    let mut all = listed(cast, tenant, &made);
    all.extend(made.into_iter().filter(|(collection, _)| collection == "/api/v2/merges"));
    all
}

/// The body with ids in place of the placeholders.
pub fn resolved(body: &Value, made: &Belongings) -> Value {
    match body {
        Value::String(text) => match text.strip_prefix('$') {
            Some(name) => {
                let (name, place) = name.split_once('.').unwrap_or((name, "0"));
                let ids = made.get(name).or_else(|| made.get(&format!("/api/v2/{name}")));
                json!(ids.unwrap_or_else(|| panic!("no {name}"))[place.parse::<usize>().unwrap()])
            }
            None => body.clone(),
        },
        Value::Array(items) => items.iter().map(|item| resolved(item, made)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), resolved(value, made))).collect()
        }
        other => other.clone(),
    }
}

/// The tenant's admin.
pub fn me(cast: &Cast, tenant: &Tenant) -> String {
    let request = signed("GET", "/api/v2/auth/me", &tenant.token, None);
    cast.api.ask(&request, &[200]).unwrap().json()["id"].as_str().unwrap().to_owned()
}

fn post(cast: &Cast, tenant: &Tenant, path: &str, body: &Value) -> String {
    let request = signed("POST", path, &tenant.token, Some(&tenant.client_id)).json(body);
    cast.api.ask(&request, &[201]).unwrap().json()["id"].as_str().unwrap().to_owned()
}

/// Has the column of leads asked for a lead, and that of accounts for an account. The runs are cancelled once there is a cell: their
/// retries would change records long after this.
fn answer_columns(cast: &Cast, tenant: &Tenant, made: &Belongings) {
    let ask = |method: &str, path: &str| signed(method, path, &tenant.token, Some(&tenant.client_id));
    for (column, noun) in made["/api/v2/custom_columns"].iter().zip(["lead", "account"]) {
        let path = format!("/api/v2/custom_columns/{column}/generate_values");
        let body = json!({"entity_ids": [made[&format!("/api/v2/{noun}s")][0]]});
        let run = cast.api.ask(&ask("POST", &path).json(&body), &[202]).unwrap().json();
        let cells = format!("/api/v2/{noun}_column_values?column_id={column}");
        eventually("there is a cell", Duration::from_secs(30), || {
            (cast.api.ask(&ask("GET", &cells), &[200]).unwrap().json()["count"] == 1).then_some(())
        });
        let cancel = format!("/api/v2/enrichment/runs/{}/cancel", run["id"].as_str().unwrap());
        cast.api.ask(&ask("POST", &cancel).json(&json!({})), &[200]).unwrap();
    }
}

/// Deactivates a member with a task, which is then due to be handed over.
fn hand_over(cast: &Cast, tenant: &Tenant) {
    let who = SignIn { email: format!("leaver@{}.example", tenant.client_id), password: secrets::password() };
    cast.api.invite(tenant, &who, "user").unwrap();
    let token = cast.api.sign_in(&who).unwrap();
    let me = cast.api.ask(&signed("GET", "/api/v2/auth/me", &token, None), &[200]).unwrap().json();
    post(cast, tenant, "/api/v2/tasks", &json!({"title": MARK, "assigned_to": me["id"]}));
    let membership = me["memberships"][0]["membership_id"].as_str().unwrap();
    let path = format!("/api/v2/tenant-users/{membership}");
    let request = signed("PATCH", &path, &tenant.token, Some(&tenant.client_id));
    cast.api.ask(&request.json(&json!({"status": "inactive"})), &[200]).unwrap();
    eventually("the handover is planned", Duration::from_secs(30), || {
        let request = signed("GET", "/api/v2/handovers", &tenant.token, Some(&tenant.client_id));
        (cast.api.ask(&request, &[200]).unwrap().json()["count"] == 1).then_some(())
    });
}

fn import(cast: &Cast, tenant: &Tenant) {
    let part = |head: &str, content: &str| {
        format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
    };
    let body = [
        part("name=\"mapping\"", r#"{"Mail": "email"}"#),
        part("name=\"file\"; filename=\"leads.csv\"", "Mail\r\nimported@mark.example\r\n"),
        "--b--\r\n".to_owned(),
    ];
    let request = signed("POST", "/api/v2/imports", &tenant.token, Some(&tenant.client_id))
        .body("multipart/form-data; boundary=b", body.concat().into_bytes());
    cast.api.ask(&request, &[202]).unwrap();
}

/// Ids of all records that the tenant's admin can list: collections, and those below the first member of one.
fn listed(cast: &Cast, tenant: &Tenant, made: &Belongings) -> Belongings {
    let mut all = Belongings::new();
    for operation in cast.operations() {
        let is_list = operation.method == "GET" && operation.needs_person();
        let above = operation.path.split_once("/{").map(|(above, _)| above.to_owned());
        let target = match (operation.path.matches('{').count(), above) {
            (0, _) => operation.path.clone(),
            (1, Some(above)) if operation.path.ends_with("/stages") => operation.target(&made[&above][0]),
            (1, Some(_)) if operation.path.ends_with("/domains") => operation.target(&tenant.id),
            _ => continue,
        };
        if !is_list || target.ends_with("/stream") {
            continue;
        }
        let answer = cast.send(&signed("GET", &target, &tenant.token, Some(&tenant.client_id)));
        let body: Value = serde_json::from_str(&answer.text).unwrap_or_default();
        let results = body["results"].as_array().cloned().unwrap_or_default();
        let ids = results.iter().filter_map(|one| one["id"].as_str().map(str::to_owned));
        all.insert(operation.path.clone(), ids.collect());
    }
    all
}
