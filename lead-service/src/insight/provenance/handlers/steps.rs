//! Pins, unpins, reverts a field, and accepts what was found beside: writes of that field, as by PATCH.

use actix_web::web::{Data, Path};
use chrono::Utc;
use contracts::problem::FieldError;
use platform::{
    Problem,
    db::{
        TenantTx,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, IfMatch, Json, Needs, Record, access::TenantCaller},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    deps::Deps,
    entities::Written,
    insight::provenance::{
        api::{AcceptCandidate, FieldProvenance},
        domain::{Standing, is_empty},
        enriched::{self, Enriched},
        filling, store,
    },
};

/// The answer to every step.
type Stepped = Result<Answer<Body<FieldProvenance>>, Problem>;
/// A step answers with the value of a field and where it came from, so that it takes reading the record.
type Stepping<E> = Needs<<E as Record>::Read>;

/// Those who write an `E` may.
pub async fn pin<E: Enriched>(
    caller: Allowed<<E as Written>::Update, Stepping<E>>,
    place: Path<(Uuid, String)>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Stepped {
    step::<E>(&caller, place.into_inner(), if_match, &deps, async |tx, record, mut standing| {
        standing.pinned = true;
        standing.actor = Some(json!(caller.actor()));
        store::keep(tx, E::WORD, record.id(), &standing).await?;
        Ok(standing)
    })
    .await
}

/// From now on enrichment may change it.
pub async fn unpin<E: Enriched>(
    caller: Allowed<<E as Written>::Update, Stepping<E>>,
    place: Path<(Uuid, String)>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Stepped {
    step::<E>(&caller, place.into_inner(), if_match, &deps, async |tx, record, mut standing| {
        standing.pinned = false;
        store::keep(tx, E::WORD, record.id(), &standing).await?;
        Ok(standing)
    })
    .await
}

/// 409 when it is not known what stood there before.
pub async fn revert<E: Enriched>(
    caller: Allowed<<E as Written>::Update, Stepping<E>>,
    place: Path<(Uuid, String)>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Stepped {
    step::<E>(&caller, place.into_inner(), if_match, &deps, async |tx, record, standing| {
        let previous = match (&standing.previous, standing.source.as_str()) {
            (Some(previous), _) => standing.of_previous(previous),
            // Enrichment filled what was empty.
            (None, "enrichment") => Some(Standing { value: Value::Null, pinned: false, ..standing.clone() }),
            (None, _) => None,
        };
        let Some(previous) = previous else {
            let detail = "It is not known what stood there before.";
            return Err(Problem::conflict("nothing_to_revert", detail));
        };
        write::<E>(tx, &record, &caller, previous).await
    })
    .await
}

/// The candidate keeps its source, and is pinned as chosen by the caller. 404 when there is none at that place.
pub async fn accept<E: Enriched>(
    caller: Allowed<<E as Written>::Update, Stepping<E>>,
    place: Path<(Uuid, String)>,
    if_match: IfMatch,
    body: Json<AcceptCandidate>,
    deps: Data<Deps>,
) -> Stepped {
    let wanted = usize::try_from(body.0.candidate_index).unwrap_or(usize::MAX);
    step::<E>(&caller, place.into_inner(), if_match, &deps, async |tx, record, standing| {
        let Some(candidate) = standing.candidates.get(wanted).cloned() else {
            return Err(Problem::not_found());
        };
        let mut candidates = standing.candidates.clone();
        candidates.remove(wanted);
        let text = |name: &str| candidate.get(name).and_then(Value::as_str).map(str::to_owned);
        let chosen = Standing {
            field: standing.field.clone(),
            value: candidate.get("value").cloned().unwrap_or_default(),
            source: "enrichment".to_owned(),
            provider: candidate.get("provider").cloned(),
            confidence: candidate.get("confidence").and_then(Value::as_f64),
            observed_at: text("observed_at").and_then(|at| at.parse().ok()).unwrap_or_else(Utc::now),
            job_id: None,
            step: candidate.get("step").and_then(Value::as_i64).and_then(|step| i32::try_from(step).ok()),
            cost: text("cost"),
            actor: Some(json!(caller.actor())),
            pinned: true,
            previous: (!is_empty(&standing.value)).then(|| standing.as_previous()),
            candidates,
        };
        write::<E>(tx, &record, &caller, chosen).await
    })
    .await
}

async fn step<E: Enriched>(
    caller: &TenantCaller,
    (id, field): (Uuid, String),
    if_match: IfMatch,
    deps: &Deps,
    work: impl AsyncFnOnce(&mut TenantTx<'_>, E, Standing) -> Result<Standing, Problem>,
) -> Stepped {
    if !enriched::writable::<E>().contains(&field) {
        return Err(Problem::not_found());
    }
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let record = E::lock(tx, id, &visibility).await?;
            if_match.check(record.version())?;
            let known = enriched::members(&record)?;
            let standing = filling::of_record(tx, &record, &known, &[&field]).await?.pop();
            let standing = standing.ok_or_else(|| {
                Problem::conflict("nothing_there", "The field has neither a value nor a candidate.")
            })?;
            Ok(Body::new(FieldProvenance::from(work(tx, record, standing).await?)))
        })
        .await
}

/// Writes the value as a person would, and keeps where it came from.
async fn write<E: Enriched>(
    tx: &mut TenantTx<'_>,
    before: &E,
    caller: &TenantCaller,
    mut standing: Standing,
) -> Result<Standing, Problem> {
    let written = enriched::written(before)?;
    let (members, fields) = enriched::with_value::<E>(&written, &standing.field, &standing.value)?;
    if before.is_taken(tx, &fields).await? {
        let detail = "Another record is of the same person.";
        let mut problem = Problem::conflict("possible_duplicate", detail);
        problem.errors = vec![FieldError::new(standing.field.as_str(), "possible_duplicate", detail)];
        return Err(problem);
    }
    let after = enriched::save(tx, before, members, &caller.visibility()).await?;
    before.check_effects(&after, caller)?;
    outbox::record(tx, Change::updated(E::NAME, before.id(), before, &after, E::TRACKED)).await?;
    standing.value = enriched::members(&after)?.get(&standing.field).cloned().unwrap_or_default();
    store::keep(tx, E::WORD, before.id(), &standing).await?;
    Ok(standing)
}
