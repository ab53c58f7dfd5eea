//! Deletes and restores a waterfall.

use actix_web::web::{Data, Path};
use chrono::Utc;
use contracts::permissions::{EnrichmentRead, WaterfallsManage};
use platform::{
    Problem,
    db::{
        Stored, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, IfMatch, NoContent, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    waterfalls::{ENTITY, api::WaterfallView, store},
};

/// Softly: it can be restored. Jobs that were to run it end as failed.
pub async fn archive(
    caller: Allowed<WaterfallsManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let waterfall = WaterfallView::lock(tx, *id, &Visibility::All).await?;
            if_match.check(waterfall.version)?;
            WaterfallView::set_deleted(tx, *id, Some(Utc::now())).await?;
            outbox::record(tx, vec![Change::deleted(ENTITY, *id, &waterfall)]).await?;
            Ok(NoContent)
        })
        .await
}

/// 404 when it is not deleted. One that was the default takes that back.
pub async fn restore(
    caller: Allowed<WaterfallsManage, Shows<EnrichmentRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<WaterfallView>>>, Problem> {
    deps.db
        .once(caller.tenant(), async |tx| {
            let deleted = WaterfallView::lock_deleted(tx, *id, &Visibility::All).await?;
            let mut changes = Vec::new();
            if deleted.is_default {
                for (before, after) in store::take_default(tx, deleted.enrichment_type, Some(*id)).await? {
                    changes.extend(Change::updated(ENTITY, after.id, &before, &after, &[]));
                }
            }
            let waterfall = WaterfallView::set_deleted(tx, *id, None).await?;
            changes.extend(Change::of(Change::restored(ENTITY, *id), &waterfall));
            outbox::record(tx, changes).await?;
            Ok(Body::shown(&caller, waterfall))
        })
        .await
}
