//! A waterfall over one record: each field stops for itself.

use contracts::internal::{
    enrichments::EnrichmentType,
    records::{FillRecord, FilledRecord, FoundValue, KnownRecord, Refused},
};
use platform::{Problem, client::CallError};
use serde_json::{Map, Value, json};

use super::{
    EnrichmentJob,
    ending::{Ending, Outcome},
    folding::folded,
    scene::Scene,
};
use crate::{
    accounts::store::Trace,
    adapters::{Failure, Findings, Hit, Question, http::is_empty},
    asking::{self, Purpose, Refusal},
    deps::Deps,
    money::Amount,
    records,
    waterfalls::{
        api::WaterfallView,
        domain::{Policy, Stop},
        estimating::Asked,
    },
};

/// The yield of the steps.
#[derive(Default)]
struct Harvest {
    /// Fields that are still asked for.
    wanted: Vec<String>,
    /// To be written.
    found: Vec<FoundValue>,
    /// To be kept beside.
    candidates: Vec<FoundValue>,
    /// Answers that several have to agree on.
    open: Vec<FoundValue>,
    failures: Vec<Failure>,
    cost: Amount,
    /// Cost of earlier runs of the job.
    spent: Amount,
    has_answer: bool,
    page: Option<Value>,
    stopped: Option<Ending>,
}

/// Runs the waterfall over the job's record.
pub async fn fill(deps: &Deps, job: &EnrichmentJob, scene: &Scene) -> Result<Outcome, Problem> {
    let Some(waterfall) = &scene.waterfall else {
        return Ok(Outcome::failed(Failure::lasting("waterfall_gone", "The waterfall is gone.")));
    };
    if scene.steps.is_empty() {
        let failure =
            Failure::lasting("no_provider", format!("No provider is asked for {}.", job.kind()?.name()));
        return Ok(Outcome::ending(Ending::Skipped(failure)));
    }
    let known = match read(deps, job, scene).await {
        Ok(known) => known,
        Err(outcome) => return Ok(outcome),
    };
    let mut harvest =
        Harvest { wanted: wanted(waterfall, &known, job.force), spent: job.spent, ..Harvest::default() };
    let purpose = scene.purpose(deps, job);
    let mut question = question(job.kind()?, &known, job);
    for (place, step) in scene.steps.iter().enumerate() {
        if harvest.wanted.is_empty() || harvest.stopped.is_some() {
            break;
        }
        question.job.insert("fields".to_owned(), json!(harvest.wanted));
        ask(deps, waterfall, (place, step), &question, &purpose, &mut harvest).await?;
    }
    settle_open(waterfall, &mut harvest);
    write(deps, job, waterfall, &known, harvest).await
}

/// The record as it is now.
///
/// # Errors
/// The end of the job, where it cannot be read.
pub(super) async fn read(deps: &Deps, job: &EnrichmentJob, scene: &Scene) -> Result<KnownRecord, Outcome> {
    let seen_by = scene.seen_by();
    let is_limited = seen_by.is_some();
    match records::read_one(deps, job.tenant(), job.subject(), job.subject_id, seen_by, false).await {
        Ok(Some(known)) => Ok(known),
        Ok(None) if is_limited => {
            let failure =
                Failure::lasting("out_of_scope", "The record is gone, or its starter no longer sees it.");
            Err(Outcome::ending(Ending::Skipped(failure)))
        }
        Ok(None) => {
            let name = job.subject().name();
            let code = if name == "lead" { "lead_not_found" } else { "account_not_found" };
            Err(Outcome::failed(Failure::lasting(code, format!("The {name} is gone."))))
        }
        Err(error) => Err(Outcome::failed(unavailable(&error))),
    }
}

/// Why lead-service gave no answer.
pub fn unavailable(error: &CallError) -> Failure {
    match error {
        CallError::Away(service, cause) => {
            tracing::warn!(%service, cause, "a record cannot be read or written now");
            Failure::passing(
                "account_unavailable",
                "The record could not be read or written: its service is away.",
            )
        }
        CallError::Refused(service, problem) => {
            tracing::error!(%service, code = problem.code, detail = problem.detail, "a record could not be written");
            Failure::lasting("account_refused", format!("The record was not written: {}", problem.detail))
        }
    }
}

/// The fields that are asked for: those that are empty, or all that are wanted; never those that a person wrote.
fn wanted(waterfall: &WaterfallView, known: &KnownRecord, force: bool) -> Vec<String> {
    let all: Vec<&str> = match &waterfall.fields {
        Some(fields) => fields.iter().map(String::as_str).collect(),
        None => waterfall.enrichment_type.fields().to_vec(),
    };
    let asks_all = force || waterfall.write_policy != Policy::FillIfEmpty || waterfall.refresh_days.is_some();
    let stands = |field: &str| known.record.get(field).is_some_and(|value| !is_empty(value));
    let is_pinned = |field: &str| known.pinned.iter().any(|pinned| pinned == field);
    let is_wanted = |field: &&str| !is_pinned(field) && (asks_all || !stands(field));
    all.into_iter().filter(is_wanted).map(str::to_owned).collect()
}

