//! Numbers in JSON: amounts held against their currency, and whole numbers written with a point.

use contracts::problem::FieldError;
use serde_json::{Map, Number, Value};

use super::schema::{Compiled, Strictness, joined};
use crate::values::{self, MOST_DECIMALS, USUAL_DECIMALS};

/// Largest whole number that a JSON number with a point holds exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Whether a number is whole, however it is written: JSON Schema calls `5.0` an integer.
pub(super) fn is_whole(number: &Number) -> bool {
    number.is_i64()
        || number.is_u64()
        || number.as_f64().is_some_and(|number| number.fract() == 0.0 && number.abs() < EXACT)
}

impl Compiled {
    /// Adds the faults of all amounts: text or number, with no more decimals than the currency beside or above them has. An
    /// amount that a patch gives without a currency is only held against all there are; its own is known to the record.
    pub(super) fn amount_faults(&self, value: &Value, strictness: Strictness, faults: &mut Vec<FieldError>) {
        let decimals = match strictness {
            Strictness::Whole => USUAL_DECIMALS,
            Strictness::Partial => MOST_DECIMALS,
        };
        let mut found = Vec::new();
        self.amounts(self.root(), value, "", decimals, &mut found);
        for fault in found {
            // Where it would stand had it been looked for with the others.
            let place = faults.iter().position(|other| other.field > fault.field);
            faults.insert(place.unwrap_or(faults.len()), fault);
        }
    }

