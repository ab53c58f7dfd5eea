//! One operation of the document.

use serde_json::{Map, Value, json};

use super::{super::routes::DeclaredRoute, Operation, example, names, problems, words};
use crate::http::{reply::Keeping, schema::Strictness};

/// The operation of a route, as the document has it. Schemas of its body may be added to its own.
pub fn describe(route: &DeclaredRoute, operation: &mut Operation) -> Value {
    let id = names::operation_id(route);
    let mut parameters = path_parameters(route.path);
    if operation.rule.tenant == "header" {
        parameters.push(json!({
            "name": "X-Tenant-Id", "in": "header", "required": false, "schema": { "type": "string" },
            "description": "The tenant, by id or client id. May be left out by a member of exactly one tenant, and where \
                the host name says it.",
        }));
    }
    parameters.append(&mut operation.parameters.clone());
    if matches!(route.keeping, Some(Keeping::InTransaction | Keeping::AroundHandler)) {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "schema": { "type": "string", "maxLength": 255 },
            "description": "A value of your choice, such as a UUID. The same request with the same key has its effect \
                once; the first response is returned again for 24 hours.",
        }));
    }
    let mut responses = problems::of(route, operation);
    for status in std::iter::once(&operation.success.status).chain(operation.success.also) {
        responses.insert(status.to_string(), success(*status, &operation.success.content));
    }
    let mut described = json!({
        "operationId": id,
        "tags": [route.tag],
        "summary": route.summary,
        "description": words::description(route, operation),
        "parameters": parameters,
        "responses": responses,
        "security": security(operation),
        "x-access": operation.rule.access,
        "x-tenant": operation.rule.tenant,
    });
    let Some(members) = described.as_object_mut() else { return described };
    if !operation.bodies.is_empty() {
        members.insert("requestBody".into(), request_body(route, &id, operation));
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
    if let Some(limit) = route.body_limit {
        members.insert("x-body-limit".into(), json!(limit));
    }
    described
}

fn security(operation: &Operation) -> Value {
    match (operation.rule.access, operation.rule.tenant) {
        ("permission" | "signed_in", "header") => json!([{ "bearer": [], "tenant": [] }, { "bearer": [] }]),
        ("permission" | "signed_in", _) => json!([{ "bearer": [] }]),
        ("optional", _) => json!([{ "bearer": [] }, {}]),
        ("api_key", _) => json!([{ "api_key": [] }]),
        _ => json!([]),
    }
}

fn success(status: u16, content: &[(&'static str, Value)]) -> Value {
    let about = match status {
        201 => "Created",
        202 => "Accepted; the work goes on in the background",
        204 => "Done; there is no body",
        _ => "Success",
    };
    if content.is_empty() {
        return json!({ "description": about });
    }
    let content: Map<String, Value> =
        content.iter().map(|(media, schema)| ((*media).to_owned(), json!({ "schema": schema }))).collect();
    json!({ "description": about, "content": content })
}

/// The body with an example. A schema that has no name yet gets one: media types of one shape share it, and generated
/// clients have a type for it.
fn request_body(route: &DeclaredRoute, id: &str, operation: &mut Operation) -> Value {
    let strictness = if route.method == "PATCH" { Strictness::Partial } else { Strictness::Whole };
    let mut content = Map::new();
    for (media, schema) in operation.bodies.clone() {
        let is_inline_object = schema.get("properties").is_some();
        let has_file = media == "multipart/form-data";
        let example = example::of(&schema, &operation.schemas.0, strictness);
        let schema = if is_inline_object {
            let form = if has_file { "Form" } else { "Body" };
            let name = format!("{}{form}", pascal(id));
            match operation.schemas.0.iter().find(|(_, known)| **known == schema) {
                Some((known, _)) => json!({ "$ref": format!("{}{known}", super::SCHEMA_PATH) }),
                None => operation.schemas.insert(name, schema),
            }
        } else {
            schema
        };
        let mut described = json!({ "schema": schema });
        if let (Some(members), Some(example), false) = (described.as_object_mut(), example, has_file) {
            members.insert("example".to_owned(), example);
        }
        content.insert(media.to_owned(), described);
    }
    json!({ "required": true, "content": content })
}

fn pascal(id: &str) -> String {
    id.split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect::<String>())
        })
        .collect()
}

fn path_parameters(path: &str) -> Vec<Value> {
    path.split('/')
        .filter_map(|part| part.split_once('{')?.1.split_once('}').map(|(name, _)| name))
        .map(|name| {
            let is_id = name == "id" || name.ends_with("_id");
            let schema = if is_id {
                json!({ "type": "string", "format": "uuid" })
            } else {
                json!({ "type": "string" })
            };
            let subject = if is_id { names::subject_of(path, name) } else { None };
            match subject.map(|subject| format!("Id of the {subject}.")) {
                Some(description) => json!({
                    "name": name, "in": "path", "required": true, "schema": schema, "description": description,
                }),
                None => json!({ "name": name, "in": "path", "required": true, "schema": schema }),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_of_a_path_says_what_it_identifies() {
        let parameters = path_parameters("/api/v2/pipelines/{id}/stages/{stage_id}");

        let described: Vec<_> =
            parameters.iter().map(|one| (one["name"].as_str(), one["description"].as_str())).collect();
        assert_eq!(
            described,
            [(Some("id"), Some("Id of the pipeline.")), (Some("stage_id"), Some("Id of the stage."))]
        );
    }

    #[test]
    fn names_of_schemas_are_written_as_types_are() {
        assert_eq!(pascal("submit_lead"), "SubmitLead");
    }
}
