//! Adds a customer.

use actix_web::web::Data;
use contracts::permissions::{CustomersCreate, CustomersRead};
use platform::{
    Problem,
    db::{
        Stored, TenantTx, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Created, Json, Query, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    customers::{
        api::{CustomerView, WriteCustomer},
        domain::CustomerFields,
        store,
    },
    deps::Deps,
    duplicates::{self, CreateOptions},
    entities::{self, Entity, created},
};

/// Not confirmed yet: that is a step of its own. 409 `possible_duplicate` with the candidates when the customer is known,
/// unless the caller insists.
pub async fn create(
    caller: Allowed<CustomersCreate, Shows<CustomersRead>>,
    options: Query<CreateOptions>,
    body: Json<WriteCustomer>,
    deps: Data<Deps>,
) -> Result<Answer<Created<Shown<CustomerView>>>, Problem> {
    let mut write = body.into_inner();
    let tags = std::mem::take(&mut write.tags);
    let fields = CustomerFields::parse(write)?;
    entities::check_member(&deps, caller.tenant(), "account_manager_id", fields.account_manager_id).await?;
    entities::check_user(&deps, "user_id", fields.user_id).await?;
    deps.db
        .once(caller.tenant(), async |tx| {
            if !options.0.allow_duplicate {
                // Two who add one customer at once wait for each other: looking afterwards sees both.
                duplicates::hold_keys(tx, "customer", &fields.keys()).await?;
                let alike = store::alike(tx, &fields).await?;
                let candidates: Vec<_> = alike.iter().map(|customer| fields.candidate(customer)).collect();
                duplicates::refuse::<CustomersRead>(&candidates, &caller)?;
            }
            let customer = store::insert(tx, &fields, Some(caller.user())).await?;
            let customer = tagged(tx, customer, &tags).await?;
            if let Some(user) = fields.user_id {
                store::note_company(tx, user).await?;
            }
            outbox::record(tx, vec![Change::created(CustomerView::NAME, customer.id, &customer)]).await?;
            Ok(created(&caller, customer))
        })
        .await
}

/// The customer with exactly these tags.
pub(super) async fn tagged(
    tx: &mut TenantTx<'_>,
    customer: CustomerView,
    tags: &[String],
) -> Result<CustomerView, Problem> {
    let tags: Vec<Uuid> = match store::tags(tx, tags).await? {
        Ok(tags) => tags,
        Err(position) => return Err(entities::unknown_reference(&format!("tags.{position}"))),
    };
    if tags.is_empty() && customer.tags.is_empty() {
        return Ok(customer);
    }
    store::set_tags(tx, customer.id, &tags).await?;
    Ok(CustomerView::find(tx, customer.id, &Visibility::All).await?)
}
