//! Orders: totals and status transitions.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{
    Problem, text_enum,
    values::{self, Currency},
};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::api::{WriteItem, WriteOrder};
use crate::{
    money::Money,
    schema::orders,
    text::{self, filled},
};

text_enum!(
    /// How far an order is.
    OrderStatus {
        /// Placed.
        Pending = "pending",
        /// Being made ready.
        Processing = "processing",
        /// On its way.
        Shipped = "shipped",
        /// With the customer.
        Delivered = "delivered",
        /// Called off.
        Cancelled = "cancelled",
        /// Paid back.
        Refunded = "refunded",
    }
);

text_enum!(
    /// Whether an order is paid.
    PaymentStatus {
        /// Not yet.
        Pending = "pending",
        /// It is.
        Paid = "paid",
        /// It was tried.
        Failed = "failed",
        /// It was, and was paid back.
        Refunded = "refunded",
    }
);

impl OrderStatus {
    /// Where an order may go from here.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Pending => &[Self::Processing, Self::Cancelled],
            Self::Processing => &[Self::Shipped, Self::Cancelled, Self::Refunded],
            Self::Shipped => &[Self::Delivered, Self::Refunded],
            Self::Delivered => &[Self::Refunded],
            Self::Cancelled | Self::Refunded => &[],
        }
    }

    /// 409 `invalid_transition`, naming what is possible, unless an order may go from here to `to`.
    pub fn check_next(self, to: Self) -> Result<(), Problem> {
        if self.next().contains(&to) {
            return Ok(());
        }
        let allowed: Vec<&str> = self.next().iter().map(|status| status.word()).collect();
        let detail = if allowed.is_empty() {
            format!("An order that is {} stays so.", self.word())
        } else {
            format!("An order that is {} can only become: {}.", self.word(), allowed.join(", "))
        };
        Err(Problem::conflict("invalid_transition", detail).with("allowed", allowed))
    }
}

/// The fields of an order that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = orders, treat_none_as_null = true)]
pub struct OrderFields {
    /// Who ordered.
    pub customer_id: Uuid,
    order_number: String,
    title: String,
    description: Option<String>,
    total_amount: Money,
    /// Currency of all amounts.
    pub currency: String,
    order_date: DateTime<Utc>,
    expected_delivery_date: Option<NaiveDate>,
    actual_delivery_date: Option<NaiveDate>,
    shipping_address: Option<String>,
    billing_address: Option<String>,
    payment_method: Option<String>,
    payment_status: PaymentStatus,
    tracking_number: Option<String>,
    notes: Option<String>,
}

/// One thing ordered, summed up.
#[derive(Clone, Debug, PartialEq)]
pub struct NewItem {
    /// What it is.
    pub product_name: String,
    /// Its number with the seller.
    pub product_sku: Option<String>,
    /// How many.
    pub quantity: i32,
    /// Price of one.
    pub unit_price: Money,
    /// Taken off.
    pub discount: Money,
    /// Added.
    pub tax: Money,
    /// What it costs in all.
    pub total_price: Money,
}

/// An order with its items, summed up.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// The order.
    pub fields: OrderFields,
    /// Its items.
    pub items: Vec<NewItem>,
}

/// What no longer fits a column of twelve digits.
const LIMIT: i64 = 10_000_000_000;

fn summed(
    write: WriteItem,
    place: &str,
    currency: Option<Currency>,
    faults: &mut Vec<FieldError>,
) -> NewItem {
    let mut amount = |name: &str, amount: Option<Money>| {
        let field = format!("{place}.{name}");
        let amount = amount.unwrap_or(Money::ZERO).checked(&field, currency, faults);
        if amount.is_negative() {
            faults.push(FieldError::new(field, "out_of_range", "must be at least 0"));
        }
        amount
    };
    let unit_price = amount("unit_price", Some(write.unit_price));
    let (discount, tax) = (amount("discount", write.discount), amount("tax", write.tax));
    // Ten digits times ten digits fit a Decimal with room to spare.
    let price = unit_price.0 * Decimal::from(write.quantity);
    let total = price - discount.0 + tax.0;
    if discount.0 > price {
        let message = "must not be more than what the item costs";
        faults.push(FieldError::new(format!("{place}.discount"), "out_of_range", message));
    }
    if total >= Decimal::from(LIMIT) {
        faults.push(FieldError::new(place, "out_of_range", "costs too much to be written down"));
    }
    NewItem {
        product_name: values::composed(write.product_name.trim()).into_owned(),
        product_sku: write.product_sku,
        quantity: write.quantity,
        unit_price,
        discount,
        tax,
        total_price: Money(total),
    }
}

