//! Secondary ids are checked like the first one: of this tenant, alive, and seen by the caller.

use contracts::{
    TenantId, UserId,
    internal::{
        tenants::CheckMembers,
        users::{ADDRESS_UNPROVEN, DescribeUsers},
    },
    problem::FieldError,
};
use platform::{
    Problem,
    db::{TenantTx, Visibility},
    text_enum,
};
use uuid::Uuid;

use crate::{
    accounts::api::AccountView,
    contacts::api::ContactView,
    customers::api::CustomerView,
    deals::api::DealView,
    deps::Deps,
    entities::{Entity, Parent},
    issues::api::IssueView,
    leads::api::LeadView,
    orders::api::OrderView,
    products::api::ProductView,
};

/// 422: `field` names nothing that the caller may know of.
pub fn unknown(field: &str) -> Problem {
    let mut problem =
        Problem::unprocessable("unknown_reference", format!("{field} names nothing that exists."));
    problem.errors = vec![FieldError::new(field, "unknown_reference", "names nothing that exists")];
    problem
}

/// The entity, if one is named in `field`, is one the caller sees.
pub async fn check<E: Entity>(
    tx: &mut TenantTx<'_>,
    field: &str,
    id: Option<Uuid>,
    visibility: &Visibility,
) -> Result<Option<E>, Problem> {
    let Some(id) = id else { return Ok(None) };
    match E::find(tx, id, visibility).await {
        Ok(entity) => Ok(Some(entity)),
        Err(diesel::result::Error::NotFound) => Err(unknown(field)),
        Err(error) => Err(error.into()),
    }
}

/// As [`check`], and lets the reference name the entity by the id it has today: that of a merged one is its winner's.
pub async fn settle<E: Entity>(
    tx: &mut TenantTx<'_>,
    field: &str,
    id: &mut Option<Uuid>,
    visibility: &Visibility,
) -> Result<(), Problem> {
    *id = check::<E>(tx, field, *id, visibility).await?.map(|entity| entity.id());
    Ok(())
}

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
        Subject::Lead => settle::<LeadView>(tx, field, &mut id, visibility).await?,
        Subject::Account => settle::<AccountView>(tx, field, &mut id, visibility).await?,
        Subject::Contact => settle::<ContactView>(tx, field, &mut id, visibility).await?,
        Subject::Deal => settle::<DealView>(tx, field, &mut id, visibility).await?,
        Subject::Product => settle::<ProductView>(tx, field, &mut id, visibility).await?,
        Subject::Customer => settle::<CustomerView>(tx, field, &mut id, visibility).await?,
        Subject::Order => settle::<OrderView>(tx, field, &mut id, visibility).await?,
        Subject::Issue => settle::<IssueView>(tx, field, &mut id, visibility).await?,
    }
    id.ok_or_else(|| unknown(field))
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

/// The account, if one is named, is one the caller sees.
pub async fn check_account(
    tx: &mut TenantTx<'_>,
    id: Option<Uuid>,
    visibility: &Visibility,
) -> Result<(), Problem> {
    check::<AccountView>(tx, "account_id", id, visibility).await.map(drop)
}

/// The product, if one is named, is one of the tenant's.
pub async fn check_product(tx: &mut TenantTx<'_>, id: Option<Uuid>) -> Result<(), Problem> {
    check::<ProductView>(tx, "product_id", id, &Visibility::All).await.map(drop)
}

/// The person, if one is named, is an active member of the tenant. Asks tenant-service: not inside a transaction.
pub async fn check_assignee(deps: &Deps, tenant: TenantId, user: Option<Uuid>) -> Result<(), Problem> {
    check_member(deps, tenant, "assigned_to", user).await
}

/// The person, if one is named in `field`, is an active member of the tenant. Not inside a transaction either.
pub async fn check_member(
    deps: &Deps,
    tenant: TenantId,
    field: &str,
    user: Option<Uuid>,
) -> Result<(), Problem> {
    let strangers = strangers(deps, tenant, user.into_iter().collect()).await?;
    if strangers.is_empty() { Ok(()) } else { Err(unknown(field)) }
}

/// Those of the people who are not active members of the tenant. Not inside a transaction either.
pub async fn strangers(deps: &Deps, tenant: TenantId, people: Vec<Uuid>) -> Result<Vec<Uuid>, Problem> {
    if people.is_empty() {
        return Ok(people);
    }
    let user_ids = people.into_iter().map(UserId).collect();
    let checked = deps.peers.call(&CheckMembers { tenant_id: tenant, user_ids }).await?;
    Ok(checked.strangers.into_iter().map(|user| user.0).collect())
}

/// The person, if one is named in `field`, may sign in and has a proven address. Asks auth-service: not inside a transaction.
pub async fn check_user(deps: &Deps, field: &str, user: Option<Uuid>) -> Result<(), Problem> {
    let Some(user) = user else { return Ok(()) };
    let known = deps.peers.call(&DescribeUsers { user_ids: vec![UserId(user)] }).await?;
    let Some(known) = known.iter().find(|known| known.active) else { return Err(unknown(field)) };
    if known.email_verified { Ok(()) } else { Err(unproven(field)) }
}

/// 422: the person named in this field has not proven their e-mail address.
fn unproven(field: &str) -> Problem {
    let errors = vec![FieldError::new(field, ADDRESS_UNPROVEN, "has not confirmed their e-mail address")];
    let detail = format!("The person that {field} names has not confirmed their e-mail address.");
    Problem { errors, ..Problem::unprocessable(ADDRESS_UNPROVEN, detail) }
}
