//! Submissions into the database: one statement finds out who is known, one writes everything.

use std::collections::HashMap;

use chrono::{DateTime, SubsecRound, Utc};
use contracts::events::Actor;
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::Cacheable;
use platform::{Problem, db::TenantTx, http::context};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    fields::NewSubmission,
    fill,
    resolve::{Fate, Resolved, reference_key, resolve},
};
use crate::{
    api_keys::DuplicatePolicy,
    identity::{self, IdentityKey},
    leads::events::Snapshot,
};

/// A submission with what the statements need beside it.
#[derive(Debug)]
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
    pub sent: Value,
    /// What tells the person.
    pub keys: Vec<IdentityKey>,
    /// The key it came with.
    pub api_key: Uuid,
    /// What that key wants done about known people.
    pub policy: DuplicatePolicy,
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
        sent: Map<String, Value>,
        api_key: Uuid,
        policy: DuplicatePolicy,
        request_id: String,
        traceparent: String,
    ) -> Self {
        // PostgreSQL keeps microseconds; what the event says must be what is stored.
        let (id, at) = (Uuid::now_v7(), Utc::now().trunc_subsecs(6));
        let state = Snapshot::of(id, &submission, at);
        let keys = submission.keys();
        let (entry, event, sent) = (Uuid::now_v7(), Uuid::now_v7(), Value::Object(sent));
        Self {
            id,
            entry,
            is_noted: false,
            submission,
            sent,
            keys,
            api_key,
            policy,
            at,
            state,
            event,
            request_id,
            traceparent,
        }
    }

    /// A submission that the ledger knows, about to be taken in again. One that was held is somebody new after all.
    pub fn again(
        submission: NewSubmission,
        sent: Map<String, Value>,
        entry: Uuid,
        api_key: Uuid,
        held: bool,
    ) -> Self {
        let policy = if held { DuplicatePolicy::Create } else { DuplicatePolicy::Attach };
        let context = context::current();
        let request_id = context.as_ref().map(|context| context.request_id.clone()).unwrap_or_default();
        let trace = context.map(|context| context.trace.header()).unwrap_or_default();
        Self { entry, is_noted: true, ..Self::new(submission, sent, api_key, policy, request_id, trace) }
    }

    /// Who handed it in.
    pub fn actor(&self) -> Actor {
        Actor::ApiKey { id: self.api_key }
    }
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
    /// The person seems to be known: this entry of the ledger waits for somebody to look at it.
    Held(Uuid),
}

/// Code of the problem that two batches with the same person were written at once. Nothing was stored: try again.
const RACED: &str = "raced";

/// Whether a batch lost a race and would do better when tried again.
pub fn is_raced(problem: &Problem) -> bool {
    let deadlock = || problem.cause.as_ref().is_some_and(|cause| cause.contains("deadlock detected"));
    problem.code == RACED || deadlock()
}

#[derive(QueryableByName)]
struct Written {
    #[diesel(sql_type = BigInt)]
    made: i64,
    #[diesel(sql_type = BigInt)]
    claimed: i64,
    #[diesel(sql_type = BigInt)]
    taken: i64,
}

/// Stores submissions of one tenant. The outcomes stand in the order of the submissions.
///
/// # Errors
/// What is wrong with one of them; one that [`is_raced`] when somebody else stored the same person meanwhile.
pub async fn insert(tx: &mut TenantTx<'_>, prepared: &[&Prepared]) -> Result<Vec<Outcome>, Problem> {
    let references: Vec<IdentityKey> = prepared.iter().filter_map(|item| reference_key(item)).collect();
    let keys: Vec<&IdentityKey> =
        prepared.iter().flat_map(|item| &item.keys).chain(references.iter()).collect();
    let texts: Vec<&str> = references.iter().map(|key| key.value.as_str()).collect();
    let held =
        if keys.is_empty() { HashMap::new() } else { identity::store::holders(tx, &keys, &texts).await? };
    let resolved = resolve(prepared, &held);
    let written = write(tx, prepared, &resolved).await?;
    let created = resolved.fates.iter().filter(|fate| **fate == Fate::Create).count();
    let as_planned = i64::try_from(created).ok() == Some(written.made)
        && i64::try_from(resolved.claims.len()).ok() == Some(written.claimed)
        && i64::try_from(resolved.takeovers.len()).ok() == Some(written.taken);
    if !as_planned {
        return Err(Problem { code: RACED, ..Problem::unavailable("the same person was stored meanwhile") });
    }
    tx.events_recorded();
    fill::fill_empty(tx, prepared, &resolved.fates).await?;
    let outcome = |(item, fate): (&&Prepared, &Fate)| match fate {
        Fate::Create => Outcome::Created(item.id),
        Fate::Duplicate(lead) => Outcome::Duplicate(*lead),
        Fate::Attach(lead) => Outcome::Attached(*lead),
        Fate::Update(lead) => Outcome::Updated(*lead),
        Fate::Hold(_) => Outcome::Held(item.entry),
    };
    Ok(prepared.iter().zip(&resolved.fates).map(outcome).collect())
}

