//! Every effect that a route declares takes its permission, tried on the routes as they are declared.

use platform::http::{routes::DeclaredRoute, rule::When};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Caller, Reply};

use super::{NOTHING, SHARED, Stage, collection, fitting, guarded, name, target};

/// Codes of a route's effects that happen at this time.
fn codes(route: &DeclaredRoute, when: When) -> Vec<&'static str> {
    let declared = (route.rule.declared)();
    declared.effects.iter().filter(|effect| effect.when == when).map(|effect| effect.permission).collect()
}

async fn ask(caller: &Caller, route: &DeclaredRoute, path: &str, body: Option<&Value>) -> Reply {
    let method: Method = route.method.parse().unwrap();
    caller.send(method, path, body).await
}

#[actix_web::test]
async fn what_a_route_always_does_takes_its_permission_before_anything_else_is_looked_at() {
    let stage = Stage::set().await;
    let mut tried = 0;
    for route in &guarded() {
        let path = target(route.path, NOTHING, &stage.worker.alive);
        for code in codes(route, When::Always) {
            let refused = ask(&stage.admin.without(&[code]), route, &path, None).await;
            assert_eq!(refused.problem(), (403, "permission_denied"), "{} without {code}", name(route));
            assert_eq!(refused.body["permission"], code, "{}", name(route));
            tried += 1;
        }
        if (route.rule.declared)().whole_tenant {
            let refused = ask(&stage.boss, route, &path, None).await;
            assert_eq!((refused.status.as_u16(), &refused.body["data_scope"]), (403, &json!("all")));
            tried += 1;
        }
    }

    assert!(tried >= 12, "{tried} were tried");
}

/// The names of members of all objects that have an id.
fn members(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| members(item, found)),
        Value::Object(object) => {
            if object.contains_key("id") {
                found.extend(object.keys().cloned());
            }
            object.values().for_each(|value| members(value, found));
        }
        _ => {}
    }
}

#[actix_web::test]
async fn an_answer_to_a_caller_who_may_not_read_has_ids_and_versions_only() {
    let stage = Stage::set().await;
    let worker = &stage.worker;
    let mut tried = 0;
    for route in &guarded() {
        let shown = codes(route, When::Shown);
        let above = collection(route).unwrap_or(route.path);
        // A conversion needs to read the lead that it copies, what was released can no longer be rejected, and these fields have
        // neither candidates nor earlier values; they are tried by themselves.
        let is_alone = ["/convert", "/ingests/{id}/reject", "/{field}/accept", "/{field}/revert"]
            .iter()
            .any(|end| route.path.ends_with(end));
        let is_tried = !shown.is_empty() && route.method != "GET" && !is_alone;
        if !is_tried || SHARED.iter().any(|shared| above.starts_with(shared)) {
            continue;
        }
        let records = if route.path.ends_with("/restore") { &worker.deleted } else { &worker.alive };
        let id = records.get(above).and_then(|ids| ids.first()).map_or(NOTHING, String::as_str);
        let known = ["/api/v2/leads", "/api/v2/contacts", "/api/v2/customers"].contains(&route.path);
        let query = if known { "?allow_duplicate=true" } else { "" };
        let path = format!("{}{query}", target(route.path, id, &worker.alive));
        let body = fitting(route, worker);

        let answer = ask(&worker.caller.without(&shown), route, &path, body.as_ref()).await;

        assert!(answer.status.is_success(), "{}: {}", name(route), answer.text);
        let mut found = Vec::new();
        members(&answer.body, &mut found);
        let only_outlines = found.iter().all(|member| ["id", "version"].contains(&member.as_str()));
        assert!(only_outlines && !answer.text.contains(worker.mark), "{}: {}", name(route), answer.text);
        tried += 1;
    }

    assert!(tried > 40, "{tried} were tried");
}
