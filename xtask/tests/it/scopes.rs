//! For a user with scope `own`, records of others do not exist: in lists, counts, searches and exports, by
//! their ids, and named in bodies.

use std::collections::BTreeSet;

use devstack::people::signed;
use serde_json::{Value, json};

use crate::{
    belongings::{acquire, recipe},
    cast::{Caller, Cast, invited},
    strangers::{by_body, by_path, differences},
};

/// Collections without a data scope.
const SHARED: [&str; 35] = [
    "/api/v2/api-keys",
    "/api/v2/assignment-rules",
    "/api/v2/audit",
    "/api/v2/branches",
    "/api/v2/catalog-products",
    "/api/v2/categories",
    "/api/v2/configs",
    "/api/v2/custom_columns",
    "/api/v2/customer-segments",
    "/api/v2/customer-tags",
    "/api/v2/deliveries",
    "/api/v2/enrichment/providers",
    "/api/v2/enrichment/waterfalls",
    "/api/v2/events",
    "/api/v2/hierarchy",
    "/api/v2/industries",
    "/api/v2/invitations",
    "/api/v2/notifications",
    "/api/v2/permissions",
    "/api/v2/pipelines",
    "/api/v2/pipelines/{id}/stages",
    "/api/v2/products",
    "/api/v2/regions",
    "/api/v2/roles",
    "/api/v2/scoring-models",
    "/api/v2/service-accounts",
    "/api/v2/settings",
    "/api/v2/tenant-products",
    "/api/v2/tenant-users",
    "/api/v2/tenants",
    "/api/v2/tenants/{id}/domains",
    "/api/v2/tenants/{id}/isolation",
    "/api/v2/users",
    "/api/v2/webhook-endpoints",
    "people",
];

/// A user with all permissions of the tenant's admin and scope `own`.
fn narrow(cast: &Cast) -> Caller {
    const ROLE: &str = "narrow";
    let ours = &cast.ours;
    let ask = |method: &str, path: &str, body: &Value, statuses: &[u16]| {
        let request = signed(method, path, &ours.token, Some(&ours.client_id)).json(body);
        cast.api.ask(&request, statuses).unwrap().json()
    };
    let me = cast.api.ask(&signed("GET", "/api/v2/auth/me", &ours.token, None), &[200]).unwrap().json();
    let permissions = &me["memberships"][0]["permissions"];
    assert!(permissions.as_array().unwrap().len() > 50, "{me}");
    let role = ask("POST", "/api/v2/roles", &json!({"name": ROLE, "data_scope": "own"}), &[201]);
    let path = format!("/api/v2/roles/{}/permissions", role["id"].as_str().unwrap());
    ask("PUT", &path, &json!({ "permissions": permissions }), &[200]);
    Caller { name: ROLE, token: Some(invited(&cast.api, ours, ROLE)) }
}

#[test]
fn records_of_others_do_not_exist_for_a_user_with_scope_own() {
    let cast = Cast::assemble();
    let admins = acquire(&cast, &cast.ours);
    let narrow = narrow(&cast);
    let token = narrow.token.as_deref().unwrap();
    let get = |target: &str| cast.send(&signed("GET", target, token, Some(&cast.ours.client_id)));

    // Merges have no list.
    let is_looked_at =
        |list: &str, ids: &[String]| !ids.is_empty() && !SHARED.contains(&list) && list != "/api/v2/merges";
    let lists: Vec<(&String, &Vec<String>)> =
        admins.iter().filter(|(list, ids)| is_looked_at(list, ids)).collect();
    let seen: Vec<String> = lists
        .iter()
        .filter_map(|(list, ids)| {
            let answer = get(list);
            let body: Value = serde_json::from_str(&answer.text).unwrap_or_default();
            let shown = body["results"].as_array().map_or(0, Vec::len);
            let counts = body["count"].as_u64().is_none_or(|count| usize::try_from(count) == Ok(shown));
            let is_without_them = answer.status == 200 && !ids.iter().any(|id| answer.text.contains(id));
            (!(is_without_them && counts)).then(|| format!("{list}: {answer:?}"))
        })
        .collect();

    assert!(seen.is_empty(), "{}", seen.join("\n"));
    let made: BTreeSet<&str> = recipe().iter().map(|(path, _)| *path).collect();
    let expected = made.into_iter().filter(|path| !SHARED.contains(path));
    let missing: Vec<&str> = expected.filter(|path| !lists.iter().any(|(list, _)| list == path)).collect();
    assert!(missing.is_empty() && lists.len() >= 10, "not looked at: {missing:?}; looked at: {lists:?}");
    let search = signed("POST", "/api/v2/leads/search", token, Some(&cast.ours.client_id));
    let found: Value = serde_json::from_str(&cast.send(&search.json(&json!({}))).text).unwrap();
    assert_eq!(found["results"], json!([]), "{found}");
    let exported = get("/api/v2/leads/export?format=ndjson");
    assert_eq!((exported.status, exported.text.as_str()), (200, ""));

    let (mut pairs, _) = by_path(&cast, &narrow, &admins, &SHARED);
    pairs.extend(by_body(&cast, token, &admins, &admins, &SHARED));
    let differences = differences(&cast, &pairs);

    assert!(pairs.len() > 80, "{} pairs", pairs.len());
    assert!(differences.is_empty(), "{} of {}:\n{}", differences.len(), pairs.len(), differences.join("\n"));
}
