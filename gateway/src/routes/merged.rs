//! One OpenAPI document out of the services' own, without what is internal.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::Context;
use contracts::Service;
use platform::http::openapi;
use serde_json::{Map, Value, json};

use url::Url;

use super::overview;

const REFERENCE: &str = "#/components/schemas/";

/// A service and what its document says.
pub type Described = (Service, Value);

/// The services' documents in a directory, as `cargo xtask openapi` writes them.
///
/// # Errors
/// When one is missing or no JSON.
pub fn documents(directory: &Path) -> anyhow::Result<Vec<Described>> {
    let read = |service: Service| -> anyhow::Result<Described> {
        let path = directory.join(format!("{service}-service.json"));
        let text = fs::read(&path).with_context(|| format!("can't read {}", path.display()))?;
        let document =
            serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", path.display()))?;
        Ok((service, document))
    };
    Service::OWNERS_OF_DATA.into_iter().map(read).collect()
}

/// The document that the outside sees. Schemas of one name and different content get their service's name in front.
pub fn schema(documents: &[Described], public_url: &Url) -> Value {
    let ambiguous = ambiguous(documents);
    let (mut paths, mut schemas, mut responses) = (Map::new(), Map::new(), Map::new());
    for (service, content) in documents {
        let rename = |name: &str| {
            if ambiguous.contains(name) { format!("{service}_{name}") } else { name.to_owned() }
        };
        for (path, item) in object(content, "/paths") {
            let mut kept = Map::new();
            for (method, operation) in item.as_object().into_iter().flatten() {
                if operation.get("x-access").and_then(Value::as_str) != Some("internal") {
                    kept.insert(method.clone(), renamed(operation, &rename));
                }
            }
            if !kept.is_empty() {
                paths.insert(path.clone(), Value::Object(kept));
            }
        }
        for (name, schema) in object(content, "/components/schemas") {
            schemas.insert(rename(name), renamed(schema, &rename));
        }
        for (name, response) in object(content, "/components/responses") {
            responses.insert(name.clone(), renamed(response, &rename));
        }
    }
    let tags = openapi::groups::tags(paths.values().flat_map(groups));
    json!({
        "openapi": "3.1.0",
        "info": overview::info(public_url),
        "servers": overview::servers(public_url),
        "externalDocs": overview::tour(public_url),
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": responses,
            "securitySchemes": openapi::security_schemes(),
        },
    })
}

/// The groups of a path's operations.
fn groups(item: &Value) -> impl Iterator<Item = &str> {
    let operations = item.as_object().into_iter().flat_map(Map::values);
    operations.filter_map(|operation| operation.pointer("/tags/0")?.as_str())
}

fn object<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flatten()
}

/// Names that stand for different things: other content, or the same words about something ambiguous.
fn ambiguous(documents: &[Described]) -> BTreeSet<String> {
    let mut by_name: BTreeMap<&str, Vec<(Service, &Value)>> = BTreeMap::new();
    for (service, content) in documents {
        for (name, schema) in object(content, "/components/schemas") {
            by_name.entry(name).or_default().push((*service, schema));
        }
    }
    by_name.retain(|_, uses| uses.len() > 1);
    let differ =
        |uses: &[(Service, &Value)]| uses.windows(2).any(|pair| matches!(pair, [(_, a), (_, b)] if a != b));
    let mut found: BTreeSet<String> =
        by_name.iter().filter(|(_, uses)| differ(uses)).map(|(name, _)| (*name).to_owned()).collect();
    loop {
        let more: Vec<String> = by_name
            .iter()
            .filter(|(name, _)| !found.contains(**name))
            .filter(|(_, uses)| uses.iter().any(|(_, content)| refers_to_any(content, &found)))
            .map(|(name, _)| (*name).to_owned())
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

fn refers_to_any(value: &Value, names: &BTreeSet<String>) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(key, value)| match (key.as_str(), value) {
            ("$ref", Value::String(target)) => {
                target.strip_prefix(REFERENCE).is_some_and(|name| names.contains(name))
            }
            (_, value) => refers_to_any(value, names),
        }),
        Value::Array(values) => values.iter().any(|value| refers_to_any(value, names)),
        _ => false,
    }
}

fn renamed(value: &Value, rename: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                let target =
                    value.as_str().filter(|_| key == "$ref").and_then(|text| text.strip_prefix(REFERENCE));
                let value = match target {
                    Some(name) => Value::String(format!("{REFERENCE}{}", rename(name))),
                    None => renamed(value, rename),
                };
                (key.clone(), value)
            });
            Value::Object(members.collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(|value| renamed(value, rename)).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(documents: &[Described]) -> Value {
        super::schema(documents, &"https://app.example.org".parse().unwrap())
    }

    fn document(service: Service, path: &str, schemas: &Value) -> Described {
        let content = json!({
            "paths": {
                path: { "get": {
                    "x-access": "public", "x-tenant": "none",
                    "responses": { "200": { "schema": { "$ref": "#/components/schemas/List" } } },
                } },
                "/internal/x": { "post": { "x-access": "internal", "x-tenant": "none" } },
            },
            "components": { "schemas": schemas },
        });
        (service, content)
    }

    #[test]
    fn internal_routes_are_left_out_and_equal_schemas_are_one() {
        let problem = json!({ "type": "object" });
        let documents = [
            document(Service::Lead, "/api/v2/leads", &json!({ "ProblemBody": problem, "List": problem })),
            document(Service::Tenant, "/api/v2/roles", &json!({ "ProblemBody": problem, "List": problem })),
        ];
        let merged = schema(&documents);
        assert_eq!(
            merged["paths"].as_object().unwrap().keys().collect::<Vec<_>>(),
            ["/api/v2/leads", "/api/v2/roles"]
        );
        assert_eq!(merged["components"]["schemas"].as_object().unwrap().len(), 2);
    }

    #[test]
    fn the_document_says_what_it_is_and_where_requests_go() {
        let merged = schema(&[document(Service::Lead, "/api/v2/leads", &json!({ "List": {} }))]);

        assert_eq!(merged["info"]["title"], "Leadstream API");
        assert_eq!(merged["info"]["license"]["identifier"], "AGPL-3.0-or-later");
        assert!(merged["info"]["description"].as_str().unwrap().contains("X-Tenant-Id"));
        let servers: Vec<_> = merged["servers"].as_array().unwrap().iter().map(|one| &one["url"]).collect();
        assert_eq!(servers, ["/", "https://app.example.org"]);
        assert_eq!(merged["externalDocs"]["url"], "https://app.example.org/api/docs/tour");
        assert_eq!(merged["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    }

    #[test]
    fn schemas_that_differ_even_through_what_they_refer_to_are_told_apart() {
        let list = json!({ "items": { "$ref": "#/components/schemas/View" } });
        let documents = [
            document(Service::Lead, "/api/v2/leads", &json!({ "List": list, "View": { "title": "a" } })),
            document(Service::Tenant, "/api/v2/roles", &json!({ "List": list, "View": { "title": "b" } })),
        ];
        let merged = schema(&documents);
        let schemas = &merged["components"]["schemas"];
        assert_eq!(schemas["lead_List"]["items"]["$ref"], "#/components/schemas/lead_View");
        assert_eq!(schemas["tenant_View"]["title"], "b");
        let used = &merged["paths"]["/api/v2/roles"]["get"]["responses"]["200"]["schema"]["$ref"];
        assert_eq!(used, "#/components/schemas/tenant_List");
    }
}
