//! Records that a task may be about.

use platform::{
    Problem,
    db::{TenantTx, Visibility},
    text_enum,
};
use uuid::Uuid;

use crate::{
    customers::{CustomerView, IssueView, OrderView},
    entities::{self, Parent},
    people::{AccountView, ContactView, LeadView},
    products::ProductView,
    sales::DealView,
};

text_enum!(
    /// The kinds of things that something may be about.
    Subject {
        /// A lead.
        Lead = "lead",
        /// An account.
        Account = "account",
        /// A contact.
        Contact = "contact",
        /// A deal.
        Deal = "deal",
        /// A product.
        Product = "product",
        /// A customer.
        Customer = "customer",
        /// An order.
        Order = "order",
        /// An issue.
        Issue = "issue",
    }
);

/// What something is about, named in `entity_id`, is one that the caller sees. Gives the id that it has today.
pub async fn check_subject(
    tx: &mut TenantTx<'_>,
    kind: Subject,
    id: Uuid,
    visibility: &Visibility,
) -> Result<Uuid, Problem> {
    let (field, mut id) = ("entity_id", Some(id));
    match kind {
        Subject::Lead => entities::settle_reference::<LeadView>(tx, field, &mut id, visibility).await?,
        Subject::Account => entities::settle_reference::<AccountView>(tx, field, &mut id, visibility).await?,
        Subject::Contact => entities::settle_reference::<ContactView>(tx, field, &mut id, visibility).await?,
        Subject::Deal => entities::settle_reference::<DealView>(tx, field, &mut id, visibility).await?,
        Subject::Product => entities::settle_reference::<ProductView>(tx, field, &mut id, visibility).await?,
        Subject::Customer => {
            entities::settle_reference::<CustomerView>(tx, field, &mut id, visibility).await?;
        }
        Subject::Order => entities::settle_reference::<OrderView>(tx, field, &mut id, visibility).await?,
        Subject::Issue => entities::settle_reference::<IssueView>(tx, field, &mut id, visibility).await?,
    }
    id.ok_or_else(|| entities::unknown_reference(field))
}

impl Subject {
    /// A thing of this kind as what a record in the database hangs on.
    pub(crate) fn parent(self, field: &'static str, id: Option<Uuid>) -> Option<Parent> {
        match self {
            Self::Lead => Parent::of::<LeadView>(field, id),
            Self::Account => Parent::of::<AccountView>(field, id),
            Self::Contact => Parent::of::<ContactView>(field, id),
            Self::Deal => Parent::of::<DealView>(field, id),
            Self::Product => Parent::of::<ProductView>(field, id),
            Self::Customer => Parent::of::<CustomerView>(field, id),
            Self::Order => Parent::of::<OrderView>(field, id),
            Self::Issue => Parent::of::<IssueView>(field, id),
        }
    }
}