/// The record, as a question.
pub(super) fn question(kind: EnrichmentType, known: &KnownRecord, job: &EnrichmentJob) -> Question {
    let mut account = known.account.clone();
    asking::add_domain(&mut account);
    let lead = if job.subject().name() == "lead" { known.record.clone() } else { Map::new() };
    let job = Map::from_iter([
        ("id".to_owned(), json!(job.id)),
        ("type".to_owned(), json!(kind.name())),
        ("page".to_owned(), json!(1)),
        ("page_size".to_owned(), json!(25)),
    ]);
    Question { kind: Some(kind), account, lead, product: known.product.clone(), job, chat: None }
}

async fn ask(
    deps: &Deps,
    waterfall: &WaterfallView,
    (place, step): (usize, &Asked),
    question: &Question,
    purpose: &Purpose,
    harvest: &mut Harvest,
) -> Result<(), Problem> {
    let price = asking::price(&step.provider, question);
    if waterfall.max_cost_per_record.is_some_and(|cap| harvest.spent + harvest.cost + price > cap) {
        let failure = Failure::lasting("record_cap", "The record would cost more than it may.");
        harvest.stopped = Some(Ending::Skipped(failure));
        return Ok(());
    }
    match deps.asking.ask(deps, &step.provider, question, purpose).await {
        Ok(asked) => {
            harvest.cost = harvest.cost + asked.cost;
            harvest.has_answer = true;
            if let Some(Hit::Fields(findings)) = asked.hit {
                let place = i32::try_from(place).unwrap_or(i32::MAX);
                take(waterfall, (place, step), findings, asked.cost, harvest);
            }
        }
        Err(Refusal::Problem(problem)) => return Err(problem),
        Err(Refusal::NoBudget(scope)) => harvest.stopped = Some(Ending::NoBudget(scope)),
        Err(Refusal::Stopped) => harvest.stopped = Some(Ending::Held),
        Err(refusal) => {
            harvest.cost = harvest.cost + refusal.cost();
            harvest.failures.push(refusal.failure());
        }
    }
    Ok(())
}

fn take(
    waterfall: &WaterfallView,
    (place, step): (i32, &Asked),
    findings: Findings,
    cost: Amount,
    harvest: &mut Harvest,
) {
    let Findings { source_url, fetched_at, fields, page, .. } = findings;
    if page != Default::default() {
        harvest.page = Some(json!(page));
    }
    for finding in fields.into_iter().filter(|finding| !is_empty(&finding.value)) {
        if !harvest.wanted.iter().any(|field| *field == finding.field) {
            continue;
        }
        let value = FoundValue {
            field: finding.field.into_owned(),
            value: finding.value,
            confidence: finding.confidence,
            provider: step.provider.named(),
            step: place,
            observed_at: fetched_at,
            source_url: Some(source_url.clone()),
            cost: (!cost.is_zero()).then(|| cost.0.to_string()),
        };
        if value.confidence < step.min_confidence {
            harvest.candidates.push(value);
        } else if waterfall.stop == Stop::First {
            harvest.wanted.retain(|field| *field != value.field);
            harvest.found.push(value);
        } else {
            agree(waterfall, value, harvest);
        }
    }
}

/// A field is settled when enough providers say the same of it.
fn agree(waterfall: &WaterfallView, value: FoundValue, harvest: &mut Harvest) {
    let key = folded(&value.value);
    let same = |other: &FoundValue| other.field == value.field && folded(&other.value) == key;
    let agreeing = harvest.open.iter().filter(|other| same(other)).count() + 1;
    let needed = usize::try_from(waterfall.agree).unwrap_or(2);
    if agreeing < needed {
        harvest.open.push(value);
        return;
    }
    harvest.wanted.retain(|field| *field != value.field);
    let (of_field, rest): (Vec<_>, Vec<_>) =
        std::mem::take(&mut harvest.open).into_iter().partition(|other| other.field == value.field);
    harvest.open = rest;
    let mut best = value;
    for other in of_field {
        if folded(&other.value) != key {
            harvest.candidates.push(other);
        } else if other.confidence > best.confidence {
            best = other;
        }
    }
    harvest.found.push(best);
}

/// Turns answers that no other provider confirmed into candidates.
fn settle_open(waterfall: &WaterfallView, harvest: &mut Harvest) {
    if waterfall.stop == Stop::Agree {
        harvest.candidates.append(&mut harvest.open);
    }
}

