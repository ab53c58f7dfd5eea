//! Catalogue product handlers.

use actix_web::web::{Data, Path};
use contracts::{TenantId, permissions::CatalogueManage};
use diesel_async::AsyncPgConnection;
use platform::{
    Problem,
    http::{
        Answer, Body, Created, IfMatch, Json, List, MergePatch, NoContent, PlatformAllowed, SignedIn,
        list::Rows,
    },
};
use uuid::Uuid;

use crate::{
    catalogue::{
        catalog_products::{
            api::{CatalogProductView, WriteCatalogProduct},
            domain::CatalogProductFields,
            store,
        },
        categories,
    },
    deps::Deps,
    references,
};

/// Every signed-in user sees the whole catalogue.
pub async fn list(
    _caller: SignedIn,
    list: List<CatalogProductView>,
    deps: Data<Deps>,
) -> Result<Rows<CatalogProductView>, Problem> {
    let (total, rows) = deps.db.in_global(async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}

/// One with its version.
pub async fn read(
    _caller: SignedIn,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<CatalogProductView>, Problem> {
    let product = deps.db.in_global(async |tx| store::find(tx, *id).await.map_err(Problem::from)).await?;
    let version = product.version;
    Ok(Body::versioned(product, version))
}

/// A name that is taken is 409.
pub async fn create(
    caller: PlatformAllowed<CatalogueManage>,
    body: Json<WriteCatalogProduct>,
    deps: Data<Deps>,
) -> Result<Answer<Created<CatalogProductView>>, Problem> {
    let fields = CatalogProductFields::of(body.into_inner());
    deps.db
        .once(TenantId(caller.user().0), async |tx| {
            check_category(tx, fields.category_id).await?;
            let product = store::insert(tx, &fields, caller.user()).await?;
            let version = product.version;
            Ok(Created::at(format!("/api/v2/catalog-products/{}", product.id), product).version(version))
        })
        .await
}

/// PUT: what is left out becomes empty.
pub async fn replace(
    _caller: PlatformAllowed<CatalogueManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteCatalogProduct>,
    deps: Data<Deps>,
) -> Result<Body<CatalogProductView>, Problem> {
    let write = body.into_inner();
    save(*id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    _caller: PlatformAllowed<CatalogueManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteCatalogProduct>,
    deps: Data<Deps>,
) -> Result<Body<CatalogProductView>, Problem> {
    save(*id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&CatalogProductView) -> Result<WriteCatalogProduct, Problem>,
) -> Result<Body<CatalogProductView>, Problem> {
    deps.db
        .in_global(async |tx| {
            let before = store::lock(tx, id).await?;
            if_match.check(before.version)?;
            let fields = CatalogProductFields::of(write(&before)?);
            check_category(tx, fields.category_id).await?;
            let after = store::update(tx, id, &fields).await?;
            let version = after.version;
            Ok(Body::versioned(after, version))
        })
        .await
}

/// Softly: it can be restored. One that is in use is 409.
pub async fn archive(
    _caller: PlatformAllowed<CatalogueManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_system(async |tx| {
            let before = store::lock(tx, *id).await?;
            if_match.check(before.version)?;
            if store::is_in_use(tx, *id).await? {
                return Err(references::in_use("Tenants have this product."));
            }
            store::archive(tx, *id).await?;
            Ok(NoContent)
        })
        .await
}

/// 409 when the name was taken meanwhile, 404 when it is not deleted.
pub async fn restore(
    caller: PlatformAllowed<CatalogueManage>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<CatalogProductView>>, Problem> {
    deps.db
        .once(TenantId(caller.user().0), async |tx| {
            let product = store::restore(tx, *id).await?;
            check_category(tx, product.category_id).await?;
            let version = product.version;
            Ok(Body::versioned(product, version))
        })
        .await
}

async fn check_category(tx: &mut AsyncPgConnection, id: Uuid) -> Result<(), Problem> {
    if categories::store::keep(tx, id).await? { Ok(()) } else { Err(references::unknown("category_id")) }
}
