//! Choices with further members, in the form that generators of clients understand.

use serde_json::Value;

use super::{SCHEMA_PATH, Schemas};

impl Schemas {
    /// Writes a choice that has further members (an `allOf` of an `anyOf` and an object) as a choice of named schemas, each with the
    /// members. Generators take the parts of an `allOf` for objects, and leave out an answer with any other part.
    pub(super) fn spread_choices(&mut self) {
        let names: Vec<String> = self.0.keys().cloned().collect();
        for name in names {
            let Some(variants) = self.variants(&name) else { continue };
            let each = variants.into_iter().map(|(name, variant)| self.insert(name, variant)).collect();
            if let Some(Value::Object(schema)) = self.0.get_mut(&name) {
                schema.remove("allOf");
                schema.insert("anyOf".to_owned(), Value::Array(each));
            }
        }
    }

    /// One schema per choice that `name` extends, with their names.
    fn variants(&self, name: &str) -> Option<Vec<(String, Value)>> {
        let schema = self.0.get(name)?;
        let parts = schema.get("allOf")?.as_array()?;
        let choices_of = |part| self.0.get(target(part)?)?.get("anyOf")?.as_array();
        let (place, choices) =
            parts.iter().enumerate().find_map(|(place, part)| Some((place, choices_of(part)?)))?;
        let variant = |choice: &Value| {
            let mut variant = schema.clone();
            *variant.get_mut("allOf")?.get_mut(place)? = choice.clone();
            Some((format!("{name}_{}", target(choice)?), variant))
        };
        choices.iter().map(variant).collect()
    }
}

/// The name of the schema that `schema` only refers to.
fn target(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(SCHEMA_PATH)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn to(name: &str) -> Value {
        json!({ "$ref": format!("{SCHEMA_PATH}{name}") })
    }

    #[test]
    fn each_choice_gets_the_further_members() {
        let secret = json!({ "type": "object", "properties": { "secret": { "type": "string" } } });
        let mut schemas = Schemas::from(BTreeMap::from([
            ("Key".to_owned(), json!({ "type": "object" })),
            ("Outline".to_owned(), json!({ "type": "object" })),
            ("Shown_Key".to_owned(), json!({ "anyOf": [to("Key"), to("Outline")] })),
            ("NewKey".to_owned(), json!({ "allOf": [to("Shown_Key"), secret], "description": "A new key." })),
        ]));

        schemas.spread_choices();

        assert_eq!(
            schemas.0["NewKey"],
            json!({ "anyOf": [to("NewKey_Key"), to("NewKey_Outline")], "description": "A new key." })
        );
        assert_eq!(schemas.0["NewKey_Outline"]["allOf"], json!([to("Outline"), secret]));
        assert!(schemas.1.is_empty());
    }

    #[test]
    fn a_record_with_further_members_stays_as_it_is() {
        let both = json!({ "allOf": [to("Key"), { "type": "object" }] });
        let mut schemas = Schemas::from(BTreeMap::from([
            ("Key".to_owned(), json!({ "type": "object" })),
            ("KeyDetail".to_owned(), both.clone()),
        ]));

        schemas.spread_choices();

        assert_eq!((schemas.0.len(), &schemas.0["KeyDetail"]), (2, &both));
    }
}
