//! Region handlers.

use actix_web::web::{Data, Path};
use contracts::permissions::{OfficesManage, OfficesRead};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{
        Allowed, Answer, Body, Created, IfMatch, Json, List, MergePatch, NoContent, Shown, Shows,
        access::TenantCaller, list::Rows,
    },
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    offices::regions::{
        ENTITY,
        api::{RegionView, WriteRegion},
        domain::RegionFields,
        store,
    },
    references,
};

/// All of the tenant's.
pub async fn list(
    caller: Allowed<OfficesRead>,
    list: List<RegionView>,
    deps: Data<Deps>,
) -> Result<Rows<RegionView>, Problem> {
    let (total, rows) = deps.db.in_tenant(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}

/// One with its version.
pub async fn read(
    caller: Allowed<OfficesRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<RegionView>, Problem> {
    let region = deps
        .db
        .in_tenant(caller.tenant(), async |tx| store::find(tx, *id).await.map_err(Problem::from))
        .await?;
    let version = region.version;
    Ok(Body::versioned(region, version))
}

/// A name that is taken is 409.
pub async fn create(
    caller: Allowed<OfficesManage, Shows<OfficesRead>>,
    body: Json<WriteRegion>,
    deps: Data<Deps>,
) -> Result<Answer<Created<Shown<RegionView>>>, Problem> {
    let fields = RegionFields::of(body.into_inner());
    deps.db
        .once(caller.tenant(), async |tx| {
            let region = store::insert(tx, &fields, caller.user()).await?;
            outbox::record(tx, vec![Change::created(ENTITY, region.id, &region)]).await?;
            Ok(Created::shown(&caller, "/api/v2/regions", region))
        })
        .await
}

/// PUT: what is left out becomes empty.
pub async fn replace(
    caller: Allowed<OfficesManage, Shows<OfficesRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteRegion>,
    deps: Data<Deps>,
) -> Result<Body<Shown<RegionView>>, Problem> {
    let write = body.into_inner();
    save(&caller, *id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    caller: Allowed<OfficesManage, Shows<OfficesRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteRegion>,
    deps: Data<Deps>,
) -> Result<Body<Shown<RegionView>>, Problem> {
    save(&caller, *id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    caller: &TenantCaller,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&RegionView) -> Result<WriteRegion, Problem>,
) -> Result<Body<Shown<RegionView>>, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::lock(tx, id).await?;
            if_match.check(before.version)?;
            let fields = RegionFields::of(write(&before)?);
            let after = store::update(tx, id, &fields).await?;
            outbox::record(tx, Change::updated(ENTITY, id, &before, &after, &[])).await?;
            Ok(Body::shown(caller, after))
        })
        .await
}

/// Softly: it can be restored. One that is in use is 409.
pub async fn archive(
    caller: Allowed<OfficesManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::lock(tx, *id).await?;
            if_match.check(before.version)?;
            if store::is_in_use(tx, *id).await? {
                return Err(references::in_use("Branches are in this region."));
            }
            store::archive(tx, *id).await?;
            outbox::record(tx, vec![Change::deleted(ENTITY, *id, &before)]).await?;
            Ok(NoContent)
        })
        .await
}

/// 409 when the name was taken meanwhile, 404 when it is not deleted.
pub async fn restore(
    caller: Allowed<OfficesManage, Shows<OfficesRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<RegionView>>>, Problem> {
    deps.db
        .once(caller.tenant(), async |tx| {
            let region = store::restore(tx, *id).await?;
            let changes = Change::of(Change::restored(ENTITY, *id), &region);
            outbox::record(tx, changes).await?;
            Ok(Body::shown(&caller, region))
        })
        .await
}
