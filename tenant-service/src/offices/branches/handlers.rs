//! Branch handlers.

use actix_web::web::{Data, Path};
use contracts::permissions::{OfficesManage, OfficesRead};
use platform::{
    Problem,
    db::{
        TenantTx,
        outbox::{self, Change},
    },
    http::{
        Allowed, Answer, Body, Created, IfMatch, Json, List, MergePatch, NoContent, Shown, Shows,
        access::TenantCaller, list::Rows,
    },
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    offices::{
        branches::{
            ENTITY,
            api::{BranchView, WriteBranch},
            domain::BranchFields,
            store,
        },
        regions,
    },
    references,
};

/// All of the tenant's.
pub async fn list(
    caller: Allowed<OfficesRead>,
    list: List<BranchView>,
    deps: Data<Deps>,
) -> Result<Rows<BranchView>, Problem> {
    let (total, rows) = deps.db.in_tenant(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}

/// One with its version.
pub async fn read(
    caller: Allowed<OfficesRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<BranchView>, Problem> {
    let branch = deps
        .db
        .in_tenant(caller.tenant(), async |tx| store::find(tx, *id).await.map_err(Problem::from))
        .await?;
    let version = branch.version;
    Ok(Body::versioned(branch, version))
}

/// A name that is taken is 409.
pub async fn create(
    caller: Allowed<OfficesManage, Shows<OfficesRead>>,
    body: Json<WriteBranch>,
    deps: Data<Deps>,
) -> Result<Answer<Created<Shown<BranchView>>>, Problem> {
    let fields = BranchFields::parse(body.into_inner(), None)?;
    deps.db
        .once(caller.tenant(), async |tx| {
            check_region(tx, fields.region_id).await?;
            let branch = store::insert(tx, &fields, caller.user()).await?;
            outbox::record(tx, vec![Change::created(ENTITY, branch.id, &branch)]).await?;
            Ok(Created::shown(&caller, "/api/v2/branches", branch))
        })
        .await
}

/// PUT: what is left out becomes empty.
pub async fn replace(
    caller: Allowed<OfficesManage, Shows<OfficesRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteBranch>,
    deps: Data<Deps>,
) -> Result<Body<Shown<BranchView>>, Problem> {
    let write = body.into_inner();
    save(&caller, *id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    caller: Allowed<OfficesManage, Shows<OfficesRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteBranch>,
    deps: Data<Deps>,
) -> Result<Body<Shown<BranchView>>, Problem> {
    save(&caller, *id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    caller: &TenantCaller,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&BranchView) -> Result<WriteBranch, Problem>,
) -> Result<Body<Shown<BranchView>>, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::lock(tx, id).await?;
            if_match.check(before.version)?;
            let fields = BranchFields::parse(write(&before)?, Some(&before))?;
            if fields.region_id != before.region_id {
                check_region(tx, fields.region_id).await?;
            }
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
                return Err(references::in_use("Members belong to this branch."));
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
) -> Result<Answer<Body<Shown<BranchView>>>, Problem> {
    deps.db
        .once(caller.tenant(), async |tx| {
            let branch = store::restore(tx, *id).await?;
            check_region(tx, branch.region_id).await?;
            let changes = Change::of(Change::restored(ENTITY, *id), &branch);
            outbox::record(tx, changes).await?;
            Ok(Body::shown(&caller, branch))
        })
        .await
}

async fn check_region(tx: &mut TenantTx<'_>, id: Uuid) -> Result<(), Problem> {
    if regions::store::keep(tx, id).await? { Ok(()) } else { Err(references::unknown("region_id")) }
}
