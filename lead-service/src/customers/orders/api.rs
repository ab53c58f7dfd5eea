//! Orders on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    Queryable, Selectable,
    deserialize::{self, FromSql, FromSqlRow},
    dsl::sql,
    expression::SqlLiteral,
    pg::{Pg, PgValue},
    sql_types::Jsonb,
};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::{OrderStatus, PaymentStatus};
use crate::{
    money::{self, Money},
    schema::orders,
};

/// One thing ordered, as it is written.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteItem {
    /// What it is.
    #[schema(min_length = 1, max_length = 255)]
    pub product_name: String,
    /// Its number with the seller.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub product_sku: Option<String>,
    /// How many.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub quantity: i32,
    /// Price of one.
    #[schema(schema_with = money::price)]
    pub unit_price: Money,
    /// Taken off the whole item; nothing unless given.
    #[serde(default)]
    #[schema(schema_with = money::price_or_null)]
    pub discount: Option<Money>,
    /// Added to the whole item; nothing unless given.
    #[serde(default)]
    #[schema(schema_with = money::price_or_null)]
    pub tax: Option<Money>,
}

/// An order as it is written.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteOrder {
    /// Who ordered.
    pub customer_id: Uuid,
    /// Its number, unique in the tenant; made unless given.
    #[serde(default)]
    #[schema(max_length = 50)]
    pub order_number: Option<String>,
    /// What it is about; its number unless given.
    #[serde(default)]
    #[schema(max_length = 255)]
    pub title: Option<String>,
    /// More about it.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    pub description: Option<String>,
    /// What was ordered.
    #[schema(min_items = 1, max_items = 500)]
    pub items: Vec<WriteItem>,
    /// Currency of all amounts, ISO 4217; `USD` unless given.
    #[serde(default)]
    #[schema(format = "currency", min_length = 3, max_length = 3)]
    pub currency: Option<String>,
    /// When it was placed; now unless given.
    #[serde(default)]
    pub order_date: Option<DateTime<Utc>>,
    /// When it should arrive.
    #[serde(default)]
    pub expected_delivery_date: Option<NaiveDate>,
    /// When it did arrive.
    #[serde(default)]
    pub actual_delivery_date: Option<NaiveDate>,
    /// Where it goes.
    #[serde(default)]
    #[schema(max_length = 2_000)]
    pub shipping_address: Option<String>,
    /// Where the invoice goes.
    #[serde(default)]
    #[schema(max_length = 2_000)]
    pub billing_address: Option<String>,
    /// How it is paid.
    #[serde(default)]
    #[schema(max_length = 50)]
    pub payment_method: Option<String>,
    /// Whether it is paid; `pending` unless given.
    #[serde(default)]
    pub payment_status: Option<PaymentStatus>,
    /// Number of the parcel.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub tracking_number: Option<String>,
    /// Notes, which the customer does not see.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    pub notes: Option<String>,
}

/// Where an order shall be next.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetStatus {
    /// The status.
    pub status: OrderStatus,
    /// Number of the parcel, when it is shipped.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub tracking_number: Option<String>,
}

/// One thing ordered, as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemView {
    /// Id.
    pub id: Uuid,
    /// What it is.
    pub product_name: String,
    /// Its number with the seller.
    pub product_sku: Option<String>,
    /// How many.
    pub quantity: i32,
    /// Price of one.
    #[serde(deserialize_with = "money::stored")]
    pub unit_price: Money,
    /// Taken off the whole item.
    #[serde(deserialize_with = "money::stored")]
    pub discount: Money,
    /// Added to the whole item.
    #[serde(deserialize_with = "money::stored")]
    pub tax: Money,
    /// `unit_price` × `quantity` − `discount` + `tax`.
    #[serde(deserialize_with = "money::stored")]
    pub total_price: Money,
}

/// The items of an order, read with it.
#[derive(Clone, Debug, PartialEq, Serialize, FromSqlRow)]
#[serde(transparent)]
pub struct Items(pub Vec<ItemView>);

