//! The customer user's own side on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{TenantId, internal::tenants::TenantSummary};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    customers::{
        api::CustomerView,
        domain::CustomerStatus,
        orders::{
            api::{ItemView, OrderView},
            domain::{OrderStatus, PaymentStatus},
        },
    },
    money::Money,
};

/// Which company to ask.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinCompany {
    /// The company's client-provided id.
    #[schema(min_length = 1, max_length = 63)]
    pub client_id: String,
}

/// A company and what the user is to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CompanyView {
    /// Id of the relationship: the customer.
    pub id: Uuid,
    /// The company.
    pub tenant_id: TenantId,
    /// Its client-provided id.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// Whether it has confirmed the user as its customer.
    pub verified: bool,
    /// When it did.
    pub verified_at: Option<DateTime<Utc>>,
    /// Since when the user is its customer.
    pub customer_since: Option<DateTime<Utc>>,
    /// Whether it does business with the user.
    pub customer_status: CustomerStatus,
    /// When the user asked, or was added.
    pub created_at: DateTime<Utc>,
}

impl CompanyView {
    /// What `customer` is to `company`.
    pub fn new(company: TenantSummary, customer: &CustomerView) -> Self {
        Self {
            id: customer.id,
            tenant_id: company.id,
            client_id: company.client_id,
            name: company.name,
            verified: customer.verified,
            verified_at: customer.verified_at,
            customer_since: customer.customer_since,
            customer_status: customer.customer_status,
            created_at: customer.created_at,
        }
    }
}

/// Which stretch of one's companies.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnCompaniesQuery {
    /// Number of the page, from 1.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000)]
    pub page: Option<u32>,
    /// Rows of a page.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 200)]
    pub page_size: Option<u32>,
}

/// Which stretch of one's orders.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnOrdersQuery {
    /// Number of the page, from 1.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000)]
    pub page: Option<u32>,
    /// Rows of a page.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 200)]
    pub page_size: Option<u32>,
    /// Orders with this company only.
    #[serde(default)]
    #[schema(max_length = 63)]
    pub client_id: Option<String>,
    /// Orders of this status only.
    #[serde(default)]
    pub status: Option<OrderStatus>,
}

/// An order as its customer sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnOrderView {
    /// Id.
    pub id: Uuid,
    /// Client-provided id of the company.
    pub client_id: String,
    /// Name of the company.
    pub company_name: String,
    /// Its number with the company.
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
    /// What was ordered.
    pub items: Vec<ItemView>,
}

impl OwnOrderView {
    /// The order without what is the company's own business.
    pub fn new(company: &TenantSummary, order: OrderView) -> Self {
        Self {
            id: order.id,
            client_id: company.client_id.clone(),
            company_name: company.name.clone(),
            order_number: order.order_number,
            title: order.title,
            description: order.description,
            status: order.status,
            total_amount: order.total_amount,
            currency: order.currency,
            order_date: order.order_date,
            expected_delivery_date: order.expected_delivery_date,
            actual_delivery_date: order.actual_delivery_date,
            shipping_address: order.shipping_address,
            billing_address: order.billing_address,
            payment_method: order.payment_method,
            payment_status: order.payment_status,
            tracking_number: order.tracking_number,
            items: order.items.0,
        }
    }
}
