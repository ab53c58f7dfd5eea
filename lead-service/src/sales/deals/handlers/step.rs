//! Moves a deal through its pipeline, to whichever end.

use actix_web::web::{Data, Path};
use contracts::permissions::{DealsRead, DealsUpdate};
use platform::{
    Problem,
    db::{
        Stored, TenantTx, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, IfMatch, Json, Shown, Shows, access::TenantCaller, context},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    entities::{self, Entity},
    sales::{
        deals::{
            api::{DealView, LoseDeal, MoveDeal},
            domain::{DealStatus, Standing},
            store,
        },
        stages::{self, api::StageView, domain::StageKind},
    },
    text::filled,
};

/// To a stage of its pipeline. A closed stage ends the deal, an open one opens it again. From one won (or lost) stage to
/// another, the deal stays won (or lost) when it was.
pub async fn to_stage(
    caller: Allowed<DealsUpdate, Shows<DealsRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<MoveDeal>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<DealView>>>, Problem> {
    let MoveDeal { stage_id, lost_reason } = body.into_inner();
    step(&caller, *id, if_match, &deps, async |tx, deal| {
        let stage =
            entities::check_reference::<StageView>(tx, "stage_id", Some(stage_id), &Visibility::All).await?;
        let stage = stage
            .filter(|stage| stage.pipeline_id == deal.pipeline_id)
            .ok_or_else(|| entities::unknown_reference("stage_id"))?;
        Ok(if stage.id == deal.stage_id {
            Standing::of(deal)
        } else {
            Standing::of(deal).moved(&stage, filled(lost_reason), context::now())
        })
    })
    .await
}

/// Into the pipeline's first won stage. Winning a won deal changes nothing.
pub async fn win(
    caller: Allowed<DealsUpdate, Shows<DealsRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<DealView>>>, Problem> {
    step(&caller, *id, if_match, &deps, async |tx, deal| {
        if deal.status == DealStatus::Won {
            return Ok(Standing::of(deal));
        }
        end(tx, deal, StageKind::Won, DealStatus::Won, None).await
    })
    .await
}

/// Into the pipeline's first lost stage, with the reason. Losing a lost deal changes the reason at most.
pub async fn lose(
    caller: Allowed<DealsUpdate, Shows<DealsRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<LoseDeal>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<DealView>>>, Problem> {
    let LoseDeal { lost_reason } = body.into_inner();
    step(&caller, *id, if_match, &deps, async |tx, deal| {
        if deal.status == DealStatus::Lost {
            return Ok(Standing::of(deal).because(lost_reason));
        }
        end(tx, deal, StageKind::Lost, DealStatus::Lost, Some(lost_reason)).await
    })
    .await
}

async fn end(
    tx: &mut TenantTx<'_>,
    deal: &DealView,
    kind: StageKind,
    status: DealStatus,
    lost_reason: Option<String>,
) -> Result<Standing, Problem> {
    let now = context::now();
    Ok(match stages::store::first(tx, deal.pipeline_id, kind).await? {
        Some(stage) => Standing::entering(&stage, lost_reason, now),
        None => Standing::of(deal).ended(status, lost_reason, now),
    })
}

async fn step(
    caller: &TenantCaller,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    decide: impl AsyncFnOnce(&mut TenantTx<'_>, &DealView) -> Result<Standing, Problem>,
) -> Result<Answer<Body<Shown<DealView>>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let before = DealView::lock(tx, id, &visibility).await?;
            if_match.check(before.version)?;
            let standing = decide(tx, &before).await?;
            if standing == Standing::of(&before) {
                return Ok(Body::shown(caller, before));
            }
            let after = store::stand(tx, id, &standing).await?;
            let changes = Change::updated(DealView::NAME, id, &before, &after, DealView::TRACKED);
            outbox::record(tx, changes).await?;
            Ok(Body::shown(caller, after))
        })
        .await
}
