//! Submissions into the database: leads, their events and the outbox in one statement.

use std::collections::HashSet;

use chrono::{DateTime, SubsecRound, Utc};
use contracts::events::Actor;
use diesel::{
    QueryableByName,
    sql_types::{Array, Double, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::Cacheable;
use platform::{Problem, db::TenantTx};
use serde_json::Value;
use uuid::Uuid;

use super::fields::NewSubmission;
use crate::{
    assignments::{Newcomer, Placed, Placing},
    leads::events::Snapshot,
    playbooks,
};

/// A submission with what the statement needs beside it.
#[derive(Debug)]
pub struct Prepared {
    /// Id of the lead it makes.
    pub id: Uuid,
    /// What was sent.
    pub submission: NewSubmission,
    /// The key it came with.
    pub api_key: Uuid,
    /// When it arrived.
    pub at: DateTime<Utc>,
    /// The lead as its event shows it.
    pub state: Value,
    /// Request it came in.
    pub request_id: String,
    /// Trace of that request.
    pub traceparent: String,
}

impl Prepared {
    /// Makes ready what can be made ready before a connection is held.
    pub fn new(submission: NewSubmission, api_key: Uuid, request_id: String, traceparent: String) -> Self {
        // PostgreSQL keeps microseconds; what the event says must be what is stored.
        let (id, at) = (Uuid::now_v7(), Utc::now().trunc_subsecs(6));
        let state = Snapshot::of(id, &submission, at);
        Self { id, submission, api_key, at, state, request_id, traceparent }
    }
}

/// What became of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It made this lead.
    Created(Uuid),
    /// Its reference was known: this lead.
    Duplicate(Uuid),
}

#[derive(QueryableByName)]
struct Inserted {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    lead_reference_id: String,
}

/// Stores submissions of one tenant. The outcomes stand in the order of the submissions.
///
/// Where the tenant has no assignment rules, what this process knows of its scoring models is believed, and the statement
/// that writes checks it: no round trip more. With rules, one asks for the turns and one writes them down, whatever the
/// number of submissions.
pub async fn insert(tx: &mut TenantTx<'_>, prepared: &[&Prepared]) -> Result<Vec<Outcome>, Problem> {
    let inserted = insert_new(tx, prepared).await?;
    tx.events_recorded();
    if inserted.len() == prepared.len() {
        return Ok(prepared.iter().map(|item| Outcome::Created(item.id)).collect());
    }
    let references: Vec<&str> =
        prepared.iter().filter_map(|item| item.submission.lead_reference_id.as_deref()).collect();
    let known = find_known(tx, references).await?;
    prepared
        .iter()
        .map(|item| {
            if inserted.contains(&item.id) {
                return Ok(Outcome::Created(item.id));
            }
            let reference = item.submission.lead_reference_id.as_deref();
            let duplicate = known.iter().find(|known| Some(known.lead_reference_id.as_str()) == reference);
            duplicate.map(|known| Outcome::Duplicate(known.id)).ok_or_else(|| {
                Problem::unavailable(
                    "a lead with this reference came and went while the submission was stored",
                )
            })
        })
        .collect()
}

/// How often submissions are placed anew when the playbook changes under them.
const TRIES: usize = 5;

async fn insert_new(tx: &mut TenantTx<'_>, prepared: &[&Prepared]) -> Result<Vec<Uuid>, Problem> {
    for _ in 0..TRIES {
        let mut placing = Placing::begin_believing(tx).await?;
        let known =
            if placing.takes_turns() { known_references(tx, prepared).await? } else { HashSet::new() };
        let new = unknown(prepared, known);
        let newcomers: Vec<Newcomer> =
            new.iter().map(|item| Newcomer { id: item.id, lead: item.state.clone() }).collect();
        let placed = placing.place(tx, &newcomers).await?;
        let inserted = write(tx, &new, placed, placing.revision()).await?;
        if !inserted.is_empty() || playbooks::current(tx).await?.revision == placing.revision() {
            return Ok(inserted);
        }
    }
    Err(Problem::unavailable("the playbook changed again and again while submissions were stored"))
}

/// The references that are stored already: whoever has one of them is no newcomer and takes nobody's turn.
async fn known_references(tx: &mut TenantTx<'_>, prepared: &[&Prepared]) -> Result<HashSet<String>, Problem> {
    let references: Vec<&str> =
        prepared.iter().filter_map(|item| item.submission.lead_reference_id.as_deref()).collect();
    if references.is_empty() {
        return Ok(HashSet::new());
    }
    let known: Vec<Known> = find_known(tx, references).await?;
    Ok(known.into_iter().map(|known| known.lead_reference_id).collect())
}

async fn find_known(tx: &mut TenantTx<'_>, references: Vec<&str>) -> Result<Vec<Known>, Problem> {
    let known = diesel::sql_query(
        "SELECT id, lead_reference_id FROM leads WHERE lead_reference_id = ANY($1) AND deleted_at IS NULL",
    )
    .bind::<Array<Text>, _>(references)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(known)
}

/// Those whose reference is neither known nor that of an earlier one.
fn unknown<'a>(prepared: &[&'a Prepared], mut known: HashSet<String>) -> Vec<&'a Prepared> {
    let is_new = |item: &&Prepared| match &item.submission.lead_reference_id {
        Some(reference) => known.insert(reference.clone()),
        None => true,
    };
    let mut is_new = is_new;
    prepared.iter().copied().filter(|item| is_new(item)).collect()
}

