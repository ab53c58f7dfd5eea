//! Deletes and restores a product.

use actix_web::web::{Data, Path};
use contracts::permissions::ProductsDelete;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Body, IfMatch, NoContent},
};
use uuid::Uuid;

use crate::{
    deps::{Deps, SERVICE},
    products::{ENTITY, api::ProductView, store},
};

/// Softly: it can be restored.
pub async fn archive(
    caller: Allowed<ProductsDelete>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let product = store::lock(tx, *id).await?;
            if_match.check(product.version)?;
            store::archive(tx, *id).await?;
            outbox::record(tx, SERVICE, vec![Change::deleted(ENTITY, *id, &product)]).await?;
            Ok(NoContent)
        })
        .await
}

/// 409 when the name was taken meanwhile, 404 when it is not deleted.
pub async fn restore(
    caller: Allowed<ProductsDelete>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<ProductView>>, Problem> {
    deps.db
        .once(caller.tenant(), async |tx| {
            let product = store::restore(tx, *id).await?;
            outbox::record(tx, SERVICE, Change::restored(ENTITY, *id)).await?;
            let version = product.version;
            Ok(Body::versioned(product, version))
        })
        .await
}
