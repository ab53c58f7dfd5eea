//! Lists, counts, searches, exports and reports.

use std::collections::{BTreeMap, BTreeSet};

use platform::http::routes::DeclaredRoute;
use serde_json::json;
use testkit::{Caller, Reply};

use super::{OWNED, SHARED, Stage, collection, guarded, records::Records, target};

/// Reads that show no owned records, in addition to shared collections.
const QUIET: [&str; 2] = ["/api/v2/api-keys/{id}/form_mapping", "/api/v2/scoring-models/rescoring"];

/// The queries by which a route is read.
fn queries(route: &DeclaredRoute) -> Vec<String> {
    let mut all = match route.path.rsplit('/').next().unwrap() {
        "export" => vec!["?format=csv".to_owned(), "?format=ndjson".to_owned()],
        "quota_distribution" => {
            vec!["?buyer_percent=60&influencer_percent=30&end_user_percent=10".to_owned()]
        }
        _ => vec![String::new()],
    };
    if let Some(listing) = (route.operation)().listing {
        if !listing.search.is_empty() {
            all.push("?search=other".to_owned());
        }
        if listing.cursor {
            all.push("?cursor=".to_owned());
        }
        all.push("?page_size=1&count=exact".to_owned());
    }
    all
}

/// All reads without ids of owned records, by route and query.
async fn told(caller: &Caller, records: &Records) -> BTreeMap<(String, String), (u16, String)> {
    let mut all = BTreeMap::new();
    let is_open = |route: &&DeclaredRoute| collection(route).is_none_or(|path| SHARED.contains(&path));
    for route in guarded().iter().filter(|route| route.method == "GET").filter(is_open) {
        let id = collection(route).map(|collection| records[collection][0].as_str());
        for query in queries(route) {
            let path = format!("{}{query}", target(route.path, id.unwrap_or_default(), records));
            let Reply { status, text, .. } = caller.get(&path).await;
            assert_eq!(status, 200, "{path}: {text}");
            all.insert((route.path.to_owned(), query), (status.as_u16(), text));
        }
    }
    let everything = json!({"where": {"field": "id", "op": "isnull", "value": false}});
    let search = caller.post("/api/v2/leads/search", &everything).await;
    all.insert(("/api/v2/leads/search".to_owned(), String::new()), (search.status.as_u16(), search.text));
    all
}

/// Whether a read may be the same for all users.
fn is_quiet(path: &str) -> bool {
    let of_shared = |shared: &&str| {
        path.strip_prefix(*shared).is_some_and(|rest| ["", "/{id}", "/{stage_id}"].contains(&rest))
    };
    QUIET.contains(&path) || SHARED.iter().any(of_shared)
}

#[actix_web::test]
async fn what_others_have_changes_no_answer_to_those_who_may_not_see_it() {
    let mut stage = Stage::set().await;
    let everybodys = stage.worker.alive.clone();
    let mut before = Vec::new();
    for (_, caller) in stage.lookers() {
        before.push(told(caller, &everybodys).await);
    }
    let shown_before = told(&stage.admin, &everybodys).await;

    stage.other.acquire(&stage.app, &stage.key).await;

    let shown = told(&stage.admin, &everybodys).await;
    let told_something: BTreeSet<&str> = shown
        .iter()
        .filter(|(read, answer)| shown_before[*read] != **answer)
        .map(|((path, _), _)| path.as_str())
        .collect();
    let mute: BTreeSet<&str> = shown
        .keys()
        .map(|(path, _)| path.as_str())
        .filter(|path| !told_something.contains(path) && !is_quiet(path))
        .collect();
    assert!(
        mute.is_empty(),
        "these show nothing of what was added, so that nothing was tried by them: {mute:?}"
    );
    for ((scope, caller), before) in stage.lookers().into_iter().zip(&before) {
        for (read, answer) in told(caller, &everybodys).await {
            assert_eq!(answer, before[&read], "{read:?} tells somebody with scope {scope} of others");
        }
    }
}

#[actix_web::test]
async fn every_list_has_owners_or_is_known_to_be_everybodys() {
    let lists: Vec<_> = guarded().into_iter().filter_map(|route| (route.operation)().listing).collect();
    assert!(lists.len() >= 20, "the lists are found: {}", lists.len());

    let ownerless: BTreeSet<&str> =
        lists.iter().filter(|listing| listing.owners.is_empty()).map(|listing| listing.path).collect();

    assert_eq!(ownerless, SHARED.into_iter().filter(|path| !path.contains('{')).collect());
}

#[actix_web::test]
async fn a_filter_by_somebody_elses_id_finds_and_counts_nothing() {
    let stage = Stage::full().await;
    let owned = guarded().into_iter().filter_map(|route| (route.operation)().listing);
    let owned: BTreeMap<&str, _> =
        owned.filter(|listing| !listing.owners.is_empty()).map(|listing| (listing.path, listing)).collect();

    for (path, listing) in &owned {
        for id in &stage.other.alive[*path] {
            let filtered = format!("{path}?id={id}");
            assert_eq!(stage.admin.get(&filtered).await.expect(200)["count"], 1, "{filtered}");
            for (scope, caller) in stage.lookers() {
                let found = caller.get(&filtered).await.expect(200);
                assert_eq!(
                    (&found["count"], &found["results"]),
                    (&json!(0), &json!([])),
                    "{filtered}: {scope}"
                );
            }
        }
        for (member, collection) in
            OWNED.iter().filter(|(member, _)| listing.columns.iter().any(|c| c.name == *member))
        {
            let filtered = format!("{path}?{member}={}", stage.other.alive[*collection][0]);
            for (scope, caller) in stage.lookers() {
                assert_eq!(caller.get(&filtered).await.expect(200)["count"], 0, "{filtered}: {scope}");
            }
        }
    }
}
