//! PATCH bodies: JSON merge patches (RFC 7396) over the same type that POST and PUT take.

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use contracts::problem::FieldError;
use futures::future::LocalBoxFuture;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use std::marker::PhantomData;
use utoipa::ToSchema;

use super::{body, openapi::Operation, problem::Problem, routes::Input, schema::Strictness};

/// Most bytes of JSON that a member may grow to by merging.
const MEMBER_LENGTH: usize = 1 << 20;

/// Merges a patch into a value: members of objects one by one, all the way down. `null` removes a member, anything else
/// replaces what is there.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(members) = target {
        merge_members(members, changes);
    }
}

/// The same for the members of an object.
pub fn merge_members(members: &mut Map<String, Value>, changes: &Map<String, Value>) {
    for (name, change) in changes {
        if change.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name.clone()).or_insert(Value::Null), change);
        }
    }
}

/// Some members of a `T`: those given are merged into what is there, `null` empties, those left out stay.
#[derive(Clone, Debug)]
pub struct MergePatch<T>(Map<String, Value>, PhantomData<T>);

impl<T: DeserializeOwned + ToSchema + 'static> MergePatch<T> {
    /// `current` with the patch applied, checked as a whole. `current` may be the entity as it is shown: what it has
    /// beside the members of `T` is left out.
    ///
    /// # Errors
    /// 400 with every fault of the result.
    pub fn apply(&self, current: &impl Serialize) -> Result<T, Problem> {
        self.apply_replacing(current, &[])
    }

    /// The same, but the members in `whole` are single values, such as a condition: they are replaced, not merged.
    ///
    /// # Errors
    /// 400 with every fault of the result.
    pub fn apply_replacing(&self, current: &impl Serialize, whole: &[&str]) -> Result<T, Problem> {
        let value = serde_json::to_value(current).map_err(|fault| Problem::internal(fault.to_string()))?;
        let Value::Object(mut members) = value else {
            return Err(Problem::internal("only objects can be patched"));
        };
        let schema = body::compiled::<T>();
        members.retain(|name, _| schema.member(name).is_some());
        let mut faults = Vec::new();
        for (name, change) in &self.0 {
            // A member of `T` that is emptied is null: a type that has no null says so.
            if change.is_null() || whole.contains(&name.as_str()) {
                members.insert(name.clone(), change.clone());
                continue;
            }
            let target = members.entry(name.clone()).or_insert(Value::Null);
            let grows = target.is_object() && change.is_object();
            merge(target, change);
            if grows && target.to_string().len() > MEMBER_LENGTH {
                let message = format!("must be at most {MEMBER_LENGTH} bytes long");
                faults.push(FieldError::new(name.as_str(), "too_long", message));
            }
        }
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        body::decode(Value::Object(members))
    }
}

impl<T> MergePatch<T> {
    /// What the patch gives to a member, if it names it.
    pub fn get(&self, member: &str) -> Option<&Value> {
        self.0.get(member)
    }

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

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize, ToSchema)]
    struct Thing {
        name: String,
        #[schema(value_type = Option<Object>)]
        custom_fields: Option<Value>,
        place: Option<Place>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
    struct Place {
        city: String,
        street: Option<String>,
    }

    fn merged(target: Value, patch: &Value) -> Value {
        let mut target = target;
        merge(&mut target, patch);
        target
    }

    fn patch(value: Value) -> Result<MergePatch<Thing>, Vec<String>> {
        let faults = body::compiled::<Thing>().faults(&value, Strictness::Partial);
        match value {
            Value::Object(members) if faults.is_empty() => Ok(MergePatch(members, PhantomData)),
            _ => Err(faults.into_iter().map(|fault| fault.field).collect()),
        }
    }

    fn applied(current: &Value, change: Value) -> Result<Thing, Vec<String>> {
        let fields = |problem: Problem| problem.errors.into_iter().map(|fault| fault.field).collect();
        patch(change)?.apply(current).map_err(fields)
    }

    #[test]
    fn the_examples_of_the_rfc_come_out_as_it_says() {
        for (target, change, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a": "b"}), json!(["c"]), json!(["c"])),
            (json!({"a": "foo"}), json!(null), json!(null)),
            (json!({"a": "foo"}), json!("bar"), json!("bar")),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            assert_eq!(merged(target.clone(), &change), result, "{target} with {change}");
        }
    }

    #[test]
    fn members_of_members_stay_unless_they_are_named() {
        let current = json!({"name": "x", "custom_fields": {"a": 1, "deep": {"b": 2, "c": 3}}, "id": 7});

        let after = applied(&current, json!({"custom_fields": {"deep": {"b": null, "d": 4}, "a": "one"}}));

        let fields = json!({"a": "one", "deep": {"c": 3, "d": 4}});
        assert_eq!(after, Ok(Thing { name: "x".to_owned(), custom_fields: Some(fields), place: None }));
    }

    #[test]
    fn an_object_of_a_type_of_its_own_may_be_given_in_part_and_is_checked_as_a_whole() {
        let current = json!({"name": "x", "place": {"city": "Ulm", "street": "Main"}});

        let after = applied(&current, json!({"place": {"street": null}})).map(|thing| thing.place);

        assert_eq!(after, Ok(Some(Place { city: "Ulm".to_owned(), street: None })));
        let no_city = applied(&current, json!({"place": {"city": null}}));
        assert_eq!(no_city, Err(vec!["place.city".to_owned()]));
        let nowhere = applied(&json!({"name": "x"}), json!({"place": {"street": "Main"}}));
        assert_eq!(nowhere, Err(vec!["place.city".to_owned()]));
        assert_eq!(patch(json!({"name": null})).err(), Some(vec!["name".to_owned()]));
    }

    #[test]
    fn what_is_one_value_is_replaced() {
        let current = json!({"name": "x", "custom_fields": {"and": []}});
        let change = patch(json!({"custom_fields": {"field": "a"}})).unwrap();

        let after = change.apply_replacing(&current, &["custom_fields"]).unwrap();

        assert_eq!(after.custom_fields, Some(json!({"field": "a"})));
    }

    #[test]
    fn a_member_does_not_grow_without_end() {
        let current = json!({"name": "x", "custom_fields": {"a": "x".repeat(MEMBER_LENGTH - 20)}});

        assert!(applied(&current, json!({"custom_fields": {"b": 1}})).is_ok());
        let long = applied(&current, json!({"custom_fields": {"b": "x".repeat(20)}}));
        assert_eq!(long, Err(vec!["custom_fields".to_owned()]));
    }
}
