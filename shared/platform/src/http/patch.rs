//! PATCH bodies: JSON merge patches (RFC 7396) over the same type that POST and PUT take.

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use contracts::problem::FieldError;
use futures::future::LocalBoxFuture;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use std::marker::PhantomData;
use utoipa::ToSchema;

use super::{body, openapi::Operation, problem::Problem, routes::Input, schema::Strictness};

/// Some members of a `T`: those given replace, `null` empties, those left out stay.
#[derive(Clone, Debug)]
pub struct MergePatch<T>(Map<String, Value>, PhantomData<T>);

impl<T: DeserializeOwned + ToSchema + 'static> MergePatch<T> {
    /// `current` with the patch applied, checked as a whole. `current` may be the entity as it is shown: what it has
    /// beside the members of `T` is left out.
    pub fn apply(&self, current: &impl Serialize) -> Result<T, Problem> {
        let value = serde_json::to_value(current).map_err(|fault| Problem::internal(fault.to_string()))?;
        let Value::Object(mut members) = value else {
            return Err(Problem::internal("only objects can be patched"));
        };
        let schema = body::compiled::<T>();
        members.retain(|name, _| schema.member(name).is_some());
        for (name, change) in &self.0 {
            members.insert(name.clone(), change.clone());
        }
        body::decode(Value::Object(members))
    }
}

impl<T> MergePatch<T> {
    /// The text that the patch gives to a member, if it does.
    pub fn text(&self, member: &str) -> Option<&str> {
        self.0.get(member)?.as_str()
    }

    /// The id that the patch gives to a member, if it does.
    pub fn uuid(&self, member: &str) -> Option<uuid::Uuid> {
        self.text(member)?.parse().ok()
    }
}

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for MergePatch<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let value = body::read_json(&request, &mut payload).await?;
            let faults = body::compiled::<T>().faults(&value, Strictness::Partial);
            if !faults.is_empty() {
                return Err(Problem::invalid(faults));
            }
            match value {
                Value::Object(members) => Ok(Self(members, PhantomData)),
                _ => Err(Problem::invalid(vec![FieldError::new(
                    "",
                    "wrong_type",
                    "the body must be an object",
                )])),
            }
        })
    }
}

impl<T: DeserializeOwned + ToSchema + 'static> Input for MergePatch<T> {
    fn describe(operation: &mut Operation) {
        let mut schema = operation.schemas.add::<T>();
        let name = T::name();
        if let Some(whole) = operation.schemas.0.get(name.as_ref()) {
            let mut partial = whole.clone();
            if let Some(members) = partial.as_object_mut() {
                members.remove("required");
            }
            operation.schemas.0.insert(format!("{name}Patch"), partial);
            schema = serde_json::json!({ "$ref": format!("#/components/schemas/{name}Patch") });
        }
        operation.bodies.push(("application/json", schema));
    }
}
