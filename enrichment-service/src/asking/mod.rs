//! Asking a provider: at its pace, within budgets, once for the same question, and written into the ledger.
//!
//! A call is in the ledger before it is made. What a process that dies leaves behind is a call that is named as under way:
//! the next run of its job says that it is lost and books what was reserved for it.

mod budgets;
mod lanes;
mod ledger;
mod refusal;
mod settling;

use chrono::{DateTime, Utc};
use contracts::{
    TenantId,
    internal::{
        enrichments::{EnrichmentType, JobSubject},
        records::ForgetProvider,
    },
};
use platform::zones::Tz;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub use budgets::{Budget, Scope, day, month};
pub use refusal::Refusal;

use crate::{
    adapters::{Failure, Hit, Outcome, Question, Setup, Tokens, vendors},
    deps::Deps,
    money::Amount,
    providers::{
        credentials,
        domain::{Provider, ProviderKind, ProviderStatus},
    },
};
use lanes::Lanes;

/// Time limit of one call unless its provider says otherwise, in milliseconds.
pub const TIMEOUT_MS: i32 = 30_000;

/// The pace of every provider in this process.
#[derive(Default)]
pub struct Asking {
    lanes: Lanes,
}

/// The purpose of a call.
#[derive(Clone, Debug)]
pub struct Purpose {
    /// The tenant of the provider.
    pub tenant: TenantId,
    /// The job.
    pub job_id: Option<Uuid>,
    /// The run that the job is part of.
    pub run_id: Option<Uuid>,
    /// The waterfall of the step.
    pub waterfall_id: Option<Uuid>,
    /// The column of the cell.
    pub column_id: Option<Uuid>,
    /// The record.
    pub subject_id: Option<Uuid>,
    /// Budgets beside the provider's own.
    pub budgets: Vec<Budget>,
    /// Hours for which an answer is given again.
    pub cache_hours: Option<i32>,
    /// Whether it is asked though an answer is kept.
    pub force: bool,
    /// Whether it is only tried.
    pub is_trial: bool,
    /// The tenant's zone, in which months and days are counted.
    pub zone: Tz,
}

impl Purpose {
    /// For nothing in particular.
    pub fn of(tenant: TenantId) -> Self {
        Self {
            tenant,
            job_id: None,
            run_id: None,
            waterfall_id: None,
            column_id: None,
            subject_id: None,
            budgets: Vec::new(),
            cache_hours: None,
            force: false,
            is_trial: false,
            zone: Tz::UTC,
        }
    }
}

/// An answer.
#[derive(Debug)]
pub struct Asked {
    /// The findings; none when nothing is known.
    pub hit: Option<Hit>,
    /// HTTP status.
    pub http_status: Option<u16>,
    /// Its cost.
    pub cost: Amount,
    /// Whether it was kept from before.
    pub is_cached: bool,
    /// When the provider answered.
    pub answered_at: DateTime<Utc>,
    /// Tokens of a model.
    pub tokens: Option<Tokens>,
}

impl Asking {
    /// Forgets how a provider did.
    pub fn forget(&self, provider: Uuid) {
        self.lanes.forget(provider);
    }

    /// Asks a provider, or gives what it answered before.
    ///
    /// # Errors
    /// [`Refusal`]: it was not asked, there is no budget, or it gave no answer.
    pub async fn ask(
        &self,
        deps: &Deps,
        provider: &Provider,
        question: &Question,
        purpose: &Purpose,
    ) -> Result<Asked, Refusal> {
        check_standing(provider, purpose.is_trial)?;
        let adapter = deps.adapters.of(provider.kind);
        let credentials =
            credentials::open(&deps.keys, provider.credentials.as_deref(), purpose.tenant, provider.id)?;
        let setup = setup_of(provider, credentials);
        let prepared = adapter.prepare(&setup, question).map_err(Refusal::NotAsked)?;
        let digest = digest(question.kind, &prepared.key);
        if let Some(kept) = self.kept(deps, provider, &digest, question.kind, purpose).await? {
            return Ok(kept);
        }
        let entry = self.lanes.enter(provider).await.map_err(Refusal::NotAsked)?;
        let price = price(provider, question);
        let call = ledger::NewCall {
            id: Uuid::now_v7(),
            provider,
            digest: &digest,
            kind: question.kind,
            price,
            purpose,
        };
        deps.db.in_tenant(purpose.tenant, async |tx| budgets::reserve(tx, &call).await).await??;
        let mut answer = prepared.work.await;
        if let Outcome::Failed(failure) = &answer.outcome
            && failure.code == "erased"
            && let Err(failure) = forget_at_lead_service(deps, provider, question.kind, purpose).await
        {
            answer.outcome = Outcome::Failed(failure);
        }
        let cost = cost(provider, &answer.outcome, answer.tokens, answer.http_status.is_some());
        let standing = self.lanes.took(provider, &answer.outcome);
        let settled = settling::Settled { call: &call, answer: &answer, cost, standing };
        deps.db.in_tenant(purpose.tenant, async |tx| settling::settle(tx, &settled).await).await?;
        drop(entry);
        let http_status = answer.http_status;
        match answer.outcome {
            Outcome::Hit(hit) => Ok(Asked {
                hit: Some(hit),
                http_status,
                cost,
                is_cached: false,
                answered_at: Utc::now(),
                tokens: answer.tokens,
            }),
            Outcome::Miss => Ok(Asked {
                hit: None,
                http_status,
                cost,
                is_cached: false,
                answered_at: Utc::now(),
                tokens: answer.tokens,
            }),
            Outcome::Failed(failure) => Err(Refusal::Failed { failure, http_status, cost }),
        }
    }

