//! Amounts that providers cost: exact, with up to six decimals, a string in JSON; read from a string or a number.

use std::borrow::Cow;

use contracts::problem::FieldError;
use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue, data_types::PgNumeric},
    serialize::{self, Output, ToSql},
    sql_types::Numeric,
};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, SchemaFormat, SchemaType, Type},
    },
};

/// Decimals that are kept.
const DECIMALS: u32 = 6;
/// Largest amount.
const MOST: i64 = 1_000_000_000;

/// An amount in the deployment's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = Numeric)]
pub struct Amount(pub Decimal);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Rounded to what is kept.
    pub fn rounded(amount: Decimal) -> Self {
        Self(amount.round_dp_with_strategy(DECIMALS, RoundingStrategy::MidpointAwayFromZero))
    }
}

impl std::ops::Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |sum, amount| sum + amount)
    }
}

impl Serialize for Amount {
    /// With two decimals, or as many as it has.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut amount = self.0.normalize();
        if amount.scale() < 2 {
            amount.rescale(2);
        }
        serializer.collect_str(&amount)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Written::deserialize(deserializer)?;
        text.0.trim().parse().map(Self).map_err(|_| D::Error::custom("is not an amount"))
    }
}

impl ToSql<Numeric, Pg> for Amount {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        if self.0.is_zero() {
            let zero = PgNumeric::Positive { weight: 0, scale: 0, digits: Vec::new() };
            return <PgNumeric as ToSql<Numeric, Pg>>::to_sql(&zero, &mut out.reborrow());
        }
        <Decimal as ToSql<Numeric, Pg>>::to_sql(&self.0, out)
    }
}

impl FromSql<Numeric, Pg> for Amount {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Decimal as FromSql<Numeric, Pg>>::from_sql(value).map(Self)
    }
}

fn schema(types: impl IntoIterator<Item = Type>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter(types))
        .format(Some(SchemaFormat::Custom("decimal".into())))
        .into()
}

impl PartialSchema for Amount {
    fn schema() -> RefOr<Schema> {
        schema([Type::String])
    }
}

impl ToSchema for Amount {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Amount")
    }
}

/// An amount as it was written; [`read`] says what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written(pub String);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            _ => Err(D::Error::custom("is not an amount")),
        }
    }
}

impl PartialSchema for Written {
    fn schema() -> RefOr<Schema> {
        schema([Type::String, Type::Number])
    }
}

impl ToSchema for Written {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("WrittenAmount")
    }
}

/// The amount that was written; a fault of `field` when it is none, below zero, or finer than is kept.
pub fn read(written: Option<&Written>, field: &str, faults: &mut Vec<FieldError>) -> Option<Amount> {
    let amount: Option<Decimal> = written?.0.trim().parse().ok();
    let fits = |amount: &Decimal| {
        !amount.is_sign_negative() && amount.normalize().scale() <= DECIMALS && *amount <= Decimal::from(MOST)
    };
    match amount.filter(fits) {
        Some(amount) => Some(Amount(amount)),
        None => {
            let message = format!("must be an amount from 0 to {MOST} with at most {DECIMALS} decimals");
            faults.push(FieldError::new(field, "invalid_money", message));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn amounts_are_written_as_text_and_read_from_text_and_numbers() {
        for (written, text) in [("0", "0.00"), ("1.5", "1.50"), ("0.000123", "0.000123"), ("10.00", "10.00")]
        {
            let amount = Amount(written.parse().unwrap());
            assert_eq!(json!(amount), json!(text));
        }
        let mut faults = Vec::new();
        let number: Written = serde_json::from_value(json!(0.25)).unwrap();
        assert_eq!(read(Some(&number), "price", &mut faults), Some(Amount("0.25".parse().unwrap())));
        for wrong in ["-1", "x", "0.0000001", "1e12", "1000000001"] {
            assert_eq!(read(Some(&Written(wrong.to_owned())), "price", &mut faults), None, "{wrong}");
        }
        assert_eq!(faults.len(), 5);
    }
}
