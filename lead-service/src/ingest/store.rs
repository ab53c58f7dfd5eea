//! Submissions into the database: leads, their events and the outbox in one statement.

use chrono::{DateTime, SubsecRound, Utc};
use contracts::events::Actor;
use diesel::{
    QueryableByName,
    sql_types::{Array, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::Cacheable;
use platform::{Problem, db::TenantTx};
use serde_json::Value;
use uuid::Uuid;

use super::fields::NewSubmission;
use crate::leads::events::Snapshot;

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
pub async fn insert(tx: &mut TenantTx<'_>, prepared: &[&Prepared]) -> Result<Vec<Outcome>, Problem> {
    let inserted = insert_new(tx, prepared).await?;
    tx.events_recorded();
    if inserted.len() == prepared.len() {
        return Ok(prepared.iter().map(|item| Outcome::Created(item.id)).collect());
    }
    let references: Vec<&str> =
        prepared.iter().filter_map(|item| item.submission.lead_reference_id.as_deref()).collect();
    let known: Vec<Known> = diesel::sql_query(
        "SELECT id, lead_reference_id FROM leads WHERE lead_reference_id = ANY($1) AND deleted_at IS NULL",
    )
    .bind::<Array<Text>, _>(references)
    .cached()
    .load(&mut **tx)
    .await?;
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

async fn insert_new(tx: &mut TenantTx<'_>, prepared: &[&Prepared]) -> Result<Vec<Uuid>, Problem> {
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
         $18, $19, $20, $21, $22, $23, $24, $25, $26, $27) AS s(id, api_key_id, at, lead_reference_id, first_name, \
         last_name, email, phone, company_name, role_title, linkedin_url, notes, source, product_id, account_id, \
         estimated_value, currency, custom_fields, consent, utm, raw_payload, event_id, state, actor, request_id, \
         traceparent)), \
         made AS (INSERT INTO leads (id, tenant_id, api_key_id, created_at, updated_at, lead_reference_id, first_name, \
         last_name, email, phone, company_name, role_title, linkedin_url, notes, source, product_id, account_id, \
         estimated_value, currency, custom_fields, consent, utm, raw_payload) \
         SELECT id, $1, api_key_id, at, at, lead_reference_id, first_name, last_name, email, phone, company_name, \
         role_title, linkedin_url, notes, source, product_id, account_id, estimated_value, currency, custom_fields, \
         consent, utm, raw_payload FROM sent \
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
    .bind::<Array<Jsonb>, _>(prepared.iter().map(|item| &item.state).collect::<Vec<_>>())
    .bind::<Array<Jsonb>, _>(prepared.iter().map(actor).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(prepared.iter().map(|item| item.request_id.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(prepared.iter().map(|item| item.traceparent.as_str()).collect::<Vec<_>>()).cached().load(&mut **tx)
    .await?;
    Ok(inserted.into_iter().map(|row| row.id).collect())
}
