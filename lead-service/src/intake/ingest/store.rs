//! Submissions into the database: who is known is found out, who is new is placed, one statement writes everything.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, SubsecRound, Utc};
use contracts::{events::Actor, problem::FieldError};
use diesel::sql_types::{Jsonb, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx, json::JsonText},
    http::context,
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    events::Snapshot,
    fill,
    owners::own_name,
    reader::message,
    resolve::{Fate, Resolved, reference_key, resolve},
    submission::NewSubmission,
    write::{Written, write},
};
use crate::{
    identity::{self, Holder, IdentityKey, SourceKey},
    intake::{api_keys::DuplicatePolicy, ingests::IngestOutcome},
    routing::{self, Newcomer, Placing},
};

/// All that was sent, as the ledger keeps it: serialised once.
pub type Sent = Arc<JsonText>;

/// Writes it out.
///
/// # Errors
/// None that a JSON object could cause.
pub fn sent(fields: &Map<String, Value>) -> Result<Sent, Problem> {
    JsonText::of(fields).map(Arc::new).map_err(|fault| Problem::internal(fault.to_string()))
}

/// How a submission came in.
#[derive(Clone, Debug)]
pub struct Entrance {
    /// The key it came with.
    pub api_key: Uuid,
    /// What that key wants done about known people.
    pub policy: DuplicatePolicy,
    /// The source of its reference; says also whether it is known who sends.
    pub source: SourceKey,
}

/// A submission with what the statements need beside it.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Id of the lead it makes, if it makes one.
    pub id: Uuid,
    /// Id of its entry in the ledger.
    pub entry: Uuid,
    /// Whether the ledger has that entry already.
    pub is_noted: bool,
    /// Its known fields.
    pub submission: NewSubmission,
    /// All that was sent.
    pub sent: Sent,
    /// Which of the form's fields fed which known one, where its key has a mapping.
    pub mapping: Option<Value>,
    /// Identity keys.
    pub keys: Vec<IdentityKey>,
    /// The key it came with.
    pub api_key: Uuid,
    /// What that key wants done about known people.
    pub policy: DuplicatePolicy,
    /// The source of its reference.
    pub source: SourceKey,
    /// The lead to which a person gave it, whatever its addresses say.
    pub onto: Option<Uuid>,
    /// Whether that key wants every fault refused.
    pub strict: bool,
    /// When it arrived.
    pub at: DateTime<Utc>,
    /// The lead as its event shows it.
    pub state: Value,
    /// Id of that event.
    pub event: Uuid,
    /// Request it came in.
    pub request_id: String,
    /// Trace of that request.
    pub traceparent: String,
}

impl Prepared {
    /// Makes ready what can be made ready before a connection is held.
    pub fn new(
        submission: NewSubmission,
        sent: Sent,
        entrance: Entrance,
        request_id: String,
        traceparent: String,
    ) -> Self {
        // PostgreSQL keeps microseconds; what the event says must be what is stored.
        let (id, at) = (Uuid::now_v7(), Utc::now().trunc_subsecs(6));
        let Entrance { api_key, policy, source } = entrance;
        let state = Snapshot::of(id, api_key, source_of(&submission, &source), &submission, at);
        let keys = submission.keys();
        let (entry, event) = (Uuid::now_v7(), Uuid::now_v7());
        Self {
            id,
            entry,
            is_noted: false,
            submission,
            sent,
            mapping: None,
            keys,
            api_key,
            policy,
            source,
            onto: None,
            strict: false,
            at,
            state,
            event,
            request_id,
            traceparent,
        }
    }

    /// A submission that the ledger knows, about to be taken in again.
    pub fn again(submission: NewSubmission, sent: Sent, entry: Uuid, entrance: Entrance) -> Self {
        let context = context::current();
        let request_id = context.as_ref().map(|context| context.request_id.clone()).unwrap_or_default();
        let trace = context.map(|context| context.trace.header()).unwrap_or_default();
        Self { entry, is_noted: true, ..Self::new(submission, sent, entrance, request_id, trace) }
    }

    /// Whether its addresses may become keys of a known lead: its sender is known, or a person named the lead.
    pub fn may_identify(&self) -> bool {
        self.source.is_api() || self.onto.is_some()
    }

    /// The source of its reference, as its lead has it.
    pub fn source_of_reference(&self) -> &str {
        source_of(&self.submission, &self.source)
    }

    /// The marks of the addresses that its lead does not get.
    pub fn marks(&self, unconfirmed: &[&str]) -> Vec<FieldError> {
        let mark = |field: &&str| {
            let name = own_name(self.mapping.as_ref(), field);
            FieldError::new(name, "unconfirmed", message(name, "unconfirmed"))
        };
        unconfirmed.iter().map(mark).collect()
    }

