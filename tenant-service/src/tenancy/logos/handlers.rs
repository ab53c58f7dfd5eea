//! Puts a tenant's logo in place and serves it.

use actix_web::web::{Data, Path};
use contracts::{
    TenantId,
    permissions::{TenantRead, TenantUpdate},
};
use platform::{
    Problem, addresses,
    http::{AllowedOn, Body, IfMatch, NoContent, Public, Shown, Shows},
    images::{self, ImageReply, ImageUpload},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::store;
use crate::{
    deps::Deps,
    tenancy::tenants::{self, api::TenantView, check_own, domain::check_served, events},
};

/// Largest side of a logo, in pixels; a larger one is scaled down.
const SIDE: u32 = 1_024;

/// Public: it is shown on sign-in pages and in messages to customers.
pub async fn read(_caller: Public, id: Path<Uuid>, deps: Data<Deps>) -> Result<ImageReply, Problem> {
    deps.db
        .in_tenant(TenantId(*id), async |tx| {
            let tenant = tenants::store::find(tx, *id).await?;
            check_served(&tenant.status).map_err(|_| Problem::not_found())?;
            let (media_type, bytes) = store::find(tx).await?.ok_or_else(Problem::not_found)?;
            Ok(ImageReply::public(&media_type, bytes))
        })
        .await
}

/// The profile then says where it is; the address changes with the picture.
pub async fn put(
    caller: AllowedOn<TenantUpdate, Shows<TenantRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    file: ImageUpload,
    deps: Data<Deps>,
) -> Result<Body<Shown<TenantView>>, Problem> {
    check_own(&caller, *id)?;
    let logo = images::clean(file.0, SIDE).await?;
    let digest = Sha256::digest(&logo.bytes);
    let version: u32 = digest.first_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes));
    let address =
        addresses::below(&deps.public_url, &format!("/api/v2/tenants/{}/logo?v={version:08x}", *id));
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = tenants::store::lock(tx, *id).await?;
            if_match.check(before.version)?;
            store::put(tx, &logo).await?;
            let after = store::link(tx, Some(&address)).await?;
            events::updated(tx, &before, &after).await?;
            Ok(Body::shown(&caller, after))
        })
        .await
}

/// 404 when there is none.
pub async fn remove(
    caller: AllowedOn<TenantUpdate>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    check_own(&caller, *id)?;
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = tenants::store::lock(tx, *id).await?;
            if_match.check(before.version)?;
            if store::delete(tx).await? == 0 {
                return Err(Problem::not_found());
            }
            let after = store::link(tx, None).await?;
            events::updated(tx, &before, &after).await?;
            Ok(NoContent)
        })
        .await
}
