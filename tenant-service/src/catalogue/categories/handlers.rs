//! Category handlers.

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
        categories::{
            api::{CategoryView, WriteCategory},
            domain::CategoryFields,
            store,
        },
        industries,
    },
    deps::Deps,
    references,
};

/// Every signed-in user sees the whole catalogue.
pub async fn list(
    _caller: SignedIn,
    list: List<CategoryView>,
    deps: Data<Deps>,
) -> Result<Rows<CategoryView>, Problem> {
    let (total, rows) = deps.db.in_global(async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}

/// One with its version.
pub async fn read(
    _caller: SignedIn,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<CategoryView>, Problem> {
    let category = deps.db.in_global(async |tx| store::find(tx, *id).await.map_err(Problem::from)).await?;
    let version = category.version;
    Ok(Body::versioned(category, version))
}

/// A name that is taken is 409.
pub async fn create(
    caller: PlatformAllowed<CatalogueManage>,
    body: Json<WriteCategory>,
    deps: Data<Deps>,
) -> Result<Answer<Created<CategoryView>>, Problem> {
    let fields = CategoryFields::of(body.into_inner());
    deps.db
        .once(TenantId(caller.user().0), async |tx| {
            check_industry(tx, fields.industry_id).await?;
            let category = store::insert(tx, &fields, caller.user()).await?;
            let version = category.version;
            Ok(Created::at(format!("/api/v2/categories/{}", category.id), category).version(version))
        })
        .await
}

/// PUT: what is left out becomes empty.
pub async fn replace(
    _caller: PlatformAllowed<CatalogueManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteCategory>,
    deps: Data<Deps>,
) -> Result<Body<CategoryView>, Problem> {
    let write = body.into_inner();
    save(*id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    _caller: PlatformAllowed<CatalogueManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteCategory>,
    deps: Data<Deps>,
) -> Result<Body<CategoryView>, Problem> {
    save(*id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&CategoryView) -> Result<WriteCategory, Problem>,
) -> Result<Body<CategoryView>, Problem> {
    deps.db
        .in_global(async |tx| {
            let before = store::lock(tx, id).await?;
            if_match.check(before.version)?;
            let fields = CategoryFields::of(write(&before)?);
            check_industry(tx, fields.industry_id).await?;
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
        .in_global(async |tx| {
            let before = store::lock(tx, *id).await?;
            if_match.check(before.version)?;
            if store::is_in_use(tx, *id).await? {
                return Err(references::in_use("Products are in this category."));
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
) -> Result<Answer<Body<CategoryView>>, Problem> {
    deps.db
        .once(TenantId(caller.user().0), async |tx| {
            let category = store::restore(tx, *id).await?;
            check_industry(tx, category.industry_id).await?;
            let version = category.version;
            Ok(Body::versioned(category, version))
        })
        .await
}

async fn check_industry(tx: &mut AsyncPgConnection, id: Uuid) -> Result<(), Problem> {
    if industries::store::keep(tx, id).await? { Ok(()) } else { Err(references::unknown("industry_id")) }
}
