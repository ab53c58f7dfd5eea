//! Replaces and changes a stage.

use actix_web::web::{Data, Path};
use contracts::permissions::{PipelinesManage, PipelinesRead};
use platform::{
    Problem,
    db::{
        Stored, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Body, IfMatch, Json, MergePatch, Shown, Shows, access::TenantCaller},
};
use uuid::Uuid;

use super::{check_beginning, pipeline, within};
use crate::{
    deps::Deps,
    entities::Entity,
    sales::{
        deals,
        stages::{
            api::{StageView, WriteStage},
            domain::{StageFields, StageKind},
            store,
        },
    },
};

/// PUT: what is left out becomes what it is by default; the place stays.
pub async fn replace(
    caller: Allowed<PipelinesManage, Shows<PipelinesRead>>,
    path: Path<(Uuid, Uuid)>,
    if_match: IfMatch,
    body: Json<WriteStage>,
    deps: Data<Deps>,
) -> Result<Body<Shown<StageView>>, Problem> {
    let write = body.into_inner();
    save(&caller, path.into_inner(), if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    caller: Allowed<PipelinesManage, Shows<PipelinesRead>>,
    path: Path<(Uuid, Uuid)>,
    if_match: IfMatch,
    patch: MergePatch<WriteStage>,
    deps: Data<Deps>,
) -> Result<Body<Shown<StageView>>, Problem> {
    save(&caller, path.into_inner(), if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    caller: &TenantCaller,
    (pipeline_id, id): (Uuid, Uuid),
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&StageView) -> Result<WriteStage, Problem>,
) -> Result<Body<Shown<StageView>>, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let pipeline = pipeline(tx, pipeline_id).await?;
            let before = within(StageView::lock(tx, id, &Visibility::All).await?, pipeline_id)?;
            if_match.check(before.version)?;
            let fields = StageFields::parse(&write(&before)?, before.order)?;
            if fields.kind != before.kind && store::has_deals(tx, id).await? {
                let detail = "There are deals in this stage, so what it means for them cannot change.";
                return Err(Problem::conflict("stage_in_use", detail));
            }
            let after = store::update(tx, id, &fields).await?;
            let begins = |stage: &StageView| stage.kind == StageKind::Open && stage.is_active;
            if begins(&before) && !begins(&after) {
                check_beginning(tx, &pipeline).await?;
            }
            let mut changes = Change::updated(StageView::NAME, id, &before, &after, StageView::TRACKED);
            if after.probability != before.probability {
                changes.extend(deals::follow_probability(tx, &after).await?);
            }
            outbox::record(tx, changes).await?;
            Ok(Body::shown(caller, after))
        })
        .await
}
