//! Replaces and changes a product.

use actix_web::web::{Data, Path};
use contracts::permissions::ProductsUpdate;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Body, IfMatch, Json, MergePatch},
};
use uuid::Uuid;

use crate::{
    deps::{Deps, SERVICE},
    products::{
        ENTITY,
        api::{ProductView, WriteProduct},
        domain::ProductFields,
        store,
    },
};

/// PUT: what is left out becomes empty.
pub async fn replace(
    caller: Allowed<ProductsUpdate>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteProduct>,
    deps: Data<Deps>,
) -> Result<Body<ProductView>, Problem> {
    let write = body.into_inner();
    save(&caller, *id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    caller: Allowed<ProductsUpdate>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteProduct>,
    deps: Data<Deps>,
) -> Result<Body<ProductView>, Problem> {
    save(&caller, *id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    caller: &Allowed<ProductsUpdate>,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&ProductView) -> Result<WriteProduct, Problem>,
) -> Result<Body<ProductView>, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::lock(tx, id).await?;
            if_match.check(before.version)?;
            let fields = ProductFields::parse(write(&before)?)?;
            let after = store::update(tx, id, &fields).await?;
            outbox::record(tx, SERVICE, Change::updated(ENTITY, id, &before, &after, &[])).await?;
            let version = after.version;
            Ok(Body::versioned(after, version))
        })
        .await
}
