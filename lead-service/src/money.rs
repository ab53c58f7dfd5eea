//! Amounts of money: exact, two decimals, a string in JSON; read from a string or a number.

use std::borrow::Cow;

use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    serialize::{self, Output, ToSql},
    sql_types::Numeric,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, SchemaFormat, SchemaType, Type},
    },
};

/// An amount; the currency stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Numeric)]
pub struct Money(pub Decimal);

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.2}", self.0))
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Number(serde_json::Number),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Number(number) => number.to_string(),
        };
        let amount: Decimal = text.trim().parse().map_err(|_| D::Error::custom("is not an amount"))?;
        let amount = amount.normalize();
        if amount.scale() > 2 || amount.abs() >= Decimal::from(10_000_000_000_i64) {
            return Err(D::Error::custom("is not an amount with at most ten digits and two decimals"));
        }
        Ok(Self(amount))
    }
}

impl ToSql<Numeric, Pg> for Money {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <Decimal as ToSql<Numeric, Pg>>::to_sql(&self.0, out)
    }
}

impl FromSql<Numeric, Pg> for Money {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Decimal as FromSql<Numeric, Pg>>::from_sql(value).map(Self)
    }
}

impl PartialSchema for Money {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Number]))
            .format(Some(SchemaFormat::Custom("money".into())))
            .into()
    }
}

impl ToSchema for Money {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Money")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_from_text_or_number_and_written_with_two_decimals() {
        for written in ["\"12.5\"", "12.5", "\"12.50\""] {
            let money: Money = serde_json::from_str(written).unwrap();
            assert_eq!(serde_json::to_string(&money).unwrap(), "\"12.50\"");
        }
    }

    #[test]
    fn what_does_not_fit_the_column_is_refused() {
        for written in ["\"1.005\"", "\"10000000000\"", "\"abc\"", "true", "1e300"] {
            assert!(serde_json::from_str::<Money>(written).is_err(), "{written}");
        }
    }
}
