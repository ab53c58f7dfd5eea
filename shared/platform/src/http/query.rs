//! Query strings other than a list's: strict, typed, every fault at once.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use contracts::problem::FieldError;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{body, openapi::Operation, problem::Problem, routes::Input};

/// A query string that fits the schema of `T`.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

impl<T: DeserializeOwned + ToSchema + 'static> Input for Query<T> {
    fn describe(operation: &mut Operation) {
        let schema = body::compiled::<T>();
        // What a member refers to must be in the document, too.
        operation.schemas.add::<T>();
        for name in schema.members() {
            let member = schema.member(name).cloned().unwrap_or_default();
            operation.parameters.push(parameter(name, schema.is_required(name), member));
        }
    }
}

/// A query parameter. What it has of null is left out: a parameter that is not given is absent. Its schema's description
/// becomes its own.
fn parameter(name: &str, required: bool, schema: Value) -> Value {
    let mut schema = without_null(schema);
    let about = schema.as_object_mut().and_then(|members| members.remove("description"));
    let mut parameter = json!({ "name": name, "in": "query", "required": required, "schema": schema });
    if let (Some(members), Some(about)) = (parameter.as_object_mut(), about) {
        members.insert("description".to_owned(), about);
    }
    parameter
}

fn without_null(mut schema: Value) -> Value {
    let is_null = |choice: &Value| choice.get("type").is_some_and(|kind| kind == "null");
    if let Some(choices) = schema.get("oneOf").and_then(Value::as_array)
        && let [only] = choices.iter().filter(|choice| !is_null(choice)).collect::<Vec<_>>().as_slice()
    {
        return (*only).clone();
    }
    if let Some(kind) = schema.get_mut("type")
        && let Value::Array(kinds) = kind
    {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            *kind = only.clone();
        }
    }
    schema
}

/// The pairs of a list's query, in which each list of values stands once: some clients write `status__in=new&status__in=won`
/// where others write `status__in=new,won`.
pub fn joined(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    let is_list = |name: &str| name.ends_with("__in") || matches!(name, "ordering" | "fields");
    let mut joined: Vec<(String, String)> = Vec::with_capacity(pairs.len());
    for (name, value) in pairs {
        match joined.iter_mut().find(|(known, _)| *known == name && is_list(known)) {
            Some((_, values)) => {
                values.push(',');
                values.push_str(&value);
            }
            None => joined.push((name, value)),
        }
    }
    joined
}

/// Name and value pairs of a query string, decoded.
pub fn pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| Problem::bad_request("invalid_query", "The query string cannot be read."))?;
    let has_nul = |(name, value): &&(String, String)| name.contains('\0') || value.contains('\0');
    let errors: Vec<FieldError> = pairs
        .iter()
        .filter(has_nul)
        .map(|(name, _)| FieldError::new(name.as_str(), "nul_not_allowed", "contains a NUL character"))
        .collect();
    if errors.is_empty() {
        return Ok(pairs);
    }
    Err(Problem { errors, ..Problem::bad_request("nul_not_allowed", "The query contains a NUL character.") })
}

fn parse<T: DeserializeOwned + ToSchema + 'static>(query: &str) -> Result<T, Problem> {
    let schema = body::compiled::<T>();
    let mut members = Map::new();
    for (name, text) in pairs(query)? {
        let types = schema
            .member(&name)
            .and_then(|member| member.get("type"))
            .map(Value::to_string)
            .unwrap_or_default();
        let value = if types.contains("integer") || types.contains("number") || types.contains("boolean") {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        } else {
            Value::String(text)
        };
        if members.insert(name.clone(), value).is_some() {
            return Err(Problem::invalid(vec![FieldError::new(
                name,
                "ambiguous",
                "is given more than once",
            )]));
        }
    }
    body::decode(Value::Object(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, ToSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct AsOf {
        /// The time to look back to.
        #[schema(format = "date-time")]
        at: String,
        limit: Option<i32>,
    }

    #[test]
    fn lists_of_values_are_joined_and_other_repetitions_stay() {
        let pairs = pairs("status__in=new&page=1&status__in=won&page=2&ordering=-score&ordering=id").unwrap();

        let joined: Vec<String> =
            joined(pairs).iter().map(|(name, value)| format!("{name}={value}")).collect();

        assert_eq!(joined, ["status__in=new,won", "page=1", "page=2", "ordering=-score,id"]);
    }

    #[test]
    fn a_parameter_says_that_it_is_required_and_is_never_null() {
        let schema = body::compiled::<AsOf>();
        let described =
            |name: &str| parameter(name, schema.is_required(name), schema.member(name).unwrap().clone());

        let at = described("at");
        assert_eq!(
            (&at["required"], &at["description"]),
            (&json!(true), &json!("The time to look back to."))
        );
        assert_eq!(at["schema"], json!({ "type": "string", "format": "date-time" }));
        let limit = described("limit");
        assert_eq!((&limit["required"], &limit["schema"]["type"]), (&json!(false), &json!("integer")));
    }
}
