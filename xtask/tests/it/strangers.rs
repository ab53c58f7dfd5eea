//! Records of another tenant do not exist: answers to their ids are byte for byte those to an unused id, and nothing of
//! them changes.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use attack::operations::{NOTHING, Operation, fitting, members};
use devstack::{
    Progress,
    engines::Engines,
    people::{Tenant, signed},
    services::DATABASES,
    sql::Sql,
    wire::Request,
};
use serde_json::{Value, json};

use crate::{
    belongings::{Belongings, acquire, me, recipe, resolved},
    browser::{eventually, pause},
    cast::{Answer, Caller, Cast, harmless},
};

/// Path of a tenant's moves.
const MOVES: &str = "/api/v2/tenants/{id}/isolation";
/// Collections that belong to the platform or are public.
const SHARED: [&str; 7] = [
    "/api/v2/catalog-products",
    "/api/v2/categories",
    "/api/v2/configs",
    "/api/v2/industries",
    "/api/v2/service-accounts",
    "/api/v2/tenant-products",
    "/api/v2/users",
];
/// Tested ids per collection.
const OF_EACH: usize = 2;

/// The target of a request about an id.
type TargetOf<'a> = Box<dyn Fn(&str) -> String + 'a>;

/// Members of bodies that name another record, and their collection.
const REFERENCES: [(&str, &str); 14] = [
    ("account_id", "/api/v2/accounts"),
    ("product_id", "/api/v2/products"),
    ("lead_id", "/api/v2/leads"),
    ("contact_id", "/api/v2/contacts"),
    ("deal_id", "/api/v2/deals"),
    ("customer_id", "/api/v2/customers"),
    ("pipeline_id", "/api/v2/pipelines"),
    ("stage_id", "/api/v2/pipelines/{id}/stages"),
    ("region_id", "/api/v2/regions"),
    ("entity_id", "/api/v2/deals"),
    ("assigned_to", "people"),
    ("account_manager_id", "people"),
    ("winner", "/api/v2/leads"),
    ("rule_ids", "/api/v2/assignment-rules"),
];

/// Request for a foreign id, and the same for an unused id.
pub struct Pair {
    name: String,
    foreign_id: String,
    foreign: Request,
    nothing: Request,
}

/// Pairs for every route with an id, called by a user of our tenant; and collections without a record to
/// test. `shared` are the excluded ones.
pub fn by_path(
    cast: &Cast,
    caller: &Caller,
    theirs: &Belongings,
    shared: &[&str],
) -> (Vec<Pair>, BTreeSet<String>) {
    let document = cast.document();
    let (mut pairs, mut unknown) = (Vec::new(), BTreeSet::new());
    let takes_ids = |operation: &Operation| operation.needs_person() && operation.path.contains('{');
    // A field has a name instead of an id. Accounts and leads both have this one.
    let of_a_field = |operation: Operation| {
        let path = operation.path.replace("/{field}", "/linkedin_url");
        Operation { path, ..operation }
    };
    for operation in cast.operations().into_iter().filter(takes_ids).map(of_a_field) {
        let body = operation.body.as_ref().map(|schema| fitting(&document, schema));
        let mut push = |foreign_id: &str, foreign: String, nothing: String| {
            let request = |target: &str| {
                let request = harmless(&operation.method, target, caller, &cast.ours);
                body.as_ref().map_or(request.clone(), |body| request.json(body))
            };
            pairs.push(Pair {
                name: operation.name(),
                foreign_id: foreign_id.to_owned(),
                foreign: request(&foreign),
                nothing: request(&nothing),
            });
        };
        let collection = operation.collection().unwrap();
        if collection == "/api/v2/tenants" {
            // Neither the foreign tenant, nor its records through ours. No header names ours, because it would contradict.
            let theirs_id = &cast.theirs.id;
            push(theirs_id, operation.target(theirs_id), operation.target(NOTHING));
        }
        let in_parent = operation.path.matches('{').count() > 1;
        let (whole, target): (String, TargetOf<'_>) = if in_parent {
            let (above, _) = operation.path.rsplit_once("/{").unwrap();
            let parent = match collection {
                "/api/v2/tenants" => cast.ours.id.clone(),
                _ => theirs.get(collection).and_then(|ids| ids.first()).cloned().unwrap_or_default(),
            };
            let path = operation.path.replacen("{id}", &parent, 1);
            (
                above.to_owned(),
                Box::new({
                    let operation = Operation { path, ..operation.clone() };
                    move |id| operation.target(id)
                }),
            )
        } else {
            (collection.to_owned(), Box::new(|id| operation.target(id)))
        };
        if shared.contains(&whole.as_str()) || (whole == "/api/v2/tenants" && !in_parent) {
            continue;
        }
        let foreign = theirs.get(&whole).cloned().unwrap_or_default();
        if foreign.is_empty() {
            unknown.insert(whole);
        }
        for id in foreign.iter().take(OF_EACH) {
            push(id, target(id), target(NOTHING));
        }
    }
    (pairs, unknown)
}