impl FromSql<Jsonb, Pg> for Items {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let value = <serde_json::Value as FromSql<Jsonb, Pg>>::from_sql(value)?;
        Ok(Self(serde_json::from_value(value)?))
    }
}

/// An order as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = orders, check_for_backend(Pg))]
pub struct OrderView {
    /// Id.
    pub id: Uuid,
    /// Who ordered.
    pub customer_id: Uuid,
    /// Its number, unique in the tenant.
    pub order_number: String,
    /// What it is about.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// How far it is.
    pub status: OrderStatus,
    /// Sum of its items.
    pub total_amount: Money,
    /// Currency of all amounts.
    pub currency: String,
    /// When it was placed.
    pub order_date: DateTime<Utc>,
    /// When it should arrive.
    pub expected_delivery_date: Option<NaiveDate>,
    /// When it did arrive.
    pub actual_delivery_date: Option<NaiveDate>,
    /// Where it goes.
    pub shipping_address: Option<String>,
    /// Where the invoice goes.
    pub billing_address: Option<String>,
    /// How it is paid.
    pub payment_method: Option<String>,
    /// Whether it is paid.
    pub payment_status: PaymentStatus,
    /// Number of the parcel.
    pub tracking_number: Option<String>,
    /// Notes, which the customer does not see.
    pub notes: Option<String>,
    /// What was ordered.
    #[diesel(select_expression = items_of_order(), select_expression_type = SqlLiteral<Jsonb>)]
    #[schema(value_type = Vec<ItemView>)]
    pub items: Items,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Amounts travel as text, so that no float comes near them.
fn items_of_order() -> SqlLiteral<Jsonb> {
    sql("(SELECT coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'product_name', i.product_name, \
         'product_sku', i.product_sku, 'quantity', i.quantity, 'unit_price', i.unit_price::text, \
         'discount', i.discount::text, 'tax', i.tax::text, 'total_price', i.total_price::text) \
         ORDER BY i.position), '[]') FROM order_items i WHERE i.order_id = orders.id)")
}

impl From<&OrderView> for WriteOrder {
    fn from(order: &OrderView) -> Self {
        let item = |item: &ItemView| WriteItem {
            product_name: item.product_name.clone(),
            product_sku: item.product_sku.clone(),
            quantity: item.quantity,
            unit_price: item.unit_price,
            discount: Some(item.discount),
            tax: Some(item.tax),
        };
        Self {
            customer_id: order.customer_id,
            order_number: Some(order.order_number.clone()),
            title: Some(order.title.clone()),
            description: order.description.clone(),
            items: order.items.0.iter().map(item).collect(),
            currency: Some(order.currency.clone()),
            order_date: Some(order.order_date),
            expected_delivery_date: order.expected_delivery_date,
            actual_delivery_date: order.actual_delivery_date,
            shipping_address: order.shipping_address.clone(),
            billing_address: order.billing_address.clone(),
            payment_method: order.payment_method.clone(),
            payment_status: Some(order.payment_status),
            tracking_number: order.tracking_number.clone(),
            notes: order.notes.clone(),
        }
    }
}

impl Listed for OrderView {
    const LISTING: Listing = Listing {
        path: "/api/v2/orders",
        table: "orders",
        columns: &[
            column("id", Kind::Uuid),
            column("customer_id", Kind::Uuid),
            column("order_number", Kind::Text),
            column("title", Kind::Text),
            column("status", Kind::Choice(OrderStatus::WORDS)),
            column("total_amount", Kind::Decimal),
            column("currency", Kind::Text),
            column("order_date", Kind::Time),
            column("payment_method", Kind::Text),
            column("payment_status", Kind::Choice(PaymentStatus::WORDS)),
            column("tracking_number", Kind::Text),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["order_number", "title", "tracking_number"],
        search_text: Some("search_text"),
        json: None,
        owners: crate::customers::OWNERS_THROUGH_CUSTOMER,
        ordering: "-order_date",
        soft_delete: true,
        cursor: true,
    };
}

platform::stored!(OrderView);
