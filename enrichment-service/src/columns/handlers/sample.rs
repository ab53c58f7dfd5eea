//! Tries a custom column on a few records.

use actix_web::web::{Data, Path};
use contracts::{internal::records::Choice, permissions::EnrichmentRun};
use futures::future::join_all;
use platform::{
    Problem,
    db::{Stored, Visibility},
    http::{Allowed, Body, Json},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Contexts;
use crate::{
    asking::Purpose,
    cells::answering::{self, Tried},
    columns::{
        api::{CustomColumnView, SampleColumn, SampleView},
        domain,
    },
    deps::Deps,
    money::Amount,
    records, starting,
};

/// The newest records of the column's product that the caller sees. Nothing is kept but the ledger.
pub async fn sample(
    caller: Allowed<EnrichmentRun, Contexts>,
    id: Path<Uuid>,
    body: Json<SampleColumn>,
    deps: Data<Deps>,
) -> Result<Body<SampleView>, Problem> {
    starting::refuse_support(&caller)?;
    let column = CustomColumnView::look_up(&deps.db, caller.tenant(), *id, &Visibility::All).await?;
    if !domain::is_readable(&column, &caller) {
        return Err(Problem::not_found());
    }
    let Some(provider) = answering::provider(&deps, caller.tenant(), &column).await? else {
        return Err(Problem::unprocessable("no_provider", "No provider of kind model is there to be asked."));
    };
    let choice = Choice { product_id: Some(column.product_id), only_open: true, ..Choice::default() };
    let ids = records::select(&deps, &caller, column.entity_type, choice, None).await?;
    let purpose = Purpose {
        column_id: Some(column.id),
        is_trial: true,
        zone: caller.time_zone(),
        ..Purpose::of(caller.tenant())
    };
    let wanted = usize::try_from(body.0.n).unwrap_or(1);
    let seen_by = records::seen_by(&caller);
    let tries = ids.iter().take(wanted).map(|id| {
        let what = answering::Subject { column: &column, id: *id, seen_by: seen_by.clone() };
        answering::attempt(&deps, &provider, what, &purpose)
    });
    let mut results = Vec::new();
    let mut cost = Amount::ZERO;
    for tried in join_all(tries).await {
        let tried = tried?;
        cost = cost + tried.cost();
        results.push(shown(&column, tried));
    }
    let count = rust_decimal::Decimal::from(i64::try_from(ids.len()).unwrap_or(i64::MAX));
    let one = match rust_decimal::Decimal::from(results.len()) {
        none if none.is_zero() => answering::price(&provider, &column).0,
        tried => cost.0 / tried,
    };
    Ok(Body::new(SampleView { results, cost, estimated_cost_all: Amount::rounded(one * count) }))
}

fn shown(column: &CustomColumnView, tried: Tried) -> Value {
    let cell = tried.into_cell(column);
    json!({
        "column_id": column.id, format!("{}_id", column.entity_type.word()): cell.record, "status": cell.status,
        "value": cell.value, "confidence_score": cell.confidence, "evidence": cell.evidence, "model": cell.model,
        "tokens_in": cell.tokens_in, "tokens_out": cell.tokens_out, "cost": cell.cost,
        "error_details": cell.error,
    })
}