/// Pairs for every member of a body that names a record of a collection that is not `shared`, sent with this token.
pub fn by_body(
    cast: &Cast,
    token: &str,
    ours: &Belongings,
    theirs: &Belongings,
    shared: &[&str],
) -> Vec<Pair> {
    let document = cast.document();
    let mut mine = ours.clone();
    mine.insert("me".to_owned(), vec![me(cast, &cast.ours)]);
    let mut pairs = Vec::new();
    let creates = |operation: &Operation| operation.method == "POST" && !operation.path.contains('{');
    for operation in cast.operations().into_iter().filter(creates) {
        let (Some(schema), Some((_, base))) =
            (&operation.body, recipe().into_iter().find(|(path, _)| *path == operation.path))
        else {
            continue;
        };
        for member in members(&document, schema) {
            let Some((_, collection)) = REFERENCES.iter().find(|(name, _)| *name == member) else { continue };
            if shared.contains(collection) {
                continue;
            }
            let foreign = &theirs[*collection][0];
            let request = |id: &str| {
                let mut body = resolved(&base, &mine);
                body[&member] = json!(id);
                if member == "entity_id" {
                    body["entity_type"] = json!("deal");
                }
                signed("POST", &operation.path, token, Some(&cast.ours.client_id)).json(&body)
            };
            pairs.push(Pair {
                name: format!("{} with their {member}", operation.name()),
                foreign_id: foreign.clone(),
                foreign: request(foreign),
                nothing: request(NOTHING),
            });
        }
    }
    pairs
}

/// The answer without the parts that differ between requests: its id, and the requested id.
fn bytes(answer: &Answer, id: &str) -> (u16, String) {
    let body: Value = serde_json::from_str(&answer.text).unwrap_or_default();
    let request_id = body["request_id"].as_str().unwrap_or("no id of a request");
    (answer.status, answer.text.replace(request_id, "a request").replace(id, NOTHING))
}

/// Moves a tenant to a schema of its own and back; returns the ids of both moves.
fn moved(cast: &Cast, tenant: &Tenant) -> Vec<String> {
    let staff = staff(cast).token.as_deref().unwrap();
    let path = format!("/api/v2/tenants/{}/isolation", tenant.id);
    let there_and_back = ["schema", "pool"].map(|isolation| {
        let request = signed("POST", &path, staff, None).json(&json!({ "isolation": isolation }));
        let begun = cast.api.ask(&request, &[202]).unwrap().json();
        let id = begun["id"].as_str().unwrap().to_owned();
        let ended = signed("GET", &format!("{path}/{id}"), staff, None);
        eventually("the tenant is moved", Duration::from_secs(60), || {
            (cast.api.ask(&ended, &[200]).unwrap().json()["status"] == "succeeded").then_some(())
        });
        id
    });
    there_and_back.to_vec()
}

/// Moves are for platform staff, and are found below their tenant only.
fn by_staff(cast: &Cast, theirs: &Belongings) -> Vec<Pair> {
    let pair = |id: &String| {
        let target = |id: &str| MOVES.replace("{id}", &cast.ours.id) + "/" + id;
        let request = |id: &str| harmless("GET", &target(id), staff(cast), &cast.ours);
        let name = format!("GET {MOVES}/{{move_id}} as staff");
        Pair { name, foreign_id: id.clone(), foreign: request(id), nothing: request(NOTHING) }
    };
    theirs[MOVES].iter().map(pair).collect()
}

