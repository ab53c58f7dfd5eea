//! Checks of a document: references that lead nowhere, operations of one name, examples that
//! would be refused.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::references;
use crate::http::schema::{Compiled, Strictness};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Everything that is wrong with a document, each fault as a sentence.
pub fn faults_of(document: &Value) -> Vec<String> {
    let known = object(document, "/components/schemas");
    let mut faults: Vec<String> = references(document)
        .into_iter()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .filter(|name| !known.is_some_and(|known| known.contains_key(*name)))
        .map(|name| format!("there is no schema {name}"))
        .collect();
    let schemas: BTreeMap<String, Value> =
        known.into_iter().flatten().map(|(name, schema)| (name.clone(), schema.clone())).collect();
    let mut ids = BTreeSet::new();
    for (path, item) in object(document, "/paths").into_iter().flatten() {
        for (method, operation) in METHODS.iter().filter_map(|method| Some((method, item.get(*method)?))) {
            let mut fault = |what: String| faults.push(format!("{} {path}: {what}", method.to_uppercase()));
            let text = |name: &str| operation.get(name).and_then(Value::as_str).unwrap_or_default();
            if !ids.insert(text("operationId")) {
                fault(format!("another operation is called {}, too", text("operationId")));
            }
            for name in ["operationId", "summary", "description"] {
                if text(name).is_empty() {
                    fault(format!("has no {name}"));
                }
            }
            for name in repeated_parameters(operation) {
                fault(format!("has the parameter {name} twice"));
            }
            let content = object(operation, "/requestBody/content");
            for (media, body) in content.into_iter().flatten() {
                let (Some(schema), Some(example)) = (body.get("schema"), body.get("example")) else {
                    continue;
                };
                let compiled = Compiled::new(schema.clone(), schemas.clone());
                for wrong in compiled.faults(example, Strictness::Whole) {
                    fault(format!("the example of {media} is wrong: {} {}", wrong.field, wrong.message));
                }
            }
        }
    }
    faults
}

fn object<'v>(value: &'v Value, pointer: &str) -> Option<&'v Map<String, Value>> {
    value.pointer(pointer).and_then(Value::as_object)
}

fn repeated_parameters(operation: &Value) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let all = operation.get("parameters").and_then(Value::as_array);
    all.into_iter()
        .flatten()
        .filter_map(|one| Some((one.get("in")?.as_str()?, one.get("name")?.as_str()?)))
        .filter(|one| !seen.insert(*one))
        .map(|(_, name)| name.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_that_lead_nowhere_and_names_given_twice_are_found() {
        let operation = |to: &str| {
            json!({
                "operationId": "list_leads", "summary": "List leads", "description": "All of them.",
                "responses": { "200": { "content": { "application/json": {
                    "schema": { "$ref": format!("#/components/schemas/{to}") },
                } } } },
            })
        };
        let document = json!({
            "paths": { "/a": { "get": operation("Lead") }, "/b": { "get": operation("Deal") } },
            "components": { "schemas": { "Lead": { "type": "object" } } },
        });

        let faults = faults_of(&document);

        let expected = ["there is no schema Deal", "GET /b: another operation is called list_leads, too"];
        assert_eq!(faults, expected);
    }

    #[test]
    fn an_example_that_would_be_refused_is_found() {
        let document = json!({ "paths": { "/a": { "post": {
            "operationId": "create_lead", "summary": "Create a lead", "description": "One.",
            "requestBody": { "content": { "application/json": {
                "schema": { "type": "object", "properties": { "email": { "type": "string", "format": "email" } } },
                "example": { "email": "string" },
            } } },
        } } } });

        assert_eq!(
            faults_of(&document),
            ["POST /a: the example of application/json is wrong: email is not an e-mail address"]
        );
    }
}
