//! Error responses of operations.

use serde_json::{Map, Value, json};

use super::{super::routes::DeclaredRoute, Operation, SCHEMA_PATH};
use crate::http::reply::Keeping;

/// Each status: its name among the document's responses, and when it is answered.
const PROBLEMS: [(&str, &str, &str); 11] = [
    ("400", "BadRequest", "The request is not valid. `errors` names every fault at once."),
    ("401", "Unauthorized", "Not signed in, or the token or key is not valid any more."),
    ("403", "Forbidden", "Not allowed. `code` says why; `permission` names the permission that is missing."),
    ("404", "NotFound", "There is no such object, or it is not visible to the caller."),
    ("409", "Conflict", "The request contradicts the current state. `code` says how."),
    ("412", "PreconditionFailed", "The object has changed since the version in `If-Match`."),
    ("413", "ContentTooLarge", "The body is too large."),
    ("415", "UnsupportedMediaType", "The body is of a media type that is not taken here."),
    ("422", "UnprocessableContent", "The `Idempotency-Key` was used with another request."),
    ("429", "TooManyRequests", "A rate limit is reached. `Retry-After` says when to try again."),
    ("default", "Problem", "Any other problem."),
];

/// The responses of the document.
pub fn responses() -> Value {
    let content = json!({
        "application/problem+json": { "schema": { "$ref": format!("{SCHEMA_PATH}ProblemBody") } },
    });
    let responses: Map<String, Value> = PROBLEMS
        .iter()
        .map(|(_, name, about)| {
            ((*name).to_owned(), json!({ "description": about, "content": content.clone() }))
        })
        .collect();
    Value::Object(responses)
}

/// References to those that an operation may answer with.
pub fn of(route: &DeclaredRoute, operation: &Operation) -> Map<String, Value> {
    let has_body = !operation.bodies.is_empty();
    let has = |place: &str, name: &str| {
        operation.parameters.iter().any(|one| one["in"] == place && (name.is_empty() || one["name"] == name))
    };
    let in_tenant = operation.rule.tenant != "none";
    let is_kept = matches!(route.keeping, Some(Keeping::InTransaction | Keeping::AroundHandler));
    let is_known = operation.rule.access != "public";
    let happens = |status: &str| match status {
        "400" => has_body || in_tenant || has("query", "") || route.path.contains('{'),
        "401" => is_known,
        "403" => is_known && (in_tenant || operation.rule.access != "optional"),
        "404" => route.path.contains('{') || in_tenant,
        "409" => is_kept || matches!(route.method, "PUT" | "PATCH"),
        "412" => has("header", "If-Match"),
        "413" | "415" => has_body,
        "422" => is_kept,
        _ => true,
    };
    PROBLEMS
        .iter()
        .filter(|(status, ..)| happens(status))
        .map(|(status, name, _)| {
            ((*status).to_owned(), json!({ "$ref": format!("#/components/responses/{name}") }))
        })
        .collect()
}
