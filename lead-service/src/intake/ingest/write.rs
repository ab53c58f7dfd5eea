//! Resolved submissions into the database: leads, keys, events, outbox rows and the ledger in one statement.

use contracts::problem::FieldError;
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Bool, Double, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx, json::JsonText},
};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    resolve::{Fate, Resolved},
    store::Prepared,
    submission::NewSubmission,
};
use crate::{identity, routing::Placed};

/// What was written.
#[derive(QueryableByName)]
pub struct Written {
    #[diesel(sql_type = Bool)]
    holds: bool,
    /// Leads.
    #[diesel(sql_type = BigInt)]
    pub made: i64,
    /// Free keys.
    #[diesel(sql_type = BigInt)]
    pub claimed: i64,
    /// Keys of deleted leads.
    #[diesel(sql_type = BigInt)]
    pub taken: i64,
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

/// The lead as its event shows it, with what became of it. Fields without a value are left out, as everywhere in the event.
struct Shown<'a> {
    state: &'a Value,
    placed: &'a Placed,
}

/// What placing decides, whatever was sent.
const DECIDED: [&str; 4] = ["score", "persona", "score_breakdown", "assigned_to"];

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut shown = serializer.serialize_map(None)?;
        let sent = self.state.as_object().into_iter().flatten();
        for (name, value) in
            sent.filter(|(name, value)| !value.is_null() && !DECIDED.contains(&name.as_str()))
        {
            shown.serialize_entry(name, value)?;
        }
        let Placed { scored, assigned_to } = self.placed;
        if let Some(score) = scored.score {
            shown.serialize_entry("score", &score)?;
        }
        if let Some(persona) = scored.persona {
            shown.serialize_entry("persona", persona.word())?;
        }
        if let Some(contributions) = &scored.contributions {
            shown.serialize_entry("score_breakdown", contributions)?;
        }
        if let Some(person) = assigned_to {
            shown.serialize_entry("assigned_to", person)?;
        }
        shown.end()
    }
}

fn text(value: &impl Serialize) -> Result<JsonText, Problem> {
    JsonText::of(value).map_err(|fault| Problem::internal(fault.to_string()))
}

/// Warnings of the ledger, with those of addresses that the lead does not get.
fn warnings(item: &Prepared, unconfirmed: &[&str]) -> Result<Option<JsonText>, Problem> {
    let read = &item.submission.warnings;
    if unconfirmed.is_empty() {
        return (!read.is_empty()).then(|| text(read)).transpose();
    }
    let all: Vec<FieldError> = read.iter().cloned().chain(item.marks(unconfirmed)).collect();
    text(&all).map(Some)
}

/// The event of a resolution: type, action, lead and shown state.
type Told = (&'static str, &'static str, Uuid, JsonText);

/// The event that a fate makes. Events of filled fields are made by [`fill`](super::fill).
fn told(
    item: &Prepared,
    fate: Fate,
    unconfirmed: &[&str],
    placed: Option<&Placed>,
) -> Result<Option<Told>, Problem> {
    Ok(match fate {
        Fate::Create => {
            let placed = placed.ok_or_else(|| Problem::internal("a new lead was not placed"))?;
            let shown = text(&Shown { state: &item.state, placed })?;
            Some(("Lead.CREATE", "CREATE", item.id, shown))
        }
        Fate::Attach(lead) | Fate::Update(lead) => {
            let mut state = json!({ "submission": item.submission, "ingest_id": item.entry });
            if let Some(members) = state.as_object_mut().filter(|_| !unconfirmed.is_empty()) {
                members.insert("unconfirmed".to_owned(), json!(unconfirmed));
            }
            Some(("Lead.submission.UPDATE", "UPDATE", lead, text(&state)?))
        }
        Fate::Duplicate(_) | Fate::Hold(_) => None,
    })
}

