//! Replaces and changes a customer.

use actix_web::web::{Data, Path};
use contracts::permissions::{CustomersRead, CustomersUpdate};
use platform::{
    Problem,
    db::{
        Stored,
        outbox::{self, Change},
    },
    http::{Allowed, Body, IfMatch, Json, MergePatch, Shown, Shows, access::TenantCaller},
};
use uuid::Uuid;

use super::create::tagged;
use crate::{
    customers::{
        api::{CustomerView, WriteCustomer},
        domain::CustomerFields,
        store,
    },
    deps::Deps,
    entities::{self, Entity},
};

/// PUT: what is left out becomes empty.
pub async fn replace(
    caller: Allowed<CustomersUpdate, Shows<CustomersRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteCustomer>,
    deps: Data<Deps>,
) -> Result<Body<Shown<CustomerView>>, Problem> {
    let write = body.into_inner();
    entities::check_member(&deps, caller.tenant(), "account_manager_id", write.account_manager_id).await?;
    entities::check_user(&deps, "user_id", write.user_id).await?;
    save(&caller, *id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    caller: Allowed<CustomersUpdate, Shows<CustomersRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteCustomer>,
    deps: Data<Deps>,
) -> Result<Body<Shown<CustomerView>>, Problem> {
    let manager = patch.uuid("account_manager_id");
    entities::check_member(&deps, caller.tenant(), "account_manager_id", manager).await?;
    entities::check_user(&deps, "user_id", patch.uuid("user_id")).await?;
    save(&caller, *id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    caller: &TenantCaller,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&CustomerView) -> Result<WriteCustomer, Problem>,
) -> Result<Body<Shown<CustomerView>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = CustomerView::lock(tx, id, &visibility).await?;
            if_match.check(before.version)?;
            let mut write = write(&before)?;
            let tags = std::mem::take(&mut write.tags);
            let fields = CustomerFields::parse(write)?;
            let after = store::update(tx, id, &fields).await?;
            let after = tagged(tx, after, &tags).await?;
            if let Some(user) = fields.user_id.filter(|_| fields.user_id != before.user_id) {
                store::note_company(tx, user).await?;
            }
            outbox::record(
                tx,
                Change::updated(CustomerView::NAME, id, &before, &after, CustomerView::TRACKED),
            )
            .await?;
            Ok(Body::shown(caller, after))
        })
        .await
}
