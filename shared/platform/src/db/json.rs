//! JSON that goes from the database to the wire, or the other way, without being taken apart.

use std::io::Write;

use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    serialize::{self, IsNull, Output, ToSql},
    sql_types::Jsonb,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

/// The only form in which PostgreSQL sends `jsonb`: its text behind this byte.
const VERSION: u8 = 1;

/// A JSON value as its text.
#[derive(Clone, Debug, Serialize, Deserialize, FromSqlRow, AsExpression)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct JsonText(Box<RawValue>);

impl JsonText {
    /// What a value is written as.
    ///
    /// # Errors
    /// Those of its `Serialize`.
    pub fn of(value: &impl Serialize) -> serde_json::Result<Self> {
        serde_json::value::to_raw_value(value).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// The value, taken apart.
    pub fn value(&self) -> Value {
        serde_json::from_str(self.as_str()).unwrap_or_default()
    }
}

impl From<Value> for JsonText {
    fn from(value: Value) -> Self {
        Self(serde_json::value::to_raw_value(&value).unwrap_or_default())
    }
}

impl FromSql<Jsonb, Pg> for JsonText {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        match value.as_bytes() {
            [VERSION, text @ ..] => Ok(Self(serde_json::from_slice(text)?)),
            _ => Err("jsonb in a form that is not known".into()),
        }
    }
}

impl ToSql<Jsonb, Pg> for JsonText {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[VERSION])?;
        out.write_all(self.as_str().as_bytes())?;
        Ok(IsNull::No)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_written_as_the_value_it_is() {
        let text = JsonText::from(json!({"b": [1, 2.50, null], "a": "\u{e4}"}));

        assert_eq!(serde_json::to_string(&Some(&text)).unwrap(), text.as_str());
        assert_eq!(serde_json::to_value(&text).unwrap(), json!({"a": "\u{e4}", "b": [1, 2.50, null]}));
    }
}
