//! Takes products of the catalogue and gives them back.

use actix_web::web::{Data, Path};
use contracts::permissions::TenantProductsManage;
use diesel::OptionalExtension;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Body, IfMatch, Json, List, Member, NoContent, list::Rows},
};
use uuid::Uuid;

use super::{
    ENTITY,
    api::{AttachProduct, SwitchProduct, TenantProductView},
    store,
};
use crate::{catalogue::catalog_products, deps::Deps, references};

/// Every member sees them.
pub async fn list(
    caller: Member,
    list: List<TenantProductView>,
    deps: Data<Deps>,
) -> Result<Rows<TenantProductView>, Problem> {
    let (total, rows) = deps.db.in_tenant(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}

/// One with its version.
pub async fn read(
    caller: Member,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<TenantProductView>, Problem> {
    let product = deps
        .db
        .in_tenant(caller.tenant(), async |tx| store::find(tx, *id).await.map_err(Problem::from))
        .await?;
    let version = product.version;
    Ok(Body::versioned(product, version))
}

/// The product that the body names. A second time changes nothing but whether it is switched on.
pub async fn attach(
    caller: Allowed<TenantProductsManage>,
    if_match: IfMatch,
    body: Json<AttachProduct>,
    deps: Data<Deps>,
) -> Result<Body<TenantProductView>, Problem> {
    put(&caller, body.into_inner(), if_match, &deps).await
}

/// The product that the path names.
pub async fn attach_this(
    caller: Allowed<TenantProductsManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<SwitchProduct>,
    deps: Data<Deps>,
) -> Result<Body<TenantProductView>, Problem> {
    let attach = AttachProduct { catalog_product_id: *id, enabled: body.into_inner().enabled };
    put(&caller, attach, if_match, &deps).await
}

async fn put(
    caller: &Allowed<TenantProductsManage>,
    attach: AttachProduct,
    if_match: IfMatch,
    deps: &Deps,
) -> Result<Body<TenantProductView>, Problem> {
    let AttachProduct { catalog_product_id: product, enabled } = attach;
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            if !catalog_products::store::keep(tx, product).await? {
                return Err(references::unknown("catalog_product_id"));
            }
            let before = store::find(tx, product).await.optional()?;
            if let Some(before) = &before {
                if_match.check(before.version)?;
            }
            let after = store::put(tx, product, enabled, caller.user()).await?;
            let changes = match &before {
                Some(before) => Change::updated(ENTITY, product, before, &after, &["enabled"]),
                None => vec![Change::created(ENTITY, product, &after)],
            };
            outbox::record(tx, changes).await?;
            let version = after.version;
            Ok(Body::versioned(after, version))
        })
        .await
}

/// 404 when it was not taken.
pub async fn detach(
    caller: Allowed<TenantProductsManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::find(tx, *id).await?;
            if_match.check(before.version)?;
            if store::delete(tx, *id).await? > 0 {
                outbox::record(tx, vec![Change::deleted(ENTITY, *id, &before)]).await?;
            }
            Ok(NoContent)
        })
        .await
}