async fn write(
    deps: &Deps,
    job: &EnrichmentJob,
    waterfall: &WaterfallView,
    known: &KnownRecord,
    harvest: Harvest,
) -> Result<Outcome, Problem> {
    let mut outcome = Outcome::ending(Ending::Completed);
    outcome.cost = harvest.cost;
    let has_values = !harvest.found.is_empty() || !harvest.candidates.is_empty();
    if has_values {
        let call = FillRecord {
            tenant_id: job.tenant(),
            entity: job.subject(),
            id: known.id,
            job_id: job.id,
            expected_version: Some(known.version),
            policy: waterfall.write_policy.write_policy(),
            found: harvest.found.clone(),
            candidates: harvest.candidates,
        };
        match deps.peers.call(&call).await {
            Ok(filled) => describe(&mut outcome, waterfall, known, &harvest.found, &filled),
            Err(CallError::Refused(_, problem)) if problem.status == 404 => {
                let message = format!("The {} is gone.", job.subject().name());
                return Ok(with_cost(
                    Outcome::failed(Failure::lasting("account_not_found", message)),
                    outcome.cost,
                ));
            }
            Err(error) => return Ok(with_cost(Outcome::failed(unavailable(&error)), outcome.cost)),
        }
    }
    if let Some(page) = harvest.page {
        outcome.state.insert("page".to_owned(), page);
    }
    outcome.ending = match harvest.stopped {
        Some(ending) => ending,
        None => ended(harvest.failures, has_values, harvest.has_answer),
    };
    Ok(outcome)
}

fn with_cost(outcome: Outcome, cost: Amount) -> Outcome {
    Outcome { cost, ..outcome }
}

/// Without a value, a failure that may pass is tried again; one that does not counts only where nothing was answered.
fn ended(failures: Vec<Failure>, has_values: bool, has_answer: bool) -> Ending {
    if has_values {
        return Ending::Completed;
    }
    let passing = failures.iter().find(|failure| failure.retryable).cloned();
    match passing.or_else(|| failures.into_iter().next().filter(|_| !has_answer)) {
        Some(failure) => Ending::Failed(failure),
        None => Ending::Completed,
    }
}

fn describe(
    outcome: &mut Outcome,
    waterfall: &WaterfallView,
    known: &KnownRecord,
    found: &[FoundValue],
    filled: &FilledRecord,
) {
    let values = filled.written.iter().map(|written| (written.field.clone(), written.value.clone()));
    outcome.state.insert("filled".to_owned(), Value::Object(values.collect()));
    if !filled.refused.is_empty() {
        let refused = filled.refused.iter().map(|Refused { field, reason }| (field.clone(), json!(reason)));
        outcome.state.insert("refused".to_owned(), Value::Object(refused.collect()));
    }
    for written in &filled.written {
        let Some(value) = found.iter().find(|value| value.field == written.field) else { continue };
        let text =
            |name: &str| value.provider.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        if outcome.provider.is_none() {
            outcome.provider = text("id").parse().ok().map(|id| (id, text("kind")));
        }
        outcome.traces.push(Trace {
            field: written.field.clone(),
            provider: text("kind"),
            source_url: value.source_url.clone().unwrap_or_default(),
            fetched_at: value.observed_at,
            confidence: value.confidence,
            previous: written.previous.clone(),
        });
    }
    outcome.quality = Some(quality(waterfall, known, filled));
}

/// Share of the wanted fields that are filled, each weighted by its confidence, which halves with every year of age. What
/// a person, a form or an import wrote is sure.
fn quality(waterfall: &WaterfallView, known: &KnownRecord, filled: &FilledRecord) -> f64 {
    let fields: Vec<&str> = match &waterfall.fields {
        Some(fields) => fields.iter().map(String::as_str).collect(),
        None => waterfall.enrichment_type.fields().to_vec(),
    };
    let weight = |field: &&str| -> f64 {
        let is_filled = filled.written.iter().any(|written| written.field == *field)
            || known.record.get(*field).is_some_and(|value| !is_empty(value));
        if !is_filled {
            return 0.0;
        }
        let standing = filled.standing.get(*field);
        let number = |name: &str| standing.and_then(|standing| standing.get(name)).and_then(Value::as_f64);
        let age = number("age_days").unwrap_or(0.0).max(0.0);
        number("confidence").unwrap_or(1.0).clamp(0.0, 1.0) * 0.5_f64.powf(age / 365.0)
    };
    let count = f64::from(u32::try_from(fields.len()).unwrap_or(u32::MAX).max(1));
    fields.iter().map(weight).sum::<f64>() / count
}
