//! The end of a call: its cost, what was answered, and how its provider stands, in one transaction.

use chrono::Utc;
use diesel::{
    ExpressionMethods, QueryDsl,
    sql_types::{Nullable, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{
        Cacheable, TenantTx,
        outbox::{self, Change},
    },
};
use serde_json::{Value, json};

use super::{
    budgets::{self, Budget},
    lanes::Standing,
    ledger::NewCall,
};
use crate::{
    adapters::{Answer, Hit, Outcome},
    money::Amount,
    providers, raw_records,
    schema::enrichment_calls::dsl,
};

/// A call and what came of it.
pub struct Settled<'a> {
    /// The call.
    pub call: &'a NewCall<'a>,
    /// The answer.
    pub answer: &'a Answer,
    /// Its cost.
    pub cost: Amount,
    /// The standing of its provider, where that is news.
    pub standing: Option<Standing>,
}

/// Writes it down.
pub async fn settle(tx: &mut TenantTx<'_>, settled: &Settled<'_>) -> Result<(), Problem> {
    let Settled { call, answer, cost, standing } = settled;
    let (outcome, kept, error) = match &answer.outcome {
        Outcome::Hit(hit) => ("hit", serde_json::to_value(hit).ok(), None),
        Outcome::Miss => ("miss", None, None),
        Outcome::Failed(failure) => ("failed", None, Some(failure.details())),
    };
    let pages = match &answer.outcome {
        Outcome::Hit(Hit::Fields(found)) if found.pages > 0 => Some(found.pages),
        _ => None,
    };
    // A trial writes nothing but its cost.
    let kept = kept.filter(|_| !call.purpose.is_trial);
    let reserved_in: Vec<Value> = diesel::update(dsl::enrichment_calls.filter(dsl::id.eq(call.id)))
        .filter(dsl::outcome.eq("under_way"))
        .set((
            dsl::outcome.eq(outcome),
            dsl::cost.eq(*cost),
            dsl::reserved.eq(Amount::ZERO),
            dsl::answer.eq(kept),
            dsl::error.eq(error),
            dsl::http_status.eq(answer.http_status.map(i32::from)),
            dsl::tokens_in.eq(answer.tokens.map(|tokens| tokens.read)),
            dsl::tokens_out.eq(answer.tokens.map(|tokens| tokens.written)),
            dsl::tokens_estimated.eq(answer.tokens.is_some_and(|tokens| tokens.estimated)),
            dsl::pages.eq(pages),
            dsl::answered_at.eq(Utc::now()),
        ))
        .returning(dsl::budgets)
        .get_results(&mut **tx)
        .await?;
    // A call that was given up meanwhile is booked already.
    for budgets in reserved_in {
        let budgets: Vec<Budget> = serde_json::from_value(budgets).unwrap_or_default();
        budgets::settle(tx, &budgets, call.price, *cost).await?;
    }
    if !call.purpose.is_trial {
        for raw in &answer.raw {
            raw_records::store::append(tx, call.provider, call.purpose, raw).await?;
        }
    }
    if let Outcome::Failed(failure) = &answer.outcome
        && failure.code == "erased"
        && !call.purpose.is_trial
    {
        forget(tx, call).await?;
    }
    if let Some(standing) = standing {
        tell(tx, call, standing).await?;
    }
    Ok(())
}

/// Takes down how a provider stands; a change is an event.
async fn tell(tx: &mut TenantTx<'_>, call: &NewCall<'_>, standing: &Standing) -> Result<(), Problem> {
    let provider = call.provider;
    let changed = providers::store::set_status(
        tx,
        provider.id,
        provider.setup_version,
        standing.status,
        standing.reason.as_deref(),
        standing.open_until,
    )
    .await?;
    let Some(after) = changed else { return Ok(()) };
    let mut before = after.clone();
    before.status = provider.status;
    before.open_until = provider.open_until;
    before.status_reason = None;
    let changes = Change::updated(providers::ENTITY, provider.id, &before, &after, providers::TRACKED);
    outbox::record(tx, changes).await
}

/// Removes everything that this provider said of the person; it is not asked again. Values of others stay.
async fn forget(tx: &mut TenantTx<'_>, call: &NewCall<'_>) -> Result<(), Problem> {
    let Some(subject) = call.purpose.subject_id else { return Ok(()) };
    let provider = call.provider.id;
    diesel::sql_query(
        "INSERT INTO enrichment_forgotten (tenant_id, provider_id, subject_id) VALUES ($1, $2, $3) \
         ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(provider)
    .bind::<SqlUuid, _>(subject)
    .cached()
    .execute(&mut **tx)
    .await?;
    diesel::update(dsl::enrichment_calls.filter(dsl::subject_id.eq(subject)))
        .filter(dsl::provider_id.eq(provider))
        .set(dsl::answer.eq(None::<Value>))
        .execute(&mut **tx)
        .await?;
    diesel::sql_query("SELECT forget_raw_records($1, $2)")
        .bind::<SqlUuid, _>(subject)
        .bind::<Nullable<SqlUuid>, _>(Some(provider))
        .cached()
        .execute(&mut **tx)
        .await?;
    let told = Change {
        event_type: "Enrichment.FORGOTTEN".to_owned(),
        entity_type: "Enrichment",
        entity_id: call.purpose.job_id.unwrap_or(call.id),
        action: contracts::events::Action::Update,
        previous_state: None,
        current_state: Some(json!({ "subject_id": subject, "provider": call.provider.named() })),
        changed_fields: Vec::new(),
        record: None,
    };
    outbox::record(tx, vec![told]).await
}

/// Whether a provider was told to forget this person.
pub async fn is_forgotten(
    tx: &mut TenantTx<'_>,
    provider: uuid::Uuid,
    subject: uuid::Uuid,
) -> Result<bool, Problem> {
    #[derive(diesel::QueryableByName)]
    struct Known {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        known: bool,
    }
    let found: Known = diesel::sql_query(
        "SELECT EXISTS (SELECT 1 FROM enrichment_forgotten WHERE provider_id = $1 AND subject_id = $2) AS known",
    )
    .bind::<SqlUuid, _>(provider)
    .bind::<SqlUuid, _>(subject)
    .cached()
    .get_result(&mut **tx)
    .await?;
    Ok(found.known)
}
