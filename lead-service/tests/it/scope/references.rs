//! Ids in paths and bodies, and people who are entered twice.

use std::collections::{BTreeMap, BTreeSet};

use platform::http::routes::DeclaredRoute;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Caller, Reply};

use super::{
    NOTHING, OWNED, SHARED, Stage, bytes, collection, fitting, guarded, name, records::Records, shown, target,
};

/// Members of bodies that name people, who are known to all of a tenant, or what is shared.
const UNOWNED: [&str; 9] = [
    "account_manager_id",
    "assigned_to",
    "catalog_product_id",
    "pipeline_id",
    "product_id",
    "rule_ids",
    "stage_id",
    "stage_ids",
    "user_id",
];

#[actix_web::test]
async fn somebody_elses_id_in_a_path_is_like_one_that_nothing_has() {
    let stage = Stage::full().await;
    let before = shown(&stage.admin, &stage.other).await;
    let mut tried = 0;
    for route in &guarded() {
        let Some(above) = collection(route).filter(|above| !SHARED.contains(above)) else { continue };
        let theirs = stage.other.alive.get(above);
        let theirs = theirs.unwrap_or_else(|| panic!("{}: records.rs makes none of it", name(route)));
        let deleted = stage.other.deleted.get(above).into_iter().flatten();
        for (scope, caller) in stage.lookers() {
            for id in theirs.iter().take(1).chain(deleted.clone()) {
                let method: Method = route.method.parse().unwrap();
                let body = fitting(route, &stage.worker);
                let query = if route.path.ends_with("/as_of") { "?at=2026-01-01T00:00:00Z" } else { "" };
                let ask = async |id: &str| {
                    let path = format!("{}{query}", target(route.path, id, &stage.worker.alive));
                    caller.send(method.clone(), &path, body.as_ref()).await
                };
                let (foreign, nothing) = (ask(id).await, ask(NOTHING).await);
                assert_eq!(
                    bytes(&foreign, id),
                    bytes(&nothing, NOTHING),
                    "{} with scope {scope}",
                    name(route)
                );
                assert_eq!(foreign.status, 404, "{} with scope {scope}: {}", name(route), foreign.text);
                tried += 1;
            }
        }
    }

    assert!(tried > 200, "{tried} were tried");
    assert_eq!(shown(&stage.admin, &stage.other).await, before);
}

/// Places in a body where an id stands, as the schema says: `/account_id`, `/deal/stage_id`, `/losers/0`.
fn references(schema: &Value, schemas: &BTreeMap<String, Value>, place: &str, found: &mut Vec<String>) {
    if let Some(named) = schema["$ref"].as_str() {
        return references(&schemas[named.rsplit('/').next().unwrap()], schemas, place, found);
    }
    if schema["format"] == "uuid" {
        found.push(place.to_owned());
    }
    for alternatives in ["oneOf", "anyOf", "allOf"] {
        for one in schema[alternatives].as_array().into_iter().flatten() {
            references(one, schemas, place, found);
        }
    }
    if schema["items"].is_object() {
        references(&schema["items"], schemas, &format!("{place}/0"), found);
    }
    for (member, of) in schema["properties"].as_object().into_iter().flatten() {
        references(of, schemas, &format!("{place}/{member}"), found);
    }
}

/// What each place of a route's body may be made to name: the place, the collection, and what the body must say beside it.
fn namings(route: &DeclaredRoute) -> Vec<(String, String, Value)> {
    let operation = (route.operation)();
    let schemas = &operation.schemas.0;
    let mut places = Vec::new();
    for (media_type, schema) in &operation.bodies {
        if *media_type == "application/json" {
            references(schema, schemas, "", &mut places);
        }
    }
    if route.path.ends_with("/bulk_create") {
        let alone = route.path.trim_end_matches("/bulk_create");
        let create =
            guarded().into_iter().find(|other| other.method == "POST" && other.path == alone).unwrap();
        return namings(&create)
            .into_iter()
            .map(|(place, of, more)| (format!("/items/0{place}"), of, more))
            .collect();
    }
    let mut all = Vec::new();
    for place in places {
        let member = place.split('/').rfind(|part| part.parse::<u8>().is_err()).unwrap();
        if member == "entity_id" {
            let kinds = schemas["Subject"]["enum"].as_array().unwrap();
            for kind in kinds.iter().filter(|kind| **kind != "product") {
                let more = json!({"entity_type": kind});
                all.push((place.clone(), format!("/api/v2/{}s", kind.as_str().unwrap()), more));
            }
        } else if let Some((_, collection)) = OWNED.iter().find(|(owned, _)| *owned == member) {
            all.push((place, (*collection).to_owned(), json!({})));
        } else {
            assert!(UNOWNED.contains(&member), "{}: what does {place} name?", name(route));
        }
    }
    all
}

