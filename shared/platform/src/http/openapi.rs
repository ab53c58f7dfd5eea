//! The OpenAPI 3.1 document, made from the same declarations that make the routes.

mod choices;
pub mod example;
pub mod groups;
mod names;
mod operation;
mod problems;
mod soundness;
mod words;

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use serde_json::{Map, Value, json};
use utoipa::{
    ToSchema,
    openapi::{RefOr, Schema},
};

pub use self::soundness::faults_of;
use super::{list::Listing, routes::Routes, rule::Rule};

/// Where schemas are in the document.
pub const SCHEMA_PATH: &str = "#/components/schemas/";
/// Where responses are in the document.
const RESPONSE_PATH: &str = "#/components/responses/";

/// Schemas by name, collected while routes are described; and the names that two different types have.
#[derive(Clone, Debug, Default)]
pub struct Schemas(pub BTreeMap<String, Value>, BTreeSet<String>);

impl From<BTreeMap<String, Value>> for Schemas {
    fn from(schemas: BTreeMap<String, Value>) -> Self {
        Self(schemas, BTreeSet::new())
    }
}

impl Schemas {
    /// Adds `T` and all it is made of; gives what to write where `T` is meant.
    pub fn add<T: ToSchema>(&mut self) -> Value {
        let mut parts: Vec<(String, RefOr<Schema>)> = Vec::new();
        T::schemas(&mut parts);
        for (name, schema) in parts {
            self.insert(name, serde_json::to_value(schema).unwrap_or_default());
        }
        let schema = serde_json::to_value(T::schema()).unwrap_or_default();
        let named =
            ["properties", "enum", "oneOf", "anyOf", "allOf"].iter().any(|word| schema.get(*word).is_some());
        if named { self.insert(name_of::<T>(), schema) } else { schema }
    }

    /// Adds a schema; gives a reference to it. One of the same name and other content stays, and is noted as a clash.
    pub fn insert(&mut self, name: String, schema: Value) -> Value {
        let reference = json!({ "$ref": format!("{SCHEMA_PATH}{name}") });
        match self.0.entry(name) {
            Entry::Vacant(free) => {
                free.insert(schema);
            }
            Entry::Occupied(taken) if *taken.get() != schema => {
                self.1.insert(taken.key().clone());
            }
            Entry::Occupied(_) => {}
        }
        reference
    }

    fn extend(&mut self, others: Self) {
        for (name, schema) in others.0 {
            self.insert(name, schema);
        }
        self.1.extend(others.1);
    }
}

/// The name of a schema; of a generic type, the names of its parts joined, as they are where it is a member.
fn name_of<T: ToSchema>() -> String {
    let full = std::any::type_name::<T>();
    if !full.contains('<') {
        return T::name().into_owned();
    }
    let parts = full.split(['<', '>', ',', ' ']).filter(|part| !part.is_empty());
    parts.filter_map(|part| part.rsplit("::").next()).collect::<Vec<_>>().join("_")
}

/// One operation as its handler's types describe it.
#[derive(Clone, Debug)]
pub struct Operation {
    /// What it demands.
    pub rule: Rule,
    /// Query parameters and headers.
    pub parameters: Vec<Value>,
    /// Body it takes: media type and schema.
    pub bodies: Vec<(&'static str, Value)>,
    /// Its answer when all went well.
    pub success: Success,
    /// What the schemas above refer to.
    pub schemas: Schemas,
    /// What the list offers that it answers with, if it is one.
    pub listing: Option<&'static Listing>,
}

/// The answer of an operation when all went well.
#[derive(Clone, Debug)]
pub struct Success {
    /// Its status.
    pub status: u16,
    /// Other statuses of the same body.
    pub also: &'static [u16],
    /// Media types and schemas of the body; none when there is no body.
    pub content: Vec<(&'static str, Value)>,
}

/// The document of a service.
pub fn document(title: &str, version: &str, routes: &Routes) -> Value {
    described(title, version, routes).0
}

/// Everything that is wrong with the document of these routes: a name that two types share, and what [`faults_of`] finds.
pub fn faults(routes: &Routes) -> Vec<String> {
    let (document, clashes) = described("", "", routes);
    let mut faults: Vec<String> =
        clashes.iter().map(|name| format!("two different types are called {name}")).collect();
    faults.extend(faults_of(&document));
    faults
}

fn described(title: &str, version: &str, routes: &Routes) -> (Value, BTreeSet<String>) {
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let mut schemas = Schemas::default();
    schemas.add::<contracts::problem::ProblemBody>();
    for route in routes.iter() {
        let mut operation = (route.operation)();
        let described = operation::describe(route, &mut operation);
        schemas.extend(operation.schemas);
        paths.entry(route.path).or_default().insert(route.method.to_lowercase(), described);
    }
    schemas.spread_choices();
    let Schemas(mut schemas, clashes) = schemas;
    let (paths, mut responses, mut schemes) = (json!(paths), problems::responses(), security_schemes());
    keep(&mut responses, &references_below(&paths, RESPONSE_PATH));
    keep(&mut schemes, &schemes_of(&paths));
    keep_used(&mut schemas, &[&paths, &responses]);
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version,
            "description": "Operations of one service. The gateway has the whole API in one document, at `/api/schema/`.",
            "contact": { "name": "Leadstream" },
            "license": license(),
        },
        "servers": [{ "url": "/", "description": "The gateway" }],
        "tags": groups::tags(routes.iter().map(|route| route.tag)),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": responses,
            "securitySchemes": schemes,
        },
    });
    (document, clashes)
}

/// Licence of the API.
pub fn license() -> Value {
    json!({
        "name": "GNU Affero General Public License v3.0 or later",
        "identifier": "AGPL-3.0-or-later",
    })
}

