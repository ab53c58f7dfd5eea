//! Customers on the wire.

use chrono::{DateTime, Utc};
use diesel::{
    Queryable, Selectable,
    deserialize::{self, FromSql, FromSqlRow},
    dsl::sql,
    expression::{AsExpression, SqlLiteral},
    pg::{Pg, PgValue},
    serialize::{self, Output, ToSql},
    sql_types::{Array, Jsonb, Uuid as SqlUuid},
};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::{CustomerStatus, CustomerType};
use crate::{
    money::{self, Money},
    schema::customers,
};

/// A customer as it is written.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteCustomer {
    /// What it is called; made of first and last name, company or e-mail address unless given.
    #[schema(max_length = 255)]
    pub name: Option<String>,
    /// First name.
    #[schema(max_length = 100)]
    pub first_name: Option<String>,
    /// Last name.
    #[schema(max_length = 100)]
    pub last_name: Option<String>,
    /// E-mail address.
    #[schema(format = "email")]
    pub email: Option<String>,
    /// Phone number.
    #[schema(max_length = 50)]
    pub phone: Option<String>,
    /// Company.
    #[schema(max_length = 255)]
    pub company_name: Option<String>,
    /// Street and number.
    #[schema(max_length = 2_000)]
    pub address: Option<String>,
    /// City.
    #[schema(max_length = 100)]
    pub city: Option<String>,
    /// Country.
    #[schema(max_length = 100)]
    pub country: Option<String>,
    /// The customer user it is.
    pub user_id: Option<Uuid>,
    /// Whether business is done with it; `active` unless given.
    pub customer_status: Option<CustomerStatus>,
    /// How far the relationship is, in the tenant's own words.
    #[schema(max_length = 50)]
    pub stage: Option<String>,
    /// Account manager.
    pub account_manager_id: Option<Uuid>,
    /// Notes.
    #[schema(max_length = 20_000)]
    pub notes: Option<String>,
    /// A person or a business; `individual` unless given.
    pub customer_type: Option<CustomerType>,
    /// Size of a business.
    #[schema(max_length = 50)]
    pub company_size: Option<String>,
    /// Industry of a business.
    #[schema(max_length = 100)]
    pub industry: Option<String>,
    /// Yearly revenue of a business.
    #[schema(schema_with = money::price_or_null)]
    pub annual_revenue: Option<Money>,
    /// What it likes, and how it wants to be reached.
    #[schema(value_type = Option<Object>)]
    pub preferences: Option<Value>,
    /// The tenant's own fields.
    #[schema(value_type = Option<Object>)]
    pub custom_fields: Option<Value>,
    /// Its tags, by id or name.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub tags: Vec<String>,
}

/// What a customer has ordered in one currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LifetimeValue {
    /// The currency, ISO 4217.
    pub currency: String,
    /// Sum of the orders.
    #[serde(deserialize_with = "money::stored")]
    pub amount: Money,
}

/// What a customer has ordered in each currency.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[serde(transparent)]
#[diesel(sql_type = Jsonb)]
pub struct LifetimeValues(pub Vec<LifetimeValue>);

impl FromSql<Jsonb, Pg> for LifetimeValues {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let value = <Value as FromSql<Jsonb, Pg>>::from_sql(value)?;
        Ok(serde_json::from_value(value)?)
    }
}

impl ToSql<Jsonb, Pg> for LifetimeValues {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = serde_json::to_value(self)?;
        <Value as ToSql<Jsonb, Pg>>::to_sql(&value, &mut out.reborrow())
    }
}

/// A customer as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = customers, check_for_backend(Pg))]
pub struct CustomerView {
    /// Id.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// Company.
    pub company_name: Option<String>,
    /// Street and number.
    pub address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// The customer user it is.
    pub user_id: Option<Uuid>,
    /// Whether the tenant has confirmed it.
    pub verified: bool,
    /// When it did.
    pub verified_at: Option<DateTime<Utc>>,
    /// Since when it is a customer.
    pub customer_since: Option<DateTime<Utc>>,
    /// Whether business is done with it.
    pub customer_status: CustomerStatus,
    /// How far the relationship is.
    pub stage: Option<String>,
    /// Account manager.
    pub account_manager_id: Option<Uuid>,
    /// Notes.
    pub notes: Option<String>,
    /// A person or a business.
    pub customer_type: CustomerType,
    /// Size of a business.
    pub company_size: Option<String>,
    /// Industry of a business.
    pub industry: Option<String>,
    /// Yearly revenue of a business.
    pub annual_revenue: Option<Money>,
    /// What it likes, and how it wants to be reached.
    #[schema(value_type = Object)]
    pub preferences: Value,
    /// The tenant's own fields.
    #[schema(value_type = Option<Object>)]
    pub custom_fields: Option<Value>,
    /// Sum of its orders, but for cancelled and refunded ones, where all are in the tenant's currency; none otherwise.
    pub lifetime_value: Option<Money>,
    /// The sum of those orders in each currency, in the order of their codes.
    #[schema(value_type = Vec<LifetimeValue>)]
    pub lifetime_values: LifetimeValues,
    /// How many orders that are.
    pub total_orders: i32,
    /// When the last of them was placed.
    pub last_order_date: Option<DateTime<Utc>>,
    /// Ids of its tags, by name.
    #[diesel(select_expression = tags_of_customer(), select_expression_type = SqlLiteral<Array<SqlUuid>>)]
    pub tags: Vec<Uuid>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

fn tags_of_customer() -> SqlLiteral<Array<SqlUuid>> {
    sql("ARRAY(SELECT l.tag_id FROM customer_tag_links l JOIN customer_tags t ON t.id = l.tag_id \
         WHERE l.customer_id = customers.id AND t.deleted_at IS NULL ORDER BY t.name COLLATE \"und-x-icu\", t.id)")
}

impl Listed for CustomerView {
    const LISTING: Listing = Listing {
        path: "/api/v2/customers",
        table: "customers",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("first_name", Kind::Text),
            column("last_name", Kind::Text),
            column("email", Kind::Email),
            column("phone", Kind::Phone),
            column("company_name", Kind::Text),
            column("city", Kind::Text),
            column("country", Kind::Text),
            column("user_id", Kind::Uuid),
            column("verified", Kind::Bool),
            column("verified_at", Kind::Time),
            column("customer_since", Kind::Time),
            column("customer_status", Kind::Choice(CustomerStatus::WORDS)),
            column("stage", Kind::Text),
            column("account_manager_id", Kind::Uuid),
            column("customer_type", Kind::Choice(CustomerType::WORDS)),
            column("company_size", Kind::Text),
            column("industry", Kind::Text),
            column("annual_revenue", Kind::Decimal),
            column("lifetime_value", Kind::Decimal),
            column("total_orders", Kind::Int),
            column("last_order_date", Kind::Time),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name", "email", "phone", "company_name", "city"],
        search_text: Some("search_text"),
        json: Some("custom_fields"),
        owners: &["account_manager_id", "created_by"],
        ordering: "-created_at",
        soft_delete: true,
        cursor: true,
    };
}

platform::stored!(CustomerView);
