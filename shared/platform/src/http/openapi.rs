//! The OpenAPI 3.1 document, made from the same declarations that make the routes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::{
    ToSchema,
    openapi::{RefOr, Schema},
};

use super::{list::Listing, routes::Routes, rule::Rule};

/// Schemas by name, collected while routes are described.
#[derive(Clone, Debug, Default)]
pub struct Schemas(pub BTreeMap<String, Value>);

impl Schemas {
    /// Adds `T` and all it is made of; gives what to write where `T` is meant.
    pub fn add<T: ToSchema>(&mut self) -> Value {
        let mut parts: Vec<(String, RefOr<Schema>)> = Vec::new();
        T::schemas(&mut parts);
        for (name, schema) in parts {
            self.0.entry(name).or_insert_with(|| serde_json::to_value(schema).unwrap_or_default());
        }
        let schema = serde_json::to_value(T::schema()).unwrap_or_default();
        let named = schema.get("properties").is_some()
            || schema.get("enum").is_some()
            || schema.get("oneOf").is_some();
        if !named {
            return schema;
        }
        let name = name_of::<T>();
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        self.0.entry(name).or_insert(schema);
        reference
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
    /// Status of success and schema of its body.
    pub success: (u16, Option<Value>),
    /// What the schemas above refer to.
    pub schemas: Schemas,
    /// What the list offers that it answers with, if it is one.
    pub listing: Option<&'static Listing>,
}

/// The document of a service.
pub fn document(title: &str, version: &str, routes: &Routes) -> Value {
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let mut schemas = Schemas::default();
    schemas.add::<contracts::problem::ProblemBody>();
    for route in routes.iter() {
        let operation = (route.operation)();
        let described =
            describe(route.tag, route.summary, route.path, route.method, route.body_limit, &operation);
        schemas.0.extend(operation.schemas.0);
        paths.entry(route.path).or_default().insert(route.method.to_lowercase(), described);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": title, "version": version },
        "paths": paths,
        "components": {
            "schemas": schemas.0,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
                "api_key": { "type": "apiKey", "in": "header", "name": "X-API-Key" },
            },
        },
    })
}

fn describe(
    tag: &str,
    summary: &str,
    path: &str,
    method: &str,
    body_limit: Option<usize>,
    operation: &Operation,
) -> Value {
    let mut parameters = path_parameters(path);
    if operation.rule.tenant == "header" {
        parameters.push(json!({
            "name": "X-Tenant-Id", "in": "header", "required": false, "schema": { "type": "string" },
            "description": "The tenant, by uuid or client id. May be left out where the host name says it.",
        }));
    }
    parameters.extend(operation.parameters.clone());
    let problem = json!({
        "description": "Problem details",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/ProblemBody" } } },
    });
    let (status, schema) = &operation.success;
    let success = match schema {
        Some(schema) => {
            json!({ "description": "Success", "content": { "application/json": { "schema": schema } } })
        }
        None => json!({ "description": "Success" }),
    };
    let mut described = json!({
        "operationId": operation_id(method, path),
        "tags": [tag],
        "summary": summary,
        "parameters": parameters,
        "responses": { status.to_string(): success, "default": problem },
        "x-access": operation.rule.access,
        "x-tenant": operation.rule.tenant,
    });
    let Some(members) = described.as_object_mut() else { return described };
    if !operation.bodies.is_empty() {
        let content: Map<String, Value> = operation
            .bodies
            .iter()
            .map(|(media, schema)| ((*media).to_owned(), json!({ "schema": schema })))
            .collect();
        members.insert("requestBody".into(), json!({ "required": true, "content": content }));
    }
    if let Some((code, about)) = operation.rule.permission {
        members.insert("x-permission".into(), json!(code));
        members.insert("x-permission-about".into(), json!(about));
    }
    let declared = (operation.rule.declared)();
    if !declared.effects.is_empty() {
        let effects = declared
            .effects
            .iter()
            .map(|effect| json!({ "when": effect.when.word(), "permission": effect.permission }))
            .collect();
        members.insert("x-effects".into(), Value::Array(effects));
    }
    if declared.whole_tenant {
        members.insert("x-data-scope".into(), json!("all"));
    }
    if let Some(limit) = body_limit {
        members.insert("x-body-limit".into(), json!(limit));
    }
    let security = match operation.rule.access {
        "permission" | "signed_in" => json!([{ "bearer": [] }]),
        "api_key" => json!([{ "api_key": [] }]),
        _ => json!([]),
    };
    members.insert("security".into(), security);
    described
}

fn path_parameters(path: &str) -> Vec<Value> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            let is_id = name == "id" || name.ends_with("_id");
            let schema = if is_id {
                json!({ "type": "string", "format": "uuid" })
            } else {
                json!({ "type": "string" })
            };
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        })
        .collect()
}

fn operation_id(method: &str, path: &str) -> String {
    let parts = path.trim_start_matches("/api/v2").split(['/', '-', '.']).filter(|part| !part.is_empty());
    let words = parts.map(|part| part.trim_matches(['{', '}']));
    std::iter::once(method.to_lowercase().as_str()).chain(words).collect::<Vec<_>>().join("_")
}