/// How callers prove who they are and name their tenant.
pub fn security_schemes() -> Value {
    json!({
        "bearer": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "The `access_token` of `POST /api/v2/auth/login`.",
        },
        "tenant": {
            "type": "apiKey", "in": "header", "name": "X-Tenant-Id",
            "description": "The tenant to act in: its id or client id.",
        },
        "api_key": {
            "type": "apiKey", "in": "header", "name": "X-API-Key",
            "description": "The `key` of `POST /api/v2/api-keys`.",
        },
    })
}

/// Leaves out the schemas that nothing in `roots` leads to.
fn keep_used(schemas: &mut BTreeMap<String, Value>, roots: &[&Value]) {
    let mut used = BTreeSet::new();
    let mut open: Vec<&str> = roots.iter().flat_map(|root| references(root)).collect();
    while let Some(name) = open.pop() {
        if used.insert(name.to_owned()) {
            open.extend(schemas.get(name).into_iter().flat_map(references));
        }
    }
    schemas.retain(|name, _| used.contains(name));
}

/// Leaves out the members of an object that have other names.
fn keep(object: &mut Value, names: &[&str]) {
    if let Some(members) = object.as_object_mut() {
        members.retain(|name, _| names.contains(&name.as_str()));
    }
}

/// Names of the security schemes that the operations of `paths` use.
fn schemes_of(paths: &Value) -> Vec<&str> {
    let operations = paths.as_object().into_iter().flat_map(Map::values).filter_map(Value::as_object);
    let choices =
        operations.flat_map(Map::values).filter_map(|operation| operation.get("security")?.as_array());
    let schemes = choices.flatten().filter_map(Value::as_object).flat_map(Map::keys);
    schemes.map(String::as_str).collect()
}

/// Names of the schemas that a value refers to, in any depth.
pub fn references(value: &Value) -> Vec<&str> {
    references_below(value, SCHEMA_PATH)
}

fn references_below<'v>(value: &'v Value, place: &str) -> Vec<&'v str> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(key, value)| match (key.as_str(), value) {
                ("$ref", Value::String(target)) => target.strip_prefix(place).into_iter().collect(),
                (_, value) => references_below(value, place),
            })
            .collect(),
        Value::Array(values) => values.iter().flat_map(|value| references_below(value, place)).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    mod one {
        #[derive(utoipa::ToSchema)]
        #[expect(dead_code, reason = "only its schema is used")]
        pub struct Explanation {
            reason: String,
        }
    }

    mod other {
        #[derive(utoipa::ToSchema)]
        #[expect(dead_code, reason = "only its schema is used")]
        pub struct Explanation {
            layer: i32,
        }
    }

    #[derive(utoipa::ToSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Stack<T> {
        items: Vec<T>,
    }

    #[test]
    fn a_generic_type_is_named_with_what_it_holds() {
        let mut schemas = Schemas::default();

        let (a, b) = (schemas.add::<Stack<one::Explanation>>(), schemas.add::<Stack<String>>());

        assert_eq!(a["$ref"], "#/components/schemas/Stack_Explanation");
        assert_eq!(b["$ref"], "#/components/schemas/Stack_String");
        assert!(schemas.1.is_empty());
    }

    #[derive(serde::Serialize, utoipa::ToSchema)]
    struct Base {
        id: i64,
    }

    #[derive(serde::Serialize, utoipa::ToSchema)]
    struct Extended {
        #[serde(flatten)]
        base: Base,
        at: i64,
    }

    #[test]
    fn a_type_that_extends_another_has_a_name() {
        let mut schemas = Schemas::default();

        let reference = schemas.add::<Extended>();

        assert_eq!(reference, json!({ "$ref": "#/components/schemas/Extended" }));
        assert_eq!(schemas.0["Extended"]["allOf"][0]["$ref"], "#/components/schemas/Base");
        let extended = Extended { base: Base { id: 1 }, at: 2 };
        assert_eq!(json!(extended), json!({ "id": 1, "at": 2 }));
    }

    #[test]
    fn responses_and_schemes_that_no_operation_uses_are_left_out() {
        let paths = json!({ "/a": { "get": {
            "responses": { "401": { "$ref": "#/components/responses/Unauthorized" } },
            "security": [{ "bearer": [], "tenant": [] }, { "bearer": [] }, {}],
        } } });
        let (mut responses, mut schemes) = (problems::responses(), security_schemes());

        keep(&mut responses, &references_below(&paths, RESPONSE_PATH));
        keep(&mut schemes, &schemes_of(&paths));

        assert_eq!(responses.as_object().unwrap().keys().collect::<Vec<_>>(), ["Unauthorized"]);
        let mut names: Vec<&String> = schemes.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["bearer", "tenant"]);
    }

    #[test]
    fn two_types_of_one_name_are_noticed() {
        let mut schemas = Schemas::default();

        schemas.add::<one::Explanation>();
        schemas.add::<one::Explanation>();
        assert!(schemas.1.is_empty());
        schemas.add::<other::Explanation>();

        assert!(schemas.1.contains("Explanation"));
    }

    #[test]
    fn schemas_that_nothing_leads_to_are_left_out() {
        let to = |name: &str| json!({ "$ref": format!("{SCHEMA_PATH}{name}") });
        let mut schemas = BTreeMap::from([
            ("A".to_owned(), json!({ "items": to("B") })),
            ("B".to_owned(), json!({ "anyOf": [to("B")] })),
            ("C".to_owned(), json!({ "items": to("A") })),
        ]);

        keep_used(&mut schemas, &[&to("A")]);

        assert_eq!(schemas.keys().collect::<Vec<_>>(), ["A", "B"]);
    }
}