/// Takes in one submission.
///
/// # Errors
/// As [`insert`].
pub async fn take_in(tx: &mut TenantTx<'_>, prepared: &Prepared) -> Result<Outcome, Problem> {
    let outcomes = insert(tx, &[prepared]).await?;
    outcomes.as_slice().first().copied().ok_or_else(|| Problem::internal("no outcome"))
}

/// What the ledger says of a fate: the lead and the word.
fn ledger(item: &Prepared, fate: Fate) -> (Option<Uuid>, &'static str) {
    match fate {
        Fate::Create => (Some(item.id), "created"),
        Fate::Duplicate(lead) => (Some(lead), "duplicate"),
        Fate::Attach(lead) => (Some(lead), "attached"),
        Fate::Update(lead) => (Some(lead), "updated"),
        Fate::Hold(lead) => (Some(lead), "quarantined"),
    }
}

/// The event that a fate makes: its type, the lead and what it shows. Filled fields are told by [`fill`].
fn told(item: &Prepared, fate: Fate) -> Option<(&'static str, &'static str, Uuid, Value)> {
    match fate {
        Fate::Create => Some(("Lead.CREATE", "CREATE", item.id, item.state.clone())),
        Fate::Attach(lead) | Fate::Update(lead) => {
            let state = json!({ "submission": item.submission, "ingest_id": item.entry });
            Some(("Lead.submission.UPDATE", "UPDATE", lead, state))
        }
        Fate::Duplicate(_) | Fate::Hold(_) => None,
    }
}

const WRITE: &str = "WITH sent AS (SELECT * FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
     $16, $17, $18, $19, $20, $21, $22) AS s(id, api_key_id, at, lead_reference_id, first_name, last_name, email, \
     phone, company_name, role_title, linkedin_url, notes, source, product_id, account_id, estimated_value, currency, \
     custom_fields, consent, utm, raw_payload)), \
     made AS (INSERT INTO leads (id, tenant_id, api_key_id, created_at, updated_at, lead_reference_id, first_name, \
     last_name, email, phone, company_name, role_title, linkedin_url, notes, source, product_id, account_id, \
     estimated_value, currency, custom_fields, consent, utm, raw_payload) \
     SELECT id, $1, api_key_id, at, at, lead_reference_id, first_name, last_name, email, phone, company_name, \
     role_title, linkedin_url, notes, source, product_id, account_id, estimated_value, currency, custom_fields, \
     consent, utm, raw_payload FROM sent ORDER BY lead_reference_id \
     ON CONFLICT (tenant_id, lead_reference_id) WHERE deleted_at IS NULL AND lead_reference_id IS NOT NULL \
     DO NOTHING RETURNING id), \
     claimed AS (INSERT INTO identity_keys (tenant_id, kind, value, lead_id) \
     SELECT $1, k.kind, k.value, k.lead_id FROM unnest($23, $24, $25) WITH ORDINALITY AS k(kind, value, lead_id, place) \
     WHERE (SELECT count(*) FROM made) >= 0 ORDER BY k.place \
     ON CONFLICT (tenant_id, kind, value) DO NOTHING RETURNING 1), \
     taken AS (UPDATE identity_keys k SET lead_id = t.to_lead \
     FROM unnest($26, $27, $28, $29) AS t(kind, value, from_lead, to_lead) \
     WHERE k.tenant_id = $1 AND k.kind = t.kind AND k.value = t.value AND k.lead_id = t.from_lead RETURNING 1), \
     told AS (INSERT INTO events (id, tenant_id, event_type, entity_type, entity_id, action, current_state, \
     changed_fields, actor, request_id, traceparent, created_at) \
     SELECT e.id, $1, e.event_type, 'Lead', e.lead_id, e.action, e.state, \
     CASE e.action WHEN 'UPDATE' THEN ARRAY['submission'] ELSE '{}' END, e.actor, e.request_id, e.traceparent, e.at \
     FROM unnest($30, $31, $32, $33, $34, $35, $36, $37, $38) \
     AS e(id, event_type, action, lead_id, state, actor, request_id, traceparent, at)), \
     queued AS (INSERT INTO outbox (tenant_id, event_id) SELECT $1, e.id FROM unnest($30) AS e(id)), \
     noted AS (INSERT INTO ingests (id, tenant_id, api_key_id, lead_id, outcome, sent, created_at) \
     SELECT n.id, $1, n.api_key_id, n.lead_id, n.outcome, n.sent, n.at \
     FROM unnest($39, $40, $41, $42, $43, $44) AS n(id, api_key_id, lead_id, outcome, sent, at)) \
     SELECT (SELECT count(*) FROM made) AS made, (SELECT count(*) FROM claimed) AS claimed, \
     (SELECT count(*) FROM taken) AS taken";

