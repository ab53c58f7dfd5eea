//! Changes an account of an outside worker, or switches it off.

use actix_web::web::{Data, Path};
use contracts::permissions::ServiceAccountsManage;
use platform::{
    Problem,
    http::{Body, IfMatch, Json, MergePatch, PlatformAllowed},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    service_accounts::{
        api::{ServiceAccountView, WriteServiceAccount},
        domain::NewServiceAccount,
        store,
    },
};

/// As a whole.
pub async fn replace(
    _caller: PlatformAllowed<ServiceAccountsManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteServiceAccount>,
    deps: Data<Deps>,
) -> Result<Body<ServiceAccountView>, Problem> {
    let new = NewServiceAccount::parse(body.into_inner())?;
    write(&deps, *id, if_match, |_| Ok(new)).await
}

/// In part.
pub async fn update(
    _caller: PlatformAllowed<ServiceAccountsManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteServiceAccount>,
    deps: Data<Deps>,
) -> Result<Body<ServiceAccountView>, Problem> {
    write(&deps, *id, if_match, |current| NewServiceAccount::parse(patch.apply(current)?)).await
}

async fn write(
    deps: &Deps,
    id: Uuid,
    if_match: IfMatch,
    change: impl FnOnce(&ServiceAccountView) -> Result<NewServiceAccount, Problem>,
) -> Result<Body<ServiceAccountView>, Problem> {
    let account = deps
        .db
        .in_global(async |tx| {
            let current = store::lock(tx, id).await?;
            if_match.check(current.version)?;
            let new = change(&current)?;
            Ok::<_, Problem>(store::update(tx, id, &new).await?)
        })
        .await?;
    let version = account.version;
    Ok(Body::versioned(account, version))
}
