//! Starts a run.

use crate::{
    columns::{
        api::GenerateValues,
        handlers::{Contexts, generate},
    },
    deps::Deps,
    money::{self, Amount},
    records,
    runs::{
        api::{RunStarted, RunView, StartRun},
        store::{self, NewRun},
    },
    starting,
    waterfalls::{api::WaterfallView, estimating},
};
use actix_web::web::Data;
use contracts::{
    internal::records::Choice,
    permissions::{AccountsUpdate, EnrichmentRun, LeadsUpdate},
    problem::FieldError,
};
use platform::{
    Problem,
    db::{Stored, Visibility},
    http::{Accepted, Allowed, Answer, Json, May},
};

/// The effects of a run: it reads and writes records of its kind.
type Running = (Contexts, May<AccountsUpdate>, May<LeadsUpdate>);

/// The records are those that the caller sees and may change. Without `ids` and `where` it is over everything, and
/// `confirm_cost` has to cover the estimate.
pub async fn start(
    caller: Allowed<EnrichmentRun, Running>,
    body: Json<StartRun>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<RunStarted>>, Problem> {
    starting::refuse_support(&caller)?;
    let start = body.into_inner();
    let mut faults = Vec::new();
    let max_cost = money::read(start.max_cost.as_ref(), "max_cost", &mut faults);
    let confirmed = money::read(start.confirm_cost.as_ref(), "confirm_cost", &mut faults);
    let (waterfall_id, column_id) = (start.waterfall_id, start.column_id);
    if waterfall_id.is_some() == column_id.is_some() {
        faults.push(FieldError::new(
            "waterfall_id",
            "required",
            "either waterfall_id or column_id is required",
        ));
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let Some(waterfall_id) = waterfall_id else {
        let what = GenerateValues {
            entity_ids: start.ids,
            condition: start.condition,
            max_cost: start.max_cost,
            confirm_cost: start.confirm_cost,
        };
        return generate::start(&deps, &caller, column_id.unwrap_or_default(), what, start.force).await;
    };
    let waterfall =
        match WaterfallView::look_up(&deps.db, caller.tenant(), waterfall_id, &Visibility::All).await {
            Ok(waterfall) => waterfall,
            Err(problem) if problem.code == "not_found" => {
                return Err(Problem::invalid(vec![unknown("waterfall_id")]));
            }
            Err(problem) => return Err(problem),
        };
    let entity = waterfall.entity_type;
    records::demand_read(&caller, entity)?;
    records::demand_update(&caller, entity)?;
    let is_over_everything = start.ids.is_none() && start.condition.is_none();
    let choice = Choice { ids: start.ids, condition: start.condition, ..Choice::default() };
    let ids = records::select(&deps, &caller, entity, choice, start.limit).await?;
    let steps =
        deps.db.in_tenant(caller.tenant(), async |tx| estimating::steps(tx, &deps, &waterfall).await).await?;
    if is_over_everything {
        let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        confirm(estimating::estimate(count, &waterfall, &steps).max_cost, confirmed)?;
    }
    let run = NewRun {
        waterfall: Some((waterfall.id, waterfall.version)),
        column: None,
        kind: waterfall.enrichment_type.kind(),
        entity,
        ids: &ids,
        force: start.force,
        max_cost,
        seen_by: records::seen_by(&caller),
        time_zone: caller.time_zone().name().to_owned(),
        by: caller.user().0,
        request: caller.context(),
    };
    deps.db.once(caller.tenant(), async |tx| Ok(Accepted(started(&store::insert(tx, &run).await?)))).await
}

fn started(run: &RunView) -> RunStarted {
    RunStarted { id: run.id, status: run.status, total: run.total }
}

fn unknown(field: &str) -> FieldError {
    FieldError::new(field, "unknown_reference", "names nothing that exists")
}

/// 400 unless what was confirmed covers the estimate.
pub fn confirm(estimate: Amount, confirmed: Option<Amount>) -> Result<(), Problem> {
    if confirmed.is_some_and(|confirmed| confirmed >= estimate) {
        return Ok(());
    }
    let shown = serde_json::json!(estimate);
    let message =
        format!("must be at least {}, the most that it may cost", shown.as_str().unwrap_or_default());
    let mut problem =
        Problem::invalid(vec![FieldError::new("confirm_cost", "confirm_cost_required", message)]);
    problem.code = "confirm_cost_required";
    Err(problem.with("estimate", shown))
}
