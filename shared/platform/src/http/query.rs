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
        for name in schema.members() {
            let member = schema.member(name).cloned().unwrap_or_default();
            operation
                .parameters
                .push(json!({ "name": name, "in": "query", "required": false, "schema": member }));
        }
    }
}

/// Name and value pairs of a query string, decoded.
pub fn pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| Problem::bad_request("invalid_query", "The query string cannot be read."))?;
    if pairs.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
        return Err(Problem::bad_request("nul_not_allowed", "The query contains a NUL character."));
    }
    Ok(pairs)
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
