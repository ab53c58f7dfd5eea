//! Configuration handlers for the platform's staff.

use actix_web::web::{Data, Path};
use contracts::{TenantId, permissions::ConfigsManage};
use platform::{
    Problem,
    http::{Answer, Body, Created, IfMatch, Json, List, MergePatch, NoContent, PlatformAllowed, list::Rows},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    settings::configs::{
        api::{ConfigView, WriteConfig},
        domain::ConfigFields,
        store,
    },
};

/// Those of every tenant.
pub async fn list(
    _caller: PlatformAllowed<ConfigsManage>,
    list: List<ConfigView>,
    deps: Data<Deps>,
) -> Result<Rows<ConfigView>, Problem> {
    let (total, rows) = deps.db.in_system(async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}

/// One with its version.
pub async fn read(
    _caller: PlatformAllowed<ConfigsManage>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<ConfigView>, Problem> {
    let config = deps.db.in_system(async |tx| store::find(tx, *id).await.map_err(Problem::from)).await?;
    let version = config.version;
    Ok(Body::versioned(config, version))
}

/// A key that is taken for the same is 409. The answer is kept for an `Idempotency-Key` under the person who asked; that
/// is another role's transaction, so a crash between the two shows as that 409.
pub async fn create(
    caller: PlatformAllowed<ConfigsManage>,
    body: Json<WriteConfig>,
    deps: Data<Deps>,
) -> Result<Answer<Created<ConfigView>>, Problem> {
    let answers = TenantId(caller.user().0);
    if let Some(answer) = deps.answered_before(answers).await? {
        return Ok(answer);
    }
    let fields = ConfigFields::parse(body.into_inner())?;
    let config = deps
        .db
        .in_system(async |tx| store::insert(tx, &fields, caller.user()).await.map_err(Problem::from))
        .await?;
    let version = config.version;
    let created = Created::at(format!("/api/v2/configs/{}", config.id), config).version(version);
    deps.db.once(answers, async |_| Ok(created)).await
}

/// PUT: what is left out becomes empty.
pub async fn replace(
    _caller: PlatformAllowed<ConfigsManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteConfig>,
    deps: Data<Deps>,
) -> Result<Body<ConfigView>, Problem> {
    let write = body.into_inner();
    save(*id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    _caller: PlatformAllowed<ConfigsManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteConfig>,
    deps: Data<Deps>,
) -> Result<Body<ConfigView>, Problem> {
    save(*id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&ConfigView) -> Result<WriteConfig, Problem>,
) -> Result<Body<ConfigView>, Problem> {
    deps.db
        .in_system(async |tx| {
            let before = store::lock(tx, id).await?;
            if_match.check(before.version)?;
            let fields = ConfigFields::parse(write(&before)?)?;
            let after = store::update(tx, id, &fields).await?;
            let version = after.version;
            Ok(Body::versioned(after, version))
        })
        .await
}

/// Softly; the key is free again.
pub async fn archive(
    _caller: PlatformAllowed<ConfigsManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_system(async |tx| {
            let before = store::lock(tx, *id).await?;
            if_match.check(before.version)?;
            store::archive(tx, *id).await?;
            Ok(NoContent)
        })
        .await
}
