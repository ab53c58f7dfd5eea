//! Replaces and changes a waterfall.

use actix_web::web::{Data, Path};
use contracts::permissions::{EnrichmentRead, WaterfallsManage};
use platform::{
    Problem,
    db::{
        Stored, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Body, IfMatch, Json, MergePatch, Shown, Shows, access::TenantCaller},
};
use uuid::Uuid;

use super::check_steps;
use crate::{
    deps::Deps,
    waterfalls::{
        ENTITY,
        api::{WaterfallView, WriteWaterfall},
        domain::WaterfallFields,
        store,
    },
};

/// PUT: what is left out takes its default.
pub async fn replace(
    caller: Allowed<WaterfallsManage, Shows<EnrichmentRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteWaterfall>,
    deps: Data<Deps>,
) -> Result<Body<Shown<WaterfallView>>, Problem> {
    let write = body.into_inner();
    save(&caller, *id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    caller: Allowed<WaterfallsManage, Shows<EnrichmentRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteWaterfall>,
    deps: Data<Deps>,
) -> Result<Body<Shown<WaterfallView>>, Problem> {
    save(&caller, *id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    caller: &TenantCaller,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&WaterfallView) -> Result<WriteWaterfall, Problem>,
) -> Result<Body<Shown<WaterfallView>>, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = WaterfallView::lock(tx, id, &Visibility::All).await?;
            if_match.check(before.version)?;
            let write = write(&before)?;
            let fields = WaterfallFields::parse(write.clone())?;
            check_steps(tx, &write).await?;
            let mut changes = Vec::new();
            if fields.is_default {
                for (was, is) in store::take_default(tx, fields.enrichment_type, Some(id)).await? {
                    changes.extend(Change::updated(ENTITY, is.id, &was, &is, &[]));
                }
            }
            let after = store::update(tx, id, &fields).await?;
            changes.extend(Change::updated(ENTITY, id, &before, &after, &[]));
            outbox::record(tx, changes).await?;
            Ok(Body::shown(caller, after))
        })
        .await
}
