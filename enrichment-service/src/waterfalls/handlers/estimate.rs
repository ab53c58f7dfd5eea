//! Says what a run of a waterfall takes at most.

use actix_web::web::{Data, Path};
use contracts::permissions::{AccountsRead, EnrichmentRead, LeadsRead};
use platform::{
    Problem,
    db::{Stored, Visibility},
    http::{Allowed, Body, Json, May},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    records,
    waterfalls::{
        api::{EstimateView, WaterfallView, WhichRecords},
        estimating,
    },
};

/// The records are those that the caller sees. Nothing is asked, nothing is written.
pub async fn estimate(
    caller: Allowed<EnrichmentRead, (May<AccountsRead>, May<LeadsRead>)>,
    id: Path<Uuid>,
    body: Json<WhichRecords>,
    deps: Data<Deps>,
) -> Result<Body<EstimateView>, Problem> {
    let waterfall = WaterfallView::look_up(&deps.db, caller.tenant(), *id, &Visibility::All).await?;
    records::demand_read(&caller, waterfall.entity_type)?;
    let WhichRecords { ids, condition } = body.into_inner();
    let choice = contracts::internal::records::Choice { ids, condition, ..Default::default() };
    let chosen = records::select(&deps, &caller, waterfall.entity_type, choice, None).await?;
    let steps =
        deps.db.in_tenant(caller.tenant(), async |tx| estimating::steps(tx, &deps, &waterfall).await).await?;
    let count = i64::try_from(chosen.len()).unwrap_or(i64::MAX);
    Ok(Body::new(estimating::estimate(count, &waterfall, &steps)))
}