/// The lead as its event shows it, with what became of it.
fn told(item: &Prepared, placed: &Placed) -> Value {
    let mut state = placed.scored.shown_in(item.state.clone());
    if let Value::Object(members) = &mut state {
        members.insert("score_breakdown".to_owned(), placed.scored.breakdown().unwrap_or_default());
        members
            .insert("assigned_to".to_owned(), serde_json::to_value(placed.assigned_to).unwrap_or_default());
        // Fields without a value are left out, as everywhere in the event.
        members.retain(|_, value| !value.is_null());
    }
    state
}

/// Writes those that were placed by the playbook that holds now; nothing when it is another.
async fn write(
    tx: &mut TenantTx<'_>,
    prepared: &[&Prepared],
    placed: Vec<Placed>,
    revision: Uuid,
) -> Result<Vec<Uuid>, Problem> {
    let states: Vec<Value> = prepared.iter().zip(&placed).map(|(item, placed)| told(item, placed)).collect();
    type Texts<'a> = Vec<Option<&'a str>>;
    let texts = |pick: fn(&NewSubmission) -> &Option<String>| -> Texts<'_> {
        prepared.iter().map(|item| pick(&item.submission).as_deref()).collect()
    };
    let values = |pick: fn(&NewSubmission) -> &Option<Value>| -> Vec<Option<&Value>> {
        prepared.iter().map(|item| pick(&item.submission).as_ref()).collect()
    };
    let actor =
        |item: &&Prepared| serde_json::to_value(Actor::ApiKey { id: item.api_key }).unwrap_or_default();
    let inserted: Vec<Inserted> = diesel::sql_query(
        "WITH sent AS (SELECT * FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
         $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31) AS s(id, api_key_id, at, lead_reference_id, first_name, \
         last_name, email, phone, company_name, role_title, linkedin_url, notes, source, product_id, account_id, \
         estimated_value, currency, custom_fields, consent, utm, raw_payload, event_id, state, actor, request_id, \
         traceparent, score, score_breakdown, persona, assigned_to) \
         WHERE coalesce((SELECT revision FROM playbooks WHERE tenant_id = $1), \
         '00000000-0000-0000-0000-000000000000') = $32), \
         made AS (INSERT INTO leads (id, tenant_id, api_key_id, created_at, updated_at, lead_reference_id, first_name, \
         last_name, email, phone, company_name, role_title, linkedin_url, notes, source, product_id, account_id, \
         estimated_value, currency, custom_fields, consent, utm, raw_payload, score, score_breakdown, persona, assigned_to) \
         SELECT id, $1, api_key_id, at, at, lead_reference_id, first_name, last_name, email, phone, company_name, \
         role_title, linkedin_url, notes, source, product_id, account_id, estimated_value, currency, custom_fields, \
         consent, utm, raw_payload, score, score_breakdown, persona, assigned_to FROM sent \
         ON CONFLICT (tenant_id, lead_reference_id) WHERE deleted_at IS NULL AND lead_reference_id IS NOT NULL \
         DO NOTHING RETURNING id), \
         told AS (INSERT INTO events (id, tenant_id, event_type, entity_type, entity_id, action, current_state, actor, \
         request_id, traceparent, created_at) \
         SELECT s.event_id, $1, 'Lead.CREATE', 'Lead', s.id, 'CREATE', s.state, s.actor, s.request_id, s.traceparent, \
         s.at FROM sent s JOIN made USING (id)), \
         queued AS (INSERT INTO outbox (tenant_id, event_id) SELECT $1, s.event_id FROM sent s JOIN made USING (id)) \
         SELECT id FROM made",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Array<SqlUuid>, _>(prepared.iter().map(|item| item.id).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(prepared.iter().map(|item| item.api_key).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(prepared.iter().map(|item| item.at).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.lead_reference_id))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.first_name))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.last_name))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.email))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.phone))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.company_name))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.role_title))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.linkedin_url))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.notes))
    .bind::<Array<Text>, _>(prepared.iter().map(|item| item.submission.source.word()).collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(prepared.iter().map(|item| item.submission.product_id).collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(prepared.iter().map(|item| item.submission.account_id).collect::<Vec<_>>())
    .bind::<Array<Nullable<diesel::sql_types::Numeric>>, _>(
        prepared.iter().map(|item| item.submission.estimated_value).collect::<Vec<_>>(),
    )
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.currency))
    .bind::<Array<Nullable<Jsonb>>, _>(values(|s| &s.custom_fields))
    .bind::<Array<Nullable<Jsonb>>, _>(values(|s| &s.consent))
    .bind::<Array<Nullable<Jsonb>>, _>(values(|s| &s.utm))
    .bind::<Array<Nullable<Jsonb>>, _>(values(|s| &s.raw_payload))
    .bind::<Array<SqlUuid>, _>(prepared.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
    .bind::<Array<Jsonb>, _>(states)
    .bind::<Array<Jsonb>, _>(prepared.iter().map(actor).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(prepared.iter().map(|item| item.request_id.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(prepared.iter().map(|item| item.traceparent.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Double>>, _>(placed.iter().map(|placed| placed.scored.score).collect::<Vec<_>>())
    .bind::<Array<Nullable<Jsonb>>, _>(placed.iter().map(|placed| placed.scored.breakdown()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(
        placed.iter().map(|placed| placed.scored.persona.map(|persona| persona.word())).collect::<Vec<_>>(),
    )
    .bind::<Array<Nullable<SqlUuid>>, _>(placed.iter().map(|placed| placed.assigned_to).collect::<Vec<_>>())
    .bind::<SqlUuid, _>(revision)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(inserted.into_iter().map(|row| row.id).collect())
}