    /// Whether a reference of it may be left out, should it name nothing.
    fn spares(&self) -> bool {
        let refers = self.submission.product_id.is_some() || self.submission.account_id.is_some();
        refers && !self.strict
    }

    /// Leaves out the references that a problem says to name nothing. Gives whether there were any.
    fn leave_out(&mut self, problem: &Problem) -> bool {
        let mapping = self.mapping.as_ref();
        let left_out = self.submission.leave_out(problem, |field| own_name(mapping, field).to_owned());
        if left_out {
            self.show_again();
        }
        left_out
    }

    /// Assigns its lead to the member that was named; a name of no member is kept.
    pub fn assign(&mut self, member: Option<Uuid>, named: String) {
        match member {
            Some(_) => self.submission.assigned_to = member,
            None => {
                let name = own_name(self.mapping.as_ref(), "assigned_to");
                self.submission.keep(name, Value::String(named), "unknown_person");
            }
        }
        self.show_again();
    }

    fn show_again(&mut self) {
        let source = source_of(&self.submission, &self.source);
        self.state = Snapshot::of(self.id, self.api_key, source, &self.submission, self.at);
    }

    /// Whether its key takes it as it was read.
    ///
    /// # Errors
    /// All warnings as faults, where the key is strict.
    pub fn check(&self) -> Result<(), Problem> {
        if self.strict && !self.submission.warnings.is_empty() {
            return Err(Problem::invalid(self.submission.warnings.clone()));
        }
        Ok(())
    }

    fn taken(&self, outcome: Outcome, unconfirmed: &[&str]) -> Taken {
        let (warnings, unconfirmed) = (self.submission.warnings.clone(), self.marks(unconfirmed));
        Taken { outcome, warnings, unconfirmed }
    }

    /// Who handed it in.
    pub fn actor(&self) -> Actor {
        Actor::ApiKey { id: self.api_key }
    }
}

/// The source of a submission's reference, as its lead has it: without a reference, a lead is like one that a person added.
fn source_of<'a>(submission: &NewSubmission, source: &'a SourceKey) -> &'a str {
    if submission.lead_reference_id.is_some() { source.as_str() } else { SourceKey::API }
}

/// What became of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It made this lead.
    Created(Uuid),
    /// Its reference was known: this lead.
    Duplicate(Uuid),
    /// The person was known: it is on this lead's timeline.
    Attached(Uuid),
    /// The person was known: it filled this lead's empty fields.
    Updated(Uuid),
    /// The person seems to be known: this entry of the ledger waits for a review.
    Held(Uuid),
}

/// A submission that was taken in.
#[derive(Clone, Debug)]
pub struct Taken {
    /// What became of it.
    pub outcome: Outcome,
    /// What could not be read of it.
    pub warnings: Vec<FieldError>,
    /// Addresses that its lead does not get. For people of the tenant only: they say that the person was known.
    pub unconfirmed: Vec<FieldError>,
}

/// Code of the problem that two batches with the same person were written at once. Nothing was stored: try again.
const RACED: &str = "raced";

/// Whether a batch lost a race and would do better when tried again.
pub fn is_raced(problem: &Problem) -> bool {
    let deadlock = || problem.cause.as_ref().is_some_and(|cause| cause.contains("deadlock detected"));
    problem.code == RACED || deadlock()
}

/// How often submissions are placed again when the playbook changes meanwhile.
const TRIES: usize = 5;

/// Stores submissions of one tenant. What became of them stands in their order.
///
/// Where the tenant has no assignment rules, what this process knows of its scoring models is believed, and the statement
/// that writes checks it: no round trip more. With rules, one asks for the turns and one writes them down, whatever the
/// number of submissions.
///
/// # Errors
/// What is wrong with one of them; one that [`is_raced`] when another writer stored the same person meanwhile.
pub async fn insert(tx: &mut TenantTx<'_>, prepared: &[&Prepared]) -> Result<Vec<Taken>, Problem> {
    let (resolved, written) = resolve_and_write(tx, prepared).await?;
    let created = resolved.fates.iter().filter(|fate| **fate == Fate::Create).count();
    let as_planned = i64::try_from(created).ok() == Some(written.made)
        && i64::try_from(resolved.claims.len()).ok() == Some(written.claimed)
        && i64::try_from(resolved.takeovers.len()).ok() == Some(written.taken);
    if !as_planned {
        return Err(Problem { code: RACED, ..Problem::unavailable("the same person was stored meanwhile") });
    }
    tx.events_recorded();
    fill::fill_empty(tx, prepared, &resolved.fates).await?;
    let taken = |((item, fate), unconfirmed): ((&&Prepared, &Fate), &Vec<&str>)| {
        let outcome = match fate {
            Fate::Create => Outcome::Created(item.id),
            Fate::Duplicate(lead) => Outcome::Duplicate(*lead),
            Fate::Attach(lead) => Outcome::Attached(*lead),
            Fate::Update(lead) => Outcome::Updated(*lead),
            Fate::Hold(_) => Outcome::Held(item.entry),
        };
        item.taken(outcome, unconfirmed)
    };
    Ok(prepared.iter().zip(&resolved.fates).zip(&resolved.unconfirmed).map(taken).collect())
}