fn staff(cast: &Cast) -> &Caller {
    cast.callers.iter().find(|caller| caller.name == "internal_admin").unwrap()
}

/// Pairs with answers that differ, or that were not refused.
pub fn differences(cast: &Cast, pairs: &[Pair]) -> Vec<String> {
    let compared = cast.each(pairs, |pair| {
        let foreign = bytes(&cast.send(&pair.foreign), &pair.foreign_id);
        let nothing = bytes(&cast.send(&pair.nothing), NOTHING);
        let refused = (400..500).contains(&foreign.0);
        (foreign != nothing || !refused).then(|| format!("{}: {foreign:?} and not {nothing:?}", pair.name))
    });
    compared.into_iter().flatten().collect()
}

/// A digest of all rows of a tenant, by database and table.
fn digests(cast: &Cast, binaries: &std::path::Path, tenant: &str) -> BTreeMap<String, String> {
    const TABLES: &str = "select c.oid::regclass::text from pg_class c where c.relkind in ('r', 'p') \
        and not c.relispartition and c.relnamespace = 'public'::regnamespace and exists (select from pg_attribute a \
        where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)";
    let mut all = BTreeMap::new();
    for database in DATABASES {
        let sql = Sql::at(&cast.platform.postgres_url(database), binaries).unwrap();
        let tables: Vec<String> = sql.rows(TABLES).unwrap().into_iter().flatten().collect();
        let of_table = |table: &String| {
            format!(
                "select '{database}.{table}', count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by \
                 md5(t::text))), '') from {table} t where tenant_id = '{tenant}'"
            )
        };
        let query = tables.iter().map(of_table).collect::<Vec<_>>().join(" union all ");
        for row in sql.rows(&query).unwrap() {
            all.insert(row[0].clone(), row[1].clone());
        }
    }
    all
}

/// The digests after all background work has ended.
fn at_rest(cast: &Cast, binaries: &std::path::Path, tenant: &str) -> BTreeMap<String, String> {
    let began = Instant::now();
    let mut last = digests(cast, binaries, tenant);
    loop {
        pause(Duration::from_secs(3));
        let now = digests(cast, binaries, tenant);
        if now == last {
            return now;
        }
        assert!(began.elapsed() < Duration::from_secs(120), "what belongs to a tenant does not come to rest");
        last = now;
    }
}

#[test]
fn records_of_another_tenant_do_not_exist_and_stay_unchanged() {
    let cast = Cast::assemble();
    let binaries = Engines::find_or_install(None, &Progress::silent()).unwrap().postgres;
    let ours = acquire(&cast, &cast.ours);
    let mut theirs = acquire(&cast, &cast.theirs);
    theirs.insert("people".to_owned(), vec![me(&cast, &cast.theirs)]);
    theirs.insert(MOVES.to_owned(), moved(&cast, &cast.theirs));
    let shared: BTreeSet<&String> = ours.values().flatten().collect();
    for ids in theirs.values_mut() {
        ids.retain(|id| !shared.contains(id));
    }
    let admin = cast.callers.iter().find(|caller| caller.name == "tenant_admin").unwrap();
    let before = at_rest(&cast, &binaries, &cast.theirs.id);
    assert!(before.values().filter(|digest| !digest.starts_with("0 ")).count() > 25, "{before:?}");

    let (mut pairs, unknown) = by_path(&cast, admin, &theirs, &SHARED);
    assert!(unknown.is_empty(), "the recipe of belongings.rs makes none of {unknown:?}");
    pairs.extend(by_body(&cast, &cast.ours.token, &ours, &theirs, &[]));
    pairs.extend(by_staff(&cast, &theirs));
    for tried in ["/api/v2/deliveries/{id}/replay", "/api/v2/tenants/{id}/isolation/{move_id}"] {
        assert!(pairs.iter().any(|pair| pair.name.contains(tried)), "{tried} was not tried");
    }
    let differences = differences(&cast, &pairs);

    assert!(differences.is_empty(), "{} of {}:\n{}", differences.len(), pairs.len(), differences.join("\n"));
    let after = at_rest(&cast, &binaries, &cast.theirs.id);
    let changed: Vec<_> = before.iter().filter(|(table, digest)| after.get(*table) != Some(digest)).collect();
    assert!(changed.is_empty(), "changed by a stranger: {changed:?}");
}
