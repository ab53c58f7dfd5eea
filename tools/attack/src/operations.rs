//! Every operation that the platform says it has, and bodies that fit its schemas.

use serde_json::{Map, Value, json};

/// How deep schemas are followed; deeper parts are left out.
const DEPTH: usize = 6;
/// An id that nothing has.
pub const NOTHING: &str = "7f2c1b5e-0000-4000-8000-00000000dead";

/// One operation of the merged document.
#[derive(Clone, Debug)]
pub struct Operation {
    /// In upper case.
    pub method: String,
    /// With its parameters in braces.
    pub path: String,
    /// `public`, `signed_in`, `permission`, `api_key`, `signed`.
    pub access: String,
    /// The permission it demands.
    pub permission: Option<String>,
    /// What it does beside that, in words: `may leads:assign`, `shows leads:read`, `data scope all`.
    pub effects: Vec<String>,
    /// Where the tenant is named: `none`, `header`, `path`.
    pub tenant: String,
    /// Names of parameters in the query, with the schema of each.
    pub query: Vec<(String, Value)>,
    /// Names of headers.
    pub headers: Vec<String>,
    /// The body's schema, when it takes JSON.
    pub body: Option<Value>,
    /// The types of body it takes.
    pub takes: Vec<String>,
}

impl Operation {
    /// The operations of a document.
    pub fn all(document: &Value) -> Vec<Self> {
        let mut all = Vec::new();
        let paths = document.get("paths").and_then(Value::as_object);
        for (path, methods) in paths.into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                if let Some(members) =
                    operation.as_object().filter(|members| members.contains_key("responses"))
                {
                    all.push(Self::read(path, method, members));
                }
            }
        }
        all
    }

    fn read(path: &str, method: &str, members: &Map<String, Value>) -> Self {
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        let parameters = members.get("parameters").and_then(Value::as_array);
        let of = |place: &'static str| {
            let all = parameters.into_iter().flatten();
            all.filter(move |one| one.get("in").and_then(Value::as_str) == Some(place)).filter_map(|one| {
                Some((one.get("name")?.as_str()?.to_owned(), one.get("schema").cloned().unwrap_or_default()))
            })
        };
        let body =
            members.get("requestBody").and_then(|body| body.pointer("/content/application~1json/schema"));
        let content = members.get("requestBody").and_then(|body| body.get("content")?.as_object());
        Self {
            takes: content.into_iter().flatten().map(|(media_type, _)| media_type.clone()).collect(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            access: text("x-access").unwrap_or_else(|| "public".to_owned()),
            permission: text("x-permission"),
            effects: effects(members),
            tenant: text("x-tenant").unwrap_or_else(|| "none".to_owned()),
            query: of("query").collect(),
            headers: of("header").map(|(name, _)| name).collect(),
            body: body.cloned(),
        }
    }

    /// Whether only those who are signed in may call.
    pub fn needs_person(&self) -> bool {
        matches!(self.access.as_str(), "signed_in" | "permission")
    }

    /// The path with one value for each of its parameters.
    pub fn target(&self, value: &str) -> String {
        let segments = self.path.split('/').map(|segment| match segment.split_once('{') {
            Some((before, rest)) => {
                format!("{before}{value}{}", rest.split_once('}').map_or("", |(_, after)| after))
            }
            None => segment.to_owned(),
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// The collection that the first parameter of the path names a member of.
    pub fn collection(&self) -> Option<&str> {
        self.path.split_once("/{").map(|(collection, _)| collection)
    }

    /// Its name in a report.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// The further effects that an operation declares.
fn effects(members: &Map<String, Value>) -> Vec<String> {
    let word =
        |effect: &Value, name: &str| effect.get(name).and_then(Value::as_str).unwrap_or("?").to_owned();
    let declared = members.get("x-effects").and_then(Value::as_array);
    let told = declared.into_iter().flatten();
    let told = told.map(|effect| format!("{} {}", word(effect, "when"), word(effect, "permission")));
    let scope = members.get("x-data-scope").and_then(Value::as_str);
    told.chain(scope.map(|scope| format!("data scope {scope}"))).collect()
}

/// A value that fits a schema, with every member that it names.
pub fn fitting(document: &Value, schema: &Value) -> Value {
    fit(document, schema, 0)
}

/// The members of an object's schema.
pub fn members(document: &Value, schema: &Value) -> Vec<String> {
    let schema = resolved(document, schema);
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

fn resolved<'v>(document: &'v Value, schema: &'v Value) -> &'v Value {
    let reference = schema.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
    reference.and_then(|pointer| document.pointer(pointer)).unwrap_or(schema)
}

fn fit(document: &Value, schema: &Value, depth: usize) -> Value {
    let schema = resolved(document, schema);
    for alternatives in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema.pointer(&format!("/{alternatives}/0")) {
            return fit(document, first, depth);
        }
    }
    if let Some(first) = schema.pointer("/enum/0") {
        return first.clone();
    }
    let kind = match schema.get("type") {
        Some(Value::String(kind)) => kind.as_str(),
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null")
        }
        _ => "object",
    };
    match kind {
        "string" => json!(fitting_text(schema)),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        "boolean" => json!(false),
        "array" if depth < DEPTH => {
            json!([fit(document, schema.get("items").unwrap_or(&Value::Null), depth + 1)])
        }
        "array" => json!([]),
        "null" => Value::Null,
        _ if depth < DEPTH => {
            let properties = schema.get("properties").and_then(Value::as_object);
            let all = properties.into_iter().flatten();
            Value::Object(all.map(|(name, of)| (name.clone(), fit(document, of, depth + 1))).collect())
        }
        _ => json!({}),
    }
}

fn fitting_text(schema: &Value) -> String {
    let random = rand::random::<u32>();
    match schema.get("format").and_then(Value::as_str) {
        Some("uuid") => NOTHING.to_owned(),
        Some("email") => format!("sweep{random:08x}@example.org"),
        Some("uri") => "https://example.invalid/".to_owned(),
        Some("date-time") => "2026-01-01T00:00:00Z".to_owned(),
        Some("date") => "2026-01-01".to_owned(),
        _ => {
            let least = schema
                .get("minLength")
                .and_then(Value::as_u64)
                .and_then(|least| usize::try_from(least).ok())
                .unwrap_or(1);
            let most = schema
                .get("maxLength")
                .and_then(Value::as_u64)
                .and_then(|most| usize::try_from(most).ok())
                .unwrap_or(64);
            let text = format!("s{random:08x}");
            let mut text: String = text.chars().take(most.max(1)).collect();
            while text.len() < least {
                text.push('s');
            }
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Value {
        json!({
            "paths": {"/api/v2/x/{id}/y": {"parameters": [], "post": {
                "x-access": "permission", "x-permission": "x:write", "x-tenant": "header", "responses": {},
                "x-effects": [{"when": "shows", "permission": "x:read"}], "x-data-scope": "all",
                "parameters": [{"name": "id", "in": "path"}, {"name": "page", "in": "query", "schema": {"type": "integer"}}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/W"}}}},
            }}},
            "components": {"schemas": {"W": {"type": "object", "properties": {
                "name": {"type": ["string", "null"], "maxLength": 3},
                "kind": {"oneOf": [{"$ref": "#/components/schemas/K"}, {"type": "null"}]},
                "many": {"type": "array", "items": {"type": "integer", "minimum": 5}},
            }}, "K": {"enum": ["one", "two"]}}},
        })
    }

    #[test]
    fn operations_are_read_with_all_that_concerns_an_attack() {
        let all = Operation::all(&document());

        let [one] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!(one.name(), "POST /api/v2/x/{id}/y");
        assert!(one.needs_person());
        assert_eq!(one.permission.as_deref(), Some("x:write"));
        assert_eq!(one.effects, ["shows x:read", "data scope all"]);
        assert_eq!(one.target("7"), "/api/v2/x/7/y");
        assert_eq!(one.collection(), Some("/api/v2/x"));
        assert_eq!(one.query.len(), 1);
    }

    #[test]
    fn a_fitting_body_has_every_member() {
        let document = document();
        let schema = Operation::all(&document)[0].body.clone().unwrap();

        let body = fitting(&document, &schema);

        assert_eq!(body["kind"], "one");
        assert_eq!(body["many"], json!([5]));
        assert_eq!(body["name"].as_str().unwrap().len(), 3);
        assert_eq!(members(&document, &schema), ["kind", "many", "name"]);
    }
}