/// Nothing is written unless the playbook that the leads were placed by holds; without new leads, none has to. What goes with
/// the event of a known lead is all of that lead, as it was before this statement or as it came to be in it.
const WRITE: &str = "WITH holds AS (SELECT 1 WHERE $49 IS NULL OR coalesce((SELECT revision FROM playbooks WHERE tenant_id = $1), \
     '00000000-0000-0000-0000-000000000000') = $49), \
     sent AS (SELECT * FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
     $16, $17, $18, $19, $20, $21, $22, $45, $46, $47, $48, $50, $51, $55, $56) AS s(id, api_key_id, at, lead_reference_id, first_name, last_name, email, \
     phone, company_name, role_title, linkedin_url, notes, source, product_id, account_id, estimated_value, currency, \
     custom_fields, consent, utm, raw_payload, score, score_breakdown, persona, assigned_to, submitted_at, is_test, source_key, status) \
     WHERE EXISTS (SELECT FROM holds)), \
     made AS (INSERT INTO leads (id, tenant_id, api_key_id, created_at, updated_at, lead_reference_id, first_name, \
     last_name, email, phone, company_name, role_title, linkedin_url, notes, source, product_id, account_id, \
     estimated_value, currency, custom_fields, consent, utm, raw_payload, score, score_breakdown, persona, \
     assigned_to, submitted_at, is_test, source_key, status) SELECT id, $1, api_key_id, at, at, lead_reference_id, first_name, last_name, email, phone, company_name, \
     role_title, linkedin_url, notes, source, product_id, account_id, estimated_value, currency, custom_fields, \
     consent, utm, raw_payload, score, score_breakdown, persona, assigned_to, submitted_at, is_test, \
     source_key, status FROM sent ORDER BY lead_reference_id, source_key \
     ON CONFLICT (tenant_id, lead_reference_id, source_key) WHERE deleted_at IS NULL AND lead_reference_id IS NOT NULL \
     DO NOTHING RETURNING id), \
     claimed AS (INSERT INTO identity_keys (tenant_id, kind, value, lead_id) \
     SELECT $1, k.kind, k.value, k.lead_id FROM unnest($23, $24, $25) WITH ORDINALITY AS k(kind, value, lead_id, place) \
     WHERE (SELECT count(*) FROM made) >= 0 AND EXISTS (SELECT FROM holds) ORDER BY k.place \
     ON CONFLICT (tenant_id, kind, value) DO NOTHING RETURNING 1), \
     taken AS (UPDATE identity_keys k SET lead_id = t.to_lead \
     FROM unnest($26, $27, $28, $29) AS t(kind, value, from_lead, to_lead) \
     WHERE k.tenant_id = $1 AND k.kind = t.kind AND k.value = t.value AND k.lead_id = t.from_lead \
     AND EXISTS (SELECT FROM holds) RETURNING 1), \
     told AS (INSERT INTO events (id, tenant_id, event_type, entity_type, entity_id, action, current_state, \
     changed_fields, actor, request_id, traceparent, created_at) \
     SELECT e.id, $1, e.event_type, 'Lead', e.lead_id, e.action, e.state, \
     CASE e.action WHEN 'UPDATE' THEN ARRAY['submission'] ELSE '{}' END, e.actor, e.request_id, e.traceparent, e.at \
     FROM unnest($30, $31, $32, $33, $34, $35, $36, $37, $38) \
     AS e(id, event_type, action, lead_id, state, actor, request_id, traceparent, at) \
     WHERE EXISTS (SELECT FROM holds)), \
     queued AS (INSERT INTO outbox (tenant_id, event_id, record) \
     SELECT $1, e.id, CASE e.action WHEN 'UPDATE' THEN coalesce( \
     (SELECT public.lead_record(to_jsonb(l)) FROM leads l WHERE l.id = e.lead_id), \
     (SELECT m.state FROM unnest($32, $33, $34) AS m(action, lead_id, state) \
     WHERE m.action = 'CREATE' AND m.lead_id = e.lead_id LIMIT 1)) END \
     FROM unnest($30, $32, $33) WITH ORDINALITY AS e(id, action, lead_id, place) \
     WHERE EXISTS (SELECT FROM holds) ORDER BY e.place), \
     noted AS (INSERT INTO ingests (id, tenant_id, api_key_id, lead_id, outcome, sent, created_at, mapping, warnings, sender, \
     source_key) SELECT n.id, $1, n.api_key_id, n.lead_id, n.outcome, n.sent, n.at, n.mapping, n.warnings, n.sender, n.source_key \
     FROM unnest($39, $40, $41, $42, $43, $44, $52, $53, $54, $57) \
     AS n(id, api_key_id, lead_id, outcome, sent, at, mapping, warnings, sender, source_key) \
     WHERE EXISTS (SELECT FROM holds)) \
     SELECT EXISTS (SELECT FROM holds) AS holds, (SELECT count(*) FROM made) AS made, (SELECT count(*) FROM claimed) AS claimed, \
     (SELECT count(*) FROM taken) AS taken";

