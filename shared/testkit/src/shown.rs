//! Do answers show records to callers who may not read them? Read from a service's own OpenAPI document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Faults of a document: operations that a caller may be let into without being able to read a record that their answer
/// has whole, or that show a record without declaring it; and answers with a schema that the document does not have.
///
/// A record is what a list shows. Its readers are those who may call a GET that answers with it. Operations outside
/// tenants are left out: what they demand is held by roles of the platform, which hold all of it.
pub fn faults(document: &Value) -> Vec<String> {
    let operations = operations(document);
    let mut records: BTreeSet<String> = BTreeSet::new();
    let mut readers: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for operation in operations.iter().filter(|operation| operation.method == "get") {
        for (name, is_row) in directly(operation.success) {
            if is_row {
                records.insert(name.clone());
            }
            readers.entry(name).or_default().insert(operation.permission);
        }
    }
    let mut faults = Vec::new();
    for operation in operations.iter().filter(|operation| operation.tenant != "none") {
        let mut reached = BTreeSet::new();
        reach(document, operation.success, &mut reached);
        for name in &reached {
            let (record, is_outlined) = match name.strip_prefix("Shown_") {
                Some(record) => (record, true),
                None => (name.as_str(), false),
            };
            if document["components"]["schemas"].get(record).is_none() {
                faults.push(format!("{} answers with {record}, which has no schema", operation.name()));
            }
            if !records.contains(record) {
                continue;
            }
            let readers = &readers[record];
            let declares = |when: &str| {
                operation.effects.iter().any(|(how, code)| *how == when && readers.contains(code))
            };
            let reads = readers.contains(operation.permission) || declares("needs");
            if !reads && !is_outlined {
                faults.push(format!("{} shows {record} to callers who may not read it", operation.name()));
            } else if !reads && !declares("shows") {
                faults.push(format!("{} does not declare that it shows {record}", operation.name()));
            }
        }
    }
    faults
}

struct Operation<'d> {
    method: &'d str,
    path: &'d str,
    permission: &'d str,
    tenant: &'d str,
    effects: Vec<(&'d str, &'d str)>,
    success: &'d Value,
}

impl Operation<'_> {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Operations that demand a permission and answer with JSON.
fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, described) in methods.as_object().into_iter().flatten() {
            let responses = described["responses"].as_object().into_iter().flatten();
            let success = responses.into_iter().find(|(status, _)| status.starts_with('2'));
            let schema = success.and_then(|(_, answer)| answer.pointer("/content/application~1json/schema"));
            let (Some(permission), Some(success)) = (described["x-permission"].as_str(), schema) else {
                continue;
            };
            let effects = described["x-effects"].as_array().into_iter().flatten();
            all.push(Operation {
                method,
                path,
                permission,
                tenant: described["x-tenant"].as_str().unwrap_or_default(),
                effects: effects
                    .filter_map(|effect| Some((effect["when"].as_str()?, effect["permission"].as_str()?)))
                    .collect(),
                success,
            });
        }
    }
    all
}

fn named(schema: &Value) -> Option<String> {
    Some(schema["$ref"].as_str()?.rsplit('/').next()?.to_owned())
}

/// What an answer is, or is a list of, and whether it is a list.
fn directly(schema: &Value) -> Vec<(String, bool)> {
    let mut found: Vec<(String, bool)> = named(schema).map(|name| (name, false)).into_iter().collect();
    found.extend(named(&schema["properties"]["results"]["items"]).map(|name| (name, true)));
    let choices = ["oneOf", "anyOf"].map(|word| schema[word].as_array());
    for one in choices.into_iter().flatten().flatten() {
        found.extend(directly(one));
    }
    found
}

/// The record that a schema has with further members, whole or as an outline: it is one schema for each.
fn flattened(name: &str, schema: &Value) -> Option<String> {
    let choices: Vec<String> = schema["anyOf"].as_array()?.iter().filter_map(named).collect();
    choices.contains(&format!("{name}_Outline")).then_some(())?;
    let mut records = choices.iter().filter_map(|choice| choice.strip_prefix(name)?.strip_prefix('_'));
    records.find(|record| *record != "Outline").map(str::to_owned)
}

/// Names of all schemas that an answer has; of one that may be an outline, nothing below it.
fn reach(document: &Value, schema: &Value, reached: &mut BTreeSet<String>) {
    if let Some(name) = named(schema) {
        let is_new = reached.insert(name.clone());
        if is_new && !name.starts_with("Shown_") {
            let below = &document["components"]["schemas"][&name];
            match flattened(&name, below) {
                Some(record) => _ = reached.insert(format!("Shown_{record}")),
                None => reach(document, below, reached),
            }
        }
        return;
    }
    match schema {
        Value::Object(members) => members.values().for_each(|member| reach(document, member, reached)),
        Value::Array(items) => items.iter().for_each(|item| reach(document, item, reached)),
        _ => {}
    }
}
