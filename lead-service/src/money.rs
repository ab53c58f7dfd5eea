//! Amounts of money: exact, in the minor units of their currency, a string in JSON; read from a string or a number.

use std::borrow::Cow;

use contracts::problem::FieldError;
use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue, data_types::PgNumeric},
    serialize::{self, Output, ToSql},
    sql_types::Numeric,
};
use platform::values::{self, Currency, MOST_DECIMALS, USUAL_DECIMALS, amount_rule};
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

/// An amount; the currency stands beside it. It is written with as many decimals as its currency has: the number itself
/// carries them, in memory and in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Numeric)]
pub struct Money(pub Decimal);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// The amount that a text is, in plain digits, with the decimals of the currency where one is known; none for anything
    /// else.
    pub fn read(text: &str, currency: Option<Currency>) -> Option<Self> {
        let text = text.trim();
        let decimals = decimals_of(currency);
        let amount: Decimal = values::is_amount(text, decimals).then(|| text.parse().ok())??;
        Some(Self(amount).with_decimals(decimals))
    }

    /// The amount in minor units of a currency; a fault of `field` when it has more decimals.
    pub fn checked(self, field: &str, currency: Option<Currency>, faults: &mut Vec<FieldError>) -> Self {
        let decimals = decimals_of(currency);
        if self.0.normalize().scale() > decimals {
            faults.push(FieldError::new(field, "invalid_money", amount_rule(decimals)));
        }
        self.with_decimals(decimals)
    }

    /// The amount rounded to minor units of a currency, halves away from zero.
    pub fn rounded(self, currency: &str) -> Self {
        self.with_decimals(decimals_of(values::currency(currency)))
    }

    fn with_decimals(self, decimals: u32) -> Self {
        let mut amount = self.0.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
        amount.rescale(decimals);
        Self(amount)
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }
}

fn decimals_of(currency: Option<Currency>) -> u32 {
    currency.map_or(USUAL_DECIMALS, Currency::decimals)
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// An amount as it comes in, with two decimals or as many as were written; its currency has the last word.
impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let amount = as_written(deserializer)?.normalize();
        Ok(Self(amount).with_decimals(amount.scale().max(USUAL_DECIMALS)))
    }
}

fn as_written<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let text = match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        _ => return Err(D::Error::custom("is not an amount")),
    };
    let text = text.trim();
    if !values::is_amount(text, MOST_DECIMALS) {
        return Err(D::Error::custom(amount_rule(MOST_DECIMALS)));
    }
    text.parse().map_err(|_| D::Error::custom("is not an amount"))
}

/// Reads an amount as it was stored, with the decimals of its currency.
pub fn stored<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Money).map_err(|_| D::Error::custom("is not an amount"))
}

impl ToSql<Numeric, Pg> for Money {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        if self.0.is_zero() {
            // Nothing has decimals, too.
            let scale = u16::try_from(self.0.scale())?;
            let zero = PgNumeric::Positive { weight: 0, scale, digits: Vec::new() };
            return <PgNumeric as ToSql<Numeric, Pg>>::to_sql(&zero, &mut out.reborrow());
        }
        <Decimal as ToSql<Numeric, Pg>>::to_sql(&self.0, out)
    }
}

impl FromSql<Numeric, Pg> for Money {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Decimal as FromSql<Numeric, Pg>>::from_sql(value).map(Self)
    }
}

fn object(types: impl IntoIterator<Item = Type>) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter(types))
        .format(Some(SchemaFormat::Custom("money".into())))
}

impl PartialSchema for Money {
    fn schema() -> RefOr<Schema> {
        object([Type::String, Type::Number]).into()
    }
}

impl ToSchema for Money {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Money")
    }
}

/// Schema of an amount that is not below zero.
pub fn price() -> RefOr<Schema> {
    object([Type::String, Type::Number]).minimum(Some(0)).into()
}

/// Schema of an amount that is not below zero, or null.
pub fn price_or_null() -> RefOr<Schema> {
    object([Type::String, Type::Number, Type::Null]).minimum(Some(0)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_from_text_or_number_and_written_with_two_decimals() {
        for written in ["\"12.5\"", "12.5", "\"12.50\"", "\" 12.500 \""] {
            let money: Money = serde_json::from_str(written).unwrap();
            assert_eq!(serde_json::to_string(&money).unwrap(), "\"12.50\"");
        }
    }

    #[test]
    fn what_does_not_fit_any_currency_is_refused() {
        for written in ["\"1.00005\"", "\"10000000000\"", "\"abc\"", "true", "1e300", "null", "\"\""] {
            assert!(serde_json::from_str::<Money>(written).is_err(), "{written}");
        }
    }

    #[test]
    fn an_amount_has_the_minor_units_of_its_currency() {
        let checked = |text: &str, code: Option<&str>| {
            let mut faults = Vec::new();
            let money: Money = serde_json::from_value(Value::String(text.to_owned())).unwrap();
            let money = money.checked("value", code.and_then(values::currency), &mut faults);
            (money.0.to_string(), faults.len())
        };
        assert_eq!(checked("100", Some("JPY")), ("100".to_owned(), 0));
        assert_eq!(checked("100.00", Some("JPY")), ("100".to_owned(), 0));
        assert_eq!(checked("100.55", Some("JPY")).1, 1);
        assert_eq!(checked("1.125", Some("KWD")), ("1.125".to_owned(), 0));
        assert_eq!(checked("1.5", Some("KWD")), ("1.500".to_owned(), 0));
        assert_eq!(checked("1.125", Some("USD")).1, 1);
        assert_eq!(checked("0", Some("USD")), ("0.00".to_owned(), 0));
        assert_eq!(checked("1.125", None).1, 1);
        assert_eq!(
            Money::read("1.125", values::currency("KWD")).map(|money| money.0.to_string()).as_deref(),
            Some("1.125")
        );
        assert_eq!(Money::read("1.125", None), None);
        assert_eq!(Money(Decimal::new(1_005, 3)).rounded("USD").0.to_string(), "1.01");
    }
}