/// Writes what was resolved; `placed` are those who make leads, in their order. None, and nothing is written, when they
/// were placed by another playbook than the one that holds.
pub async fn write(
    tx: &mut TenantTx<'_>,
    prepared: &[&Prepared],
    resolved: &Resolved,
    placed: &[Placed],
    revision: Uuid,
) -> Result<Option<Written>, Problem> {
    let fated = || prepared.iter().copied().zip(resolved.fates.iter().copied());
    let new: Vec<&Prepared> =
        fated().filter(|(_, fate)| *fate == Fate::Create).map(|(item, _)| item).collect();
    let texts = |pick: fn(&NewSubmission) -> &Option<String>| -> Vec<Option<&str>> {
        new.iter().map(|item| pick(&item.submission).as_deref()).collect()
    };
    let values = |pick: fn(&NewSubmission) -> &Option<Value>| -> Vec<Option<&Value>> {
        new.iter().map(|item| pick(&item.submission).as_ref()).collect()
    };
    let (kinds, keys) = identity::key_columns(resolved.claims.iter().map(|(key, _)| key));
    let (taken_kinds, taken_keys) = identity::key_columns(resolved.takeovers.iter().map(|(key, _, _)| key));
    let mut places = placed.iter();
    let mut events = Vec::with_capacity(prepared.len());
    for ((item, fate), unconfirmed) in fated().zip(&resolved.unconfirmed) {
        let placed = if fate == Fate::Create { places.next() } else { None };
        if let Some(told) = told(item, fate, unconfirmed, placed)? {
            events.push((item, told, text(&item.actor())?));
        }
    }
    let unnoted = || fated().zip(&resolved.unconfirmed).filter(|((item, _), _)| !item.is_noted);
    let noted: Vec<_> = unnoted().map(|((item, fate), _)| (item, ledger(item, fate))).collect();
    let warnings: Vec<Option<JsonText>> = unnoted()
        .map(|((item, _), unconfirmed)| warnings(item, unconfirmed))
        .collect::<Result<_, Problem>>()?;
    let written: Written = diesel::sql_query(WRITE)
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
        .bind::<Array<SqlUuid>, _>(events.iter().map(|(item, ..)| item.event).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(events.iter().map(|(_, (kind, ..), _)| *kind).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(events.iter().map(|(_, (_, action, ..), _)| *action).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(events.iter().map(|(_, (_, _, lead, _), _)| *lead).collect::<Vec<_>>())
        .bind::<Array<Jsonb>, _>(events.iter().map(|(_, (.., state), _)| state).collect::<Vec<_>>())
        .bind::<Array<Jsonb>, _>(events.iter().map(|(.., actor)| actor).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(events.iter().map(|(item, ..)| item.request_id.as_str()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(events.iter().map(|(item, ..)| item.traceparent.as_str()).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(events.iter().map(|(item, ..)| item.at).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(noted.iter().map(|(item, _)| item.entry).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(noted.iter().map(|(item, _)| item.api_key).collect::<Vec<_>>())
        .bind::<Array<Nullable<SqlUuid>>, _>(noted.iter().map(|(_, (lead, _))| *lead).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(noted.iter().map(|(_, (_, outcome))| *outcome).collect::<Vec<_>>())
        .bind::<Array<Jsonb>, _>(noted.iter().map(|(item, _)| &*item.sent).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(noted.iter().map(|(item, _)| item.at).collect::<Vec<_>>())
        .bind::<Array<Nullable<Double>>, _>(
            placed.iter().map(|placed| placed.scored.score).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Jsonb>>, _>(
            placed.iter().map(|placed| placed.scored.breakdown()).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Text>>, _>(
            placed
                .iter()
                .map(|placed| placed.scored.persona.map(|persona| persona.word()))
                .collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<SqlUuid>>, _>(
            placed.iter().map(|placed| placed.assigned_to).collect::<Vec<_>>(),
        )
        .bind::<Nullable<SqlUuid>, _>((!new.is_empty()).then_some(revision))
        .bind::<Array<Nullable<Timestamptz>>, _>(
            new.iter().map(|item| item.submission.submitted_at).collect::<Vec<_>>(),
        )
        .bind::<Array<Bool>, _>(new.iter().map(|item| item.submission.is_test).collect::<Vec<_>>())
        .bind::<Array<Nullable<Jsonb>>, _>(
            noted.iter().map(|(item, _)| item.mapping.as_ref()).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Jsonb>>, _>(warnings)
        .bind::<Array<Nullable<Text>>, _>(
            noted.iter().map(|(item, _)| item.submission.sender).collect::<Vec<_>>(),
        )
        .bind::<Array<Text>, _>(new.iter().map(|item| item.source_of_reference()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(new.iter().map(|item| item.submission.first_status()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(noted.iter().map(|(item, _)| item.source.as_str()).collect::<Vec<_>>())
        .cached()
        .get_result(&mut **tx)
        .await?;
    Ok(written.holds.then_some(written))
}