/// Leads, keys, events, outbox rows and the ledger in one statement.
async fn write(
    tx: &mut TenantTx<'_>,
    prepared: &[&Prepared],
    resolved: &Resolved,
) -> Result<Written, Problem> {
    let fated = || prepared.iter().copied().zip(resolved.fates.iter().copied());
    let new: Vec<&Prepared> =
        fated().filter(|(_, fate)| *fate == Fate::Create).map(|(item, _)| item).collect();
    let texts = |pick: fn(&NewSubmission) -> &Option<String>| -> Vec<Option<&str>> {
        new.iter().map(|item| pick(&item.submission).as_deref()).collect()
    };
    let values = |pick: fn(&NewSubmission) -> &Option<Value>| -> Vec<Option<&Value>> {
        new.iter().map(|item| pick(&item.submission).as_ref()).collect()
    };
    let (kinds, keys) = identity::store::columns(resolved.claims.iter().map(|(key, _)| key));
    let (taken_kinds, taken_keys) =
        identity::store::columns(resolved.takeovers.iter().map(|(key, _, _)| key));
    let told: Vec<_> = fated().filter_map(|(item, fate)| Some((item, told(item, fate)?))).collect();
    let actors = told.iter().map(|(item, _)| serde_json::to_value(item.actor()).unwrap_or_default());
    let actors: Vec<Value> = actors.collect();
    let unnoted = fated().filter(|(item, _)| !item.is_noted);
    let noted: Vec<_> = unnoted.map(|(item, fate)| (item, ledger(item, fate))).collect();
    let written = diesel::sql_query(WRITE)
        .bind::<SqlUuid, _>(tx.tenant().0)
        .bind::<Array<SqlUuid>, _>(new.iter().map(|item| item.id).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(new.iter().map(|item| item.api_key).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(new.iter().map(|item| item.at).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.lead_reference_id))
        .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.first_name))
        .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.last_name))
        .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.email))
        .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.phone))
        .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.company_name))
        .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.role_title))
        .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.linkedin_url))
        .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.notes))
        .bind::<Array<Text>, _>(new.iter().map(|item| item.submission.source.word()).collect::<Vec<_>>())
        .bind::<Array<Nullable<SqlUuid>>, _>(
            new.iter().map(|item| item.submission.product_id).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<SqlUuid>>, _>(
            new.iter().map(|item| item.submission.account_id).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<diesel::sql_types::Numeric>>, _>(
            new.iter().map(|item| item.submission.estimated_value).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.currency))
        .bind::<Array<Nullable<Jsonb>>, _>(values(|s| &s.custom_fields))
        .bind::<Array<Nullable<Jsonb>>, _>(values(|s| &s.consent))
        .bind::<Array<Nullable<Jsonb>>, _>(values(|s| &s.utm))
        .bind::<Array<Nullable<Jsonb>>, _>(values(|s| &s.raw_payload))
        .bind::<Array<Text>, _>(kinds)
        .bind::<Array<Text>, _>(keys)
        .bind::<Array<SqlUuid>, _>(resolved.claims.iter().map(|(_, lead)| *lead).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(taken_kinds)
        .bind::<Array<Text>, _>(taken_keys)
        .bind::<Array<SqlUuid>, _>(resolved.takeovers.iter().map(|(_, from, _)| *from).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(resolved.takeovers.iter().map(|(_, _, to)| *to).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(told.iter().map(|(item, _)| item.event).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(told.iter().map(|(_, (kind, ..))| *kind).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(told.iter().map(|(_, (_, action, ..))| *action).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(told.iter().map(|(_, (_, _, lead, _))| *lead).collect::<Vec<_>>())
        .bind::<Array<Jsonb>, _>(told.iter().map(|(_, (.., state))| state).collect::<Vec<_>>())
        .bind::<Array<Jsonb>, _>(actors)
        .bind::<Array<Text>, _>(told.iter().map(|(item, _)| item.request_id.as_str()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(told.iter().map(|(item, _)| item.traceparent.as_str()).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(told.iter().map(|(item, _)| item.at).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(noted.iter().map(|(item, _)| item.entry).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(noted.iter().map(|(item, _)| item.api_key).collect::<Vec<_>>())
        .bind::<Array<Nullable<SqlUuid>>, _>(noted.iter().map(|(_, (lead, _))| *lead).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(noted.iter().map(|(_, (_, outcome))| *outcome).collect::<Vec<_>>())
        .bind::<Array<Jsonb>, _>(noted.iter().map(|(item, _)| &item.sent).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(noted.iter().map(|(item, _)| item.at).collect::<Vec<_>>())
        .cached()
        .get_result(&mut **tx)
        .await?;
    Ok(written)
}

/// Notes a submission that was refused, with its faults.
pub async fn note_rejected(
    tx: &mut TenantTx<'_>,
    api_key: Uuid,
    sent: &Value,
    faults: &Value,
) -> Result<(), Problem> {
    diesel::sql_query(
        "INSERT INTO ingests (id, tenant_id, api_key_id, outcome, sent, errors) VALUES ($1, $2, $3, 'rejected', $4, $5)",
    )
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(api_key)
    .bind::<Jsonb, _>(sent)
    .bind::<Jsonb, _>(faults)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(())
}
