//! Deletes and restores a provider.

use actix_web::web::{Data, Path};
use chrono::Utc;
use contracts::permissions::EnrichmentProvidersManage;
use platform::{
    Problem,
    db::{
        Stored, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, IfMatch, NoContent, Shown, WholeTenant},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    providers::{ENTITY, api::ProviderView},
};

/// Softly: it can be restored. Waterfalls pass over it.
pub async fn archive(
    caller: Allowed<EnrichmentProvidersManage, WholeTenant>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let provider = ProviderView::lock(tx, *id, &Visibility::All).await?;
            if_match.check(provider.version)?;
            ProviderView::set_deleted(tx, *id, Some(Utc::now())).await?;
            outbox::record(tx, vec![Change::deleted(ENTITY, *id, &provider)]).await?;
            Ok(NoContent)
        })
        .await
}

/// 404 when it is not deleted, 409 when another has its name.
pub async fn restore(
    caller: Allowed<EnrichmentProvidersManage, WholeTenant>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<ProviderView>>>, Problem> {
    deps.db
        .once(caller.tenant(), async |tx| {
            ProviderView::lock_deleted(tx, *id, &Visibility::All).await?;
            let provider = ProviderView::set_deleted(tx, *id, None).await?;
            outbox::record(tx, Change::of(Change::restored(ENTITY, *id), &provider)).await?;
            Ok(Body::shown(&caller, provider))
        })
        .await
}
