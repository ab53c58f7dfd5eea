//! Replaces and changes an account.

use actix_web::web::{Data, Path};
use contracts::permissions::AccountsUpdate;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Body, IfMatch, Json, MergePatch},
};
use uuid::Uuid;

use crate::{
    accounts::{
        ENTITY, TRACKED,
        api::{AccountView, WriteAccount},
        domain::AccountFields,
        store,
    },
    deps::{Deps, SERVICE},
    references,
};

/// PUT: what is left out becomes empty.
pub async fn replace(
    caller: Allowed<AccountsUpdate>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteAccount>,
    deps: Data<Deps>,
) -> Result<Body<AccountView>, Problem> {
    let write = body.into_inner();
    save(&caller, *id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    caller: Allowed<AccountsUpdate>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteAccount>,
    deps: Data<Deps>,
) -> Result<Body<AccountView>, Problem> {
    save(&caller, *id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    caller: &Allowed<AccountsUpdate>,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&AccountView) -> Result<WriteAccount, Problem>,
) -> Result<Body<AccountView>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::lock(tx, id, &visibility).await?;
            if_match.check(before.version)?;
            let fields = AccountFields::from(write(&before)?);
            if fields.product_id != before.product_id {
                references::check_product(tx, Some(fields.product_id)).await?;
            }
            let after = store::update(tx, id, &fields).await?;
            outbox::record(tx, SERVICE, Change::updated(ENTITY, id, &before, &after, TRACKED)).await?;
            let version = after.version;
            Ok(Body::versioned(after, version))
        })
        .await
}