/// Writes the id into its place, whatever is on the way there.
fn put(body: &mut Value, place: &str, id: &str) {
    let (first, rest) = place[1..].split_once('/').unwrap_or((&place[1..], ""));
    let inner = match (body, first.parse::<usize>()) {
        (Value::Array(items), Ok(index)) => &mut items[index],
        (body, _) => &mut body[first],
    };
    if rest == "0" {
        *inner = json!([id]);
    } else if rest.is_empty() {
        *inner = json!(id);
    } else {
        put(inner, &format!("/{rest}"), id);
    }
}

#[actix_web::test]
async fn somebody_elses_id_in_a_body_is_like_one_that_nothing_has() {
    let stage = Stage::full().await;
    let before = shown(&stage.admin, &stage.other).await;
    let mut tried = BTreeSet::new();
    for route in guarded() {
        for (place, named, more) in namings(&route) {
            let mine = |records: &Records| records[&named][usize::from(place.contains("losers"))].clone();
            let method: Method = route.method.parse().unwrap();
            let own = collection(&route).map(|above| stage.worker.alive[above][0].clone());
            let path = target(route.path, &own.unwrap_or_default(), &stage.worker.alive);
            let query = if path.ends_with("/upsert") {
                "?match=email"
            } else if ["/api/v2/leads", "/api/v2/contacts", "/api/v2/customers"].contains(&path.as_str()) {
                "?allow_duplicate=true"
            } else {
                ""
            };
            let mut body = fitting(&route, &stage.worker).unwrap();
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let ask = async |caller: &Caller, id: &str| {
                let mut body = body.clone();
                put(&mut body, &place, id);
                caller.send(method.clone(), &format!("{path}{query}"), Some(&body)).await
            };
            let foreign_id = mine(&stage.other.alive);
            for (scope, caller) in stage.lookers() {
                let foreign = ask(caller, &foreign_id).await;
                let nothing = ask(caller, NOTHING).await;
                let what = format!("{} with {place} and scope {scope}", name(&route));
                assert_eq!(bytes(&foreign, &foreign_id), bytes(&nothing, NOTHING), "{what}");
                let in_bulk = foreign.body["created"] == json!([]) && foreign.body["errors"][0]["index"] == 0;
                assert!(
                    in_bulk || foreign.status == 422 || foreign.status == 404,
                    "{what}: {}",
                    foreign.text
                );
            }
            let taken = ask(&stage.worker.caller, &mine(&stage.worker.alive)).await;
            assert!(taken.status.is_success(), "{} with {place} of one's own: {}", name(&route), taken.text);
            tried.insert(format!("{} {place}", name(&route)));
        }
    }

    assert!(tried.len() > 40, "{tried:?}");
    assert_eq!(shown(&stage.admin, &stage.other).await, before);
}

#[actix_web::test]
async fn whoever_enters_a_person_whom_somebody_else_has_is_told_no_more_than_that() {
    let stage = Stage::full().await;
    let before = shown(&stage.admin, &stage.other).await;
    let theirs = json!({"first_name": "Other", "email": "OTHER@form.example"});
    let hidden = |reply: &Reply| !stage.other.alive["/api/v2/leads"].iter().any(|id| reply.text.contains(id));
    for (_, caller) in stage.lookers() {
        let known = caller.post("/api/v2/leads", &theirs).await;
        assert_eq!(known.problem(), (409, "possible_duplicate"));
        assert_eq!(known.body["candidates"], json!([]));
        let many = caller.post("/api/v2/leads/bulk_create", &json!({"items": [theirs]})).await;
        assert!(many.status == 200 && hidden(&many), "{}", many.text);
    }

    let upsert = "/api/v2/leads/upsert?match=email";
    let upserted = stage.worker.caller.put(upsert, &theirs).await;
    let insisted = format!("{upsert}&allow_duplicate=true");
    let made = stage.worker.caller.put(&insisted, &theirs).await;

    assert_eq!(upserted.problem(), (409, "possible_duplicate"));
    assert_eq!(upserted.body["candidates"], json!([]));
    assert_eq!(made.problem(), (409, "possible_duplicate"), "the address has one lead");
    let candidates = stage.admin.post("/api/v2/leads", &theirs).await.body["candidates"].clone();
    assert_eq!(candidates.as_array().unwrap().len(), 1, "{candidates}");
    assert_eq!(shown(&stage.admin, &stage.other).await, before);
}