async fn resolve_and_write(
    tx: &mut TenantTx<'_>,
    prepared: &[&Prepared],
) -> Result<(Resolved, Written), Problem> {
    for _ in 0..TRIES {
        // The playbook is locked before the keys, as everywhere. With rules, those who wait
        // for their turn then see who was stored meanwhile.
        let mut placing = Placing::begin_believing(tx).await?;
        let held = holders(tx, prepared).await?;
        let resolved = resolve(prepared, &held);
        let new = prepared.iter().zip(&resolved.fates).filter(|(_, fate)| **fate == Fate::Create);
        let newcomers: Vec<Newcomer<'_>> =
            new.map(|(item, _)| Newcomer { id: item.id, lead: &item.state }).collect();
        let placed = placing.place(tx, &newcomers).await?;
        if let Some(written) = write(tx, prepared, &resolved, &placed, placing.revision()).await? {
            return Ok((resolved, written));
        }
        // What this process believed is no longer true; now it knows.
        routing::current_playbook(tx).await?;
    }
    Err(Problem::unavailable("the playbook changed again and again while submissions were stored"))
}

/// Who holds the keys of these submissions, and which leads have their references.
async fn holders(
    tx: &mut TenantTx<'_>,
    prepared: &[&Prepared],
) -> Result<HashMap<IdentityKey, Holder>, Problem> {
    let references: Vec<IdentityKey> = prepared.iter().filter_map(|item| reference_key(item)).collect();
    let keys: Vec<&IdentityKey> =
        prepared.iter().flat_map(|item| &item.keys).chain(references.iter()).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let mut own: Vec<(&SourceKey, &str)> = Vec::with_capacity(references.len());
    for item in prepared {
        if let Some(reference) = item.submission.lead_reference_id.as_deref() {
            own.push((&item.source, reference));
        }
    }
    Ok(identity::holders_of(tx, &keys, &own).await?)
}

/// What would become of one submission; writes nothing.
///
/// # Errors
/// Those of the database.
pub async fn foresee(tx: &mut TenantTx<'_>, prepared: &Prepared) -> Result<Fate, Problem> {
    let held = holders(tx, &[prepared]).await?;
    let fates = resolve(&[prepared], &held).fates;
    fates.into_iter().next().ok_or_else(|| Problem::internal("no fate"))
}

/// Takes in one submission. A product or an account that does not exist is left out, unless its key is strict.
///
/// # Errors
/// As [`insert`].
pub async fn take_in(tx: &mut TenantTx<'_>, prepared: &Prepared) -> Result<Taken, Problem> {
    if !prepared.spares() {
        return take_in_whole(tx, prepared).await;
    }
    let mut prepared = prepared.clone();
    loop {
        match tx.attempt(async |tx| take_in_whole(tx, &prepared).await).await {
            Err(problem) if prepared.leave_out(&problem) => {}
            taken => return taken,
        }
    }
}

async fn take_in_whole(tx: &mut TenantTx<'_>, prepared: &Prepared) -> Result<Taken, Problem> {
    let taken = insert(tx, &[prepared]).await?;
    taken.into_iter().next().ok_or_else(|| Problem::internal("no outcome"))
}

/// Notes a submission that was not taken in, with the reasons.
pub async fn note(
    tx: &mut TenantTx<'_>,
    (api_key, source): (Uuid, &SourceKey),
    outcome: IngestOutcome,
    sent: &JsonText,
    reasons: &Value,
) -> Result<(), Problem> {
    diesel::sql_query(
        "INSERT INTO ingests (id, tenant_id, api_key_id, outcome, sent, errors, source_key) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(api_key)
    .bind::<Text, _>(outcome.word())
    .bind::<Jsonb, _>(sent)
    .bind::<Jsonb, _>(reasons)
    .bind::<Text, _>(source.as_str())
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(())
}
