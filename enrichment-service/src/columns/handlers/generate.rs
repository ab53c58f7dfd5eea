//! Fills a custom column: a run over its records.

use actix_web::web::{Data, Path};
use contracts::{
    internal::{enrichments::EnrichmentType, records::Choice},
    permissions::{AccountsUpdate, EnrichmentRun, LeadsUpdate},
};
use platform::{
    Problem,
    db::{Stored, Visibility},
    http::{Accepted, Allowed, Answer, Json, May, access::TenantCaller},
};
use uuid::Uuid;

use super::Contexts;
use crate::{
    cells,
    columns::{
        api::{CustomColumnView, GenerateValues},
        domain,
    },
    deps::Deps,
    money::{self, Amount},
    records,
    runs::{
        api::RunStarted,
        handlers::start::confirm,
        store::{self, NewRun},
    },
    starting,
};

/// Side effects of a run of a column.
type Running = (May<AccountsUpdate>, May<LeadsUpdate>, Contexts);
/// The answer to it.
type Started = Result<Answer<Accepted<RunStarted>>, Problem>;

/// Without `entity_ids` and `where`: all active records of the column's product.
pub async fn generate_values(
    caller: Allowed<EnrichmentRun, Running>,
    id: Path<Uuid>,
    body: Json<GenerateValues>,
    deps: Data<Deps>,
) -> Started {
    start(&deps, &caller, *id, body.into_inner(), false).await
}

/// Also where the model would be shown what it was shown before.
pub async fn force_refresh(
    caller: Allowed<EnrichmentRun, Running>,
    id: Path<Uuid>,
    body: Json<GenerateValues>,
    deps: Data<Deps>,
) -> Started {
    start(&deps, &caller, *id, body.into_inner(), true).await
}

/// Starts a run of a column.
pub async fn start(
    deps: &Deps,
    caller: &TenantCaller,
    id: Uuid,
    what: GenerateValues,
    force: bool,
) -> Started {
    starting::refuse_support(caller)?;
    let column = CustomColumnView::look_up(&deps.db, caller.tenant(), id, &Visibility::All).await?;
    if !domain::is_readable(&column, caller) {
        return Err(Problem::not_found());
    }
    if !column.is_active {
        return Err(Problem::conflict("column_inactive", "The column is switched off."));
    }
    records::demand_update(caller, column.entity_type)?;
    let mut faults = Vec::new();
    let max_cost = money::read(what.max_cost.as_ref(), "max_cost", &mut faults);
    let confirmed = money::read(what.confirm_cost.as_ref(), "confirm_cost", &mut faults);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let is_over_everything = what.entity_ids.is_none() && what.condition.is_none();
    let choice = Choice {
        only_open: is_over_everything,
        product_id: is_over_everything.then_some(column.product_id),
        ids: what.entity_ids,
        condition: what.condition,
    };
    let ids = records::select(deps, caller, column.entity_type, choice, None).await?;
    if is_over_everything {
        let provider = cells::answering::provider(deps, caller.tenant(), &column).await?;
        let one = provider.map(|provider| cells::answering::price(&provider, &column)).unwrap_or_default();
        let count = rust_decimal::Decimal::from(i64::try_from(ids.len()).unwrap_or(i64::MAX));
        confirm(Amount::rounded(one.0 * count), confirmed)?;
    }
    let max_cost = match (max_cost, column.max_cost_per_run) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    let run = NewRun {
        waterfall: None,
        column: Some(column.id),
        kind: EnrichmentType::CustomColumn,
        entity: column.entity_type,
        ids: &ids,
        force,
        max_cost,
        seen_by: records::seen_by(caller),
        time_zone: caller.time_zone().name().to_owned(),
        by: caller.user().0,
        request: caller.context(),
    };
    deps.db
        .once(caller.tenant(), async |tx| {
            let run = store::insert(tx, &run).await?;
            Ok(Accepted(RunStarted { id: run.id, status: run.status, total: run.total }))
        })
        .await
}