    fn amounts(&self, schema: &Value, value: &Value, path: &str, decimals: u32, found: &mut Vec<FieldError>) {
        let schema = self.resolve(schema);
        if let Some(schema) = self.only_choice(schema) {
            return self.amounts(schema, value, path, decimals, found);
        }
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.amounts(part, value, path, decimals, found);
        }
        match value {
            Value::String(text) if is_money(schema) => {
                found.extend(fault(schema, text.trim(), path, decimals));
            }
            Value::Number(number) if is_money(schema) => {
                found.extend(fault(schema, &number.to_string(), path, decimals));
            }
            Value::Array(items) => {
                let Some(schema) = schema.get("items") else { return };
                for (index, item) in items.iter().enumerate() {
                    self.amounts(schema, item, &joined(path, &index.to_string()), decimals, found);
                }
            }
            Value::Object(members) => {
                let Some(known) = schema.get("properties").and_then(Value::as_object) else { return };
                let decimals = self.decimals(known, members).unwrap_or(decimals);
                for (name, value) in members {
                    if let Some(schema) = known.get(name) {
                        self.amounts(schema, value, &joined(path, name), decimals, found);
                    }
                }
            }
            _ => {}
        }
    }

    /// The one schema that is not null among the choices, if there are choices.
    fn only_choice<'a>(&'a self, schema: &'a Value) -> Option<&'a Value> {
        let choices = ["oneOf", "anyOf"].into_iter().find_map(|word| schema.get(word)?.as_array())?;
        let is_null = |choice: &&Value| self.resolve(choice).get("type").is_some_and(|name| name == "null");
        let mut others = choices.iter().filter(|choice| !is_null(choice));
        let only = others.next()?;
        others.next().is_none().then_some(only)
    }

    /// How many decimals the currency has that an object names. An unknown one is a fault of its own.
    fn decimals(&self, known: &Map<String, Value>, members: &Map<String, Value>) -> Option<u32> {
        let is_currency = |schema: &Value| schema.get("format").is_some_and(|format| format == "currency");
        let (name, _) = known.iter().find(|(_, schema)| is_currency(self.resolve(schema)))?;
        let code = members.get(name)?.as_str()?;
        Some(values::currency(code).map_or(MOST_DECIMALS, values::Currency::decimals))
    }

    /// Writes whole numbers as such where the schema asks for integers, so that `5.0` is read as `5`.
    pub(super) fn make_whole(&self, value: &mut Value) {
        if has_point(value) {
            self.whole(self.root(), value);
        }
    }

    fn whole(&self, schema: &Value, value: &mut Value) {
        let schema = self.resolve(schema);
        if let Some(schema) = self.only_choice(schema) {
            return self.whole(schema, value);
        }
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.whole(part, value);
        }
        match value {
            Value::Number(number) if asks_for_integer(schema) && is_whole(number) => {
                if let Some(whole) = number.as_f64().filter(|_| !number.is_i64() && !number.is_u64()) {
                    #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
                    let whole = whole as i64;
                    *number = Number::from(whole);
                }
            }
            Value::Array(items) => {
                let Some(schema) = schema.get("items") else { return };
                items.iter_mut().for_each(|item| self.whole(schema, item));
            }
            Value::Object(members) => {
                let known = schema.get("properties").and_then(Value::as_object);
                let others = schema.get("additionalProperties").filter(|schema| schema.is_object());
                for (name, value) in members {
                    if let Some(schema) = known.and_then(|known| known.get(name)).or(others) {
                        self.whole(schema, value);
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_money(schema: &Value) -> bool {
    schema.get("format").is_some_and(|format| format == "money")
}

fn asks_for_integer(schema: &Value) -> bool {
    let is = |name: &str| match schema.get("type") {
        Some(Value::String(only)) => only == name,
        Some(Value::Array(names)) => names.iter().any(|one| one == name),
        _ => false,
    };
    is("integer") && !is("number")
}

fn has_point(value: &Value) -> bool {
    match value {
        Value::Number(number) => !number.is_i64() && !number.is_u64(),
        Value::Array(items) => items.iter().any(has_point),
        Value::Object(members) => members.values().any(has_point),
        _ => false,
    }
}

fn fault(schema: &Value, text: &str, path: &str, decimals: u32) -> Option<FieldError> {
    // Some programs write a point behind whole numbers, and numbers of another form than people do.
    if !values::is_amount(text, decimals) {
        return Some(FieldError::new(path, "invalid_money", values::amount_rule(decimals)));
    }
    let is_negative = text.starts_with('-') && text.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    (is_negative && schema.get("minimum").is_some())
        .then(|| FieldError::new(path, "out_of_range", "must be at least 0"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{
            RefOr, Schema,
            schema::{ObjectBuilder, SchemaFormat, SchemaType, Type},
        },
    };

    use super::*;

    struct Price;

    impl PartialSchema for Price {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(SchemaType::from_iter([Type::String, Type::Number]))
                .format(Some(SchemaFormat::Custom("money".into())))
                .minimum(Some(0))
                .into()
        }
    }

    impl ToSchema for Price {}

    #[derive(ToSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Order {
        #[schema(format = "currency")]
        currency: Option<String>,
        total: Option<Price>,
        items: Vec<Item>,
        level: Option<i32>,
    }

    #[derive(ToSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Item {
        price: Price,
        quantity: i32,
    }

    fn faults(value: &Value, strictness: Strictness) -> Vec<(String, String)> {
        let faults = Compiled::of::<Order>().faults(value, strictness);
        faults.into_iter().map(|fault| (fault.field, fault.code)).collect()
    }

    fn order(currency: &Value, price: &Value) -> Value {
        json!({"currency": currency, "items": [{"price": price, "quantity": 1}]})
    }

    #[test]
    fn an_amount_is_held_against_the_currency_above_it() {
        for (currency, price) in [
            (json!("JPY"), json!(100)),
            (json!("jpy"), json!("100.00")),
            (json!("KWD"), json!(1.125)),
            (json!(null), json!("1.99")),
            (json!("USD"), json!(1.99)),
        ] {
            assert_eq!(faults(&order(&currency, &price), Strictness::Whole), [], "{price} {currency}");
        }
        for (currency, price) in [
            (json!("JPY"), json!(100.55)),
            (json!("KWD"), json!("1.1255")),
            (json!(null), json!(1.999)),
            (json!("USD"), json!("1.999")),
            (json!("USD"), json!(1e300)),
            (json!("USD"), json!("much")),
        ] {
            let expected = [("items.0.price".to_owned(), "invalid_money".to_owned())];
            assert_eq!(faults(&order(&currency, &price), Strictness::Whole), expected, "{price} {currency}");
        }
    }

    #[test]
    fn faults_of_amounts_stand_among_all_others() {
        let value =
            json!({"currency": "ZZZ", "total": -1, "items": [{"price": 1.99999, "quantity": 1.5}], "x": 1});
        let found = faults(&value, Strictness::Whole);
        let fields: Vec<&str> = found.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["currency", "items.0.price", "items.0.quantity", "total", "x"]);
    }

    #[test]
    fn a_patch_without_a_currency_may_mean_any() {
        assert_eq!(faults(&json!({"total": 1.125}), Strictness::Partial), []);
        assert_eq!(faults(&json!({"total": 1.125, "currency": "USD"}), Strictness::Partial).len(), 1);
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_point() {
        let mut value = json!({"level": 5.0, "items": [{"price": 1.0, "quantity": 2.0}]});
        let schema = Compiled::of::<Order>();
        assert_eq!(faults(&value, Strictness::Whole), []);

        schema.make_whole(&mut value);

        assert_eq!(value, json!({"level": 5, "items": [{"price": 1.0, "quantity": 2}]}));
        assert_eq!(faults(&json!({"level": 5.5, "items": []}), Strictness::Whole).len(), 1);
        assert_eq!(faults(&json!({"level": 1e300, "items": []}), Strictness::Whole).len(), 1);
    }
}