impl NewOrder {
    /// Sums up the items; numbers and currencies must make sense.
    pub fn parse(write: WriteOrder) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let currency = text::currency(write.currency, &mut faults);
        let items: Vec<NewItem> = write
            .items
            .into_iter()
            .enumerate()
            .map(|(index, item)| summed(item, &format!("items.{index}"), currency, &mut faults))
            .collect();
        let total: Decimal = items.iter().map(|item| item.total_price.0).sum();
        if total >= Decimal::from(LIMIT) && faults.is_empty() {
            faults.push(FieldError::new("items", "out_of_range", "cost too much to be written down"));
        }
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        let order_number = filled(write.order_number).unwrap_or_else(made_number);
        Ok(Self {
            fields: OrderFields {
                customer_id: write.customer_id,
                title: filled(write.title).unwrap_or_else(|| format!("Order {order_number}")),
                order_number,
                description: filled(write.description),
                total_amount: Money(total),
                currency: currency.map_or("USD", Currency::code).to_owned(),
                order_date: write.order_date.unwrap_or_else(Utc::now).trunc_subsecs(6),
                expected_delivery_date: write.expected_delivery_date,
                actual_delivery_date: write.actual_delivery_date,
                shipping_address: filled(write.shipping_address),
                billing_address: filled(write.billing_address),
                payment_method: filled(write.payment_method),
                payment_status: write.payment_status.unwrap_or(PaymentStatus::Pending),
                tracking_number: filled(write.tracking_number),
                notes: filled(write.notes),
            },
            items,
        })
    }
}

/// A unique order number: the day and forty random bits.
fn made_number() -> String {
    let random = Uuid::now_v7().simple().to_string().split_off(22).to_ascii_uppercase();
    format!("ORD-{}-{random}", Utc::now().format("%Y%m%d"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn parse(items: &Value) -> Result<NewOrder, Problem> {
        NewOrder::parse(serde_json::from_value(json!({"customer_id": Uuid::nil(), "items": items})).unwrap())
    }

    #[test]
    fn an_item_costs_price_times_quantity_less_discount_plus_tax_and_the_order_their_sum() {
        let order = parse(&json!([
            {"product_name": "A", "quantity": 3, "unit_price": "19.99", "discount": 5, "tax": "1.10"},
            {"product_name": "B", "quantity": 1, "unit_price": 0.1},
        ]))
        .unwrap();

        let totals: Vec<String> = order.items.iter().map(|item| item.total_price.0.to_string()).collect();
        assert_eq!(totals, ["56.07", "0.10"]);
        assert_eq!(order.fields.total_amount.0.to_string(), "56.17");
    }

    #[test]
    fn amounts_that_make_no_sense_are_refused_by_place() {
        let refused = parse(&json!([
            {"product_name": "A", "quantity": 1, "unit_price": "-1"},
            {"product_name": "B", "quantity": 1, "unit_price": "1", "discount": "2"},
            {"product_name": "C", "quantity": 1_000_000_000, "unit_price": "9999999999"},
        ]));

        let fields: Vec<String> = refused.unwrap_err().errors.into_iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["items.0.unit_price", "items.0.discount", "items.1.discount", "items.2"]);
    }

    #[test]
    fn an_order_goes_forward_only() {
        use OrderStatus::{Cancelled, Delivered, Pending, Processing, Refunded, Shipped};
        for (from, to) in
            [(Pending, Processing), (Processing, Shipped), (Shipped, Delivered), (Delivered, Refunded)]
        {
            assert!(from.check_next(to).is_ok());
            assert!(to.check_next(from).is_err());
        }
        assert!(Cancelled.check_next(Pending).is_err());
        assert!(Refunded.check_next(Cancelled).is_err());
        assert!(Delivered.check_next(Cancelled).is_err());
    }
}