    /// An earlier answer: to this very job, or lately enough.
    async fn kept(
        &self,
        deps: &Deps,
        provider: &Provider,
        digest: &[u8],
        kind: Option<EnrichmentType>,
        purpose: &Purpose,
    ) -> Result<Option<Asked>, Refusal> {
        let may_be_cached = !purpose.force && !purpose.is_trial && purpose.cache_hours.is_some();
        if purpose.job_id.is_none() && !may_be_cached {
            return Ok(None);
        }
        let cache_hours = purpose.cache_hours.filter(|_| may_be_cached);
        deps.db
            .in_tenant(purpose.tenant, async |tx| {
                if let Some(subject) = purpose.subject_id
                    && settling::is_forgotten(tx, provider.id, subject).await?
                {
                    let message = format!("{} was told to forget this person.", provider.name);
                    return Err(Refusal::not_asked("erased", message));
                }
                Ok(ledger::kept(tx, provider, digest, kind, purpose, cache_hours).await?)
            })
            .await
    }
}

/// Has what the provider gave taken off the record. While that cannot be done, the person is not forgotten, and the job comes
/// back to it.
async fn forget_at_lead_service(
    deps: &Deps,
    provider: &Provider,
    kind: Option<EnrichmentType>,
    purpose: &Purpose,
) -> Result<(), Failure> {
    let Some(id) = purpose.subject_id.filter(|_| !purpose.is_trial) else { return Ok(()) };
    let entity = match kind {
        Some(EnrichmentType::CompanyInfo | EnrichmentType::GenerateLeads) => JobSubject::Account,
        _ => JobSubject::Lead,
    };
    let call = ForgetProvider { tenant_id: purpose.tenant, entity, id, provider_id: provider.id };
    match deps.peers.call(&call).await {
        Ok(_) => Ok(()),
        Err(error) => {
            tracing::warn!(%error, "a person cannot be forgotten now");
            Err(Failure::passing(
                "unavailable",
                "The person asked to be forgotten, which cannot be done now.",
            ))
        }
    }
}

/// Whether it may be asked at all. A trial shows whether one that was refused is accepted again.
fn check_standing(provider: &Provider, is_trial: bool) -> Result<(), Refusal> {
    if is_trial {
        return Ok(());
    }
    let name = &provider.name;
    if !provider.enabled {
        return Err(Refusal::not_asked("provider_disabled", format!("{name} is switched off.")));
    }
    match provider.status {
        ProviderStatus::Ok => Ok(()),
        ProviderStatus::Paused => Err(Refusal::not_asked("provider_paused", format!("{name} is paused."))),
        ProviderStatus::ReauthRequired => {
            Err(Refusal::not_asked("reauth_required", format!("{name} does not accept its credentials.")))
        }
        ProviderStatus::Open => match provider.open_until.filter(|until| *until > Utc::now()) {
            Some(until) => {
                let seconds = u64::try_from((until - Utc::now()).num_seconds() + 1).unwrap_or(1);
                let message = format!("{name} failed too often and rests.");
                Err(Refusal::NotAsked(Failure::passing("provider_open", message).after(Some(seconds))))
            }
            None => Ok(()),
        },
    }
}

/// A provider as its adapter needs it.
pub fn setup_of(provider: &Provider, credentials: Map<String, Value>) -> Setup {
    let timeout = u64::try_from(provider.timeout_ms.unwrap_or(TIMEOUT_MS)).unwrap_or_default();
    Setup {
        base_url: provider.base_url.clone(),
        config: provider.config.clone(),
        credentials,
        timeout: std::time::Duration::from_millis(timeout),
    }
}

/// Adds the domain of an account's website to what is known of the account.
pub fn add_domain(account: &mut Map<String, Value>) {
    if let Some(domain) = vendors::account_domain(account) {
        account.insert("domain".to_owned(), domain.into());
    }
}

fn digest(kind: Option<EnrichmentType>, key: &str) -> Vec<u8> {
    let mut digest = Sha256::new();
    digest.update(kind.map(EnrichmentType::name).unwrap_or_default());
    digest.update([0]);
    digest.update(key);
    digest.finalize().to_vec()
}

/// The highest cost of a call.
pub fn price(provider: &Provider, question: &Question) -> Amount {
    let fixed = provider.price_per_call + provider.price_per_hit;
    let Some(chat) = question.chat.as_ref().filter(|_| provider.kind == ProviderKind::Model) else {
        return fixed;
    };
    let tokens = Tokens { read: chat.read_estimate(), written: chat.max_output_tokens, estimated: true };
    // What is read is estimated.
    let spare = rust_decimal::Decimal::new(12, 1);
    fixed + Amount::rounded(price_of(provider, tokens) * spare)
}

fn price_of(provider: &Provider, tokens: Tokens) -> rust_decimal::Decimal {
    let million = rust_decimal::Decimal::from(1_000_000);
    (provider.price_in.0 * rust_decimal::Decimal::from(tokens.read)
        + provider.price_out.0 * rust_decimal::Decimal::from(tokens.written))
        / million
}

/// The cost of a call. One that gave no answer at all may have been taken, and is booked.
fn cost(provider: &Provider, outcome: &Outcome, tokens: Option<Tokens>, has_answer: bool) -> Amount {
    let spoken = tokens.map(|tokens| Amount::rounded(price_of(provider, tokens))).unwrap_or_default();
    let fixed = match outcome {
        Outcome::Hit(_) => provider.price_per_call + provider.price_per_hit,
        Outcome::Miss => provider.price_per_call,
        Outcome::Failed(failure)
            if failure.code == "timeout" || (has_answer && failure.code == "malformed") =>
        {
            provider.price_per_call
        }
        Outcome::Failed(_) => Amount::ZERO,
    };
    fixed + spoken
}
