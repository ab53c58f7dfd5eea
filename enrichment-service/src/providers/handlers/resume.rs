//! Has a provider asked again that is paused, rests, or has credentials that were not accepted.

use actix_web::web::{Data, Path};
use contracts::permissions::EnrichmentProvidersManage;
use platform::{
    Problem,
    db::{
        Stored, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, Shown, WholeTenant},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    providers::{ENTITY, TRACKED, api::ProviderView, domain::ProviderStatus, store},
};

/// One that is asked already stays as it is.
pub async fn resume(
    caller: Allowed<EnrichmentProvidersManage, WholeTenant>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<ProviderView>>>, Problem> {
    let answer = deps
        .db
        .once(caller.tenant(), async |tx| {
            let before = ProviderView::lock(tx, *id, &Visibility::All).await?;
            let status = ProviderStatus::Ok;
            let changed = store::set_status(tx, *id, before.setup_version, status, None, None).await?;
            let after = changed.unwrap_or_else(|| before.clone());
            outbox::record(tx, Change::updated(ENTITY, *id, &before, &after, TRACKED)).await?;
            Ok(Body::shown(&caller, after))
        })
        .await?;
    deps.asking.forget(*id);
    Ok(answer)
}
