//! Scores and what leads did, in the database.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, QueryableByName, SelectableHelper,
    sql_types::{Array, Double, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{
        Cacheable, TenantTx,
        json::JsonText,
        outbox::{self, Change},
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Scored, domain::Deed, engagements::NewEngagement};
use crate::{
    people::{LEAD_ENTITY, LEAD_TRACKED, LeadView},
    schema::leads::dsl,
};

#[derive(QueryableByName)]
struct DeedRow {
    #[diesel(sql_type = SqlUuid)]
    lead_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

/// What these leads did, oldest first.
pub async fn deeds(tx: &mut TenantTx<'_>, leads: &[Uuid]) -> QueryResult<HashMap<Uuid, Vec<Deed>>> {
    let mut deeds: HashMap<Uuid, Vec<Deed>> = HashMap::new();
    if leads.is_empty() {
        return Ok(deeds);
    }
    let rows: Vec<DeedRow> = diesel::sql_query(
        "SELECT lead_id, kind, at FROM lead_engagements WHERE tenant_id = $1 AND lead_id = ANY($2) ORDER BY lead_id, at",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Array<SqlUuid>, _>(leads)
    .cached()
    .load(&mut **tx)
    .await?;
    for DeedRow { lead_id, kind, at } in rows {
        deeds.entry(lead_id).or_default().push(Deed { kind, at });
    }
    Ok(deeds)
}

#[derive(QueryableByName)]
struct Rescored {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Jsonb)]
    record: Value,
}

/// Writes changed scores, and records their events.
pub async fn write(tx: &mut TenantTx<'_>, changed: &[(&LeadView, Scored)]) -> Result<(), Problem> {
    if changed.is_empty() {
        return Ok(());
    }
    let rescored: Vec<Rescored> = diesel::sql_query(
        "UPDATE leads l SET score = s.score, score_breakdown = s.breakdown, persona = s.persona, \
         version = version + 1, updated_at = now() \
         FROM unnest($1, $2, $3, $4) AS s(id, score, breakdown, persona) WHERE l.id = s.id \
         RETURNING l.id, public.lead_record(to_jsonb(l)) AS record",
    )
    .bind::<Array<SqlUuid>, _>(changed.iter().map(|(lead, _)| lead.id).collect::<Vec<_>>())
    .bind::<Array<Nullable<Double>>, _>(changed.iter().map(|(_, scored)| scored.score).collect::<Vec<_>>())
    .bind::<Array<Nullable<Jsonb>>, _>(
        changed.iter().map(|(_, scored)| scored.breakdown()).collect::<Vec<_>>(),
    )
    .bind::<Array<Nullable<Text>>, _>(
        changed.iter().map(|(_, scored)| scored.persona.map(|persona| persona.word())).collect::<Vec<_>>(),
    )
    .cached()
    .load(&mut **tx)
    .await?;
    let records: HashMap<Uuid, Value> = rescored.into_iter().map(|lead| (lead.id, lead.record)).collect();
    let changes = changed.iter().flat_map(|(lead, scored)| {
        let state = |score: Option<f64>, breakdown: Option<Value>, persona| {
            json!({"score": score, "score_breakdown": breakdown, "persona": persona})
        };
        let before = state(lead.score, lead.score_breakdown.as_ref().map(JsonText::value), lead.persona);
        let after = state(scored.score, scored.breakdown(), scored.persona);
        let changes = Change::updated(LEAD_ENTITY, lead.id, &before, &after, LEAD_TRACKED);
        match records.get(&lead.id) {
            Some(record) => Change::of(changes, record),
            None => changes,
        }
    });
    outbox::record(tx, changes.collect()).await
}

/// Active leads to score again, the lowest id first.
pub async fn lock_after(tx: &mut TenantTx<'_>, after: Uuid, most: i64) -> QueryResult<Vec<LeadView>> {
    dsl::leads
        .filter(dsl::tenant_id.eq(tx.tenant().0))
        .filter(dsl::deleted_at.is_null())
        .filter(dsl::id.gt(after))
        .order(dsl::id)
        .limit(most)
        .select(LeadView::as_select())
        .for_no_key_update()
        .load(&mut **tx)
        .await
}

/// These leads, if they are active, to score again.
pub async fn lock_these(tx: &mut TenantTx<'_>, ids: &[Uuid]) -> QueryResult<Vec<LeadView>> {
    dsl::leads
        .filter(dsl::id.eq_any(ids.to_vec()))
        .filter(dsl::deleted_at.is_null())
        .order(dsl::id)
        .select(LeadView::as_select())
        .for_no_key_update()
        .load(&mut **tx)
        .await
}

#[derive(QueryableByName)]
struct Inserted {
    #[diesel(sql_type = SqlUuid)]
    lead_id: Uuid,
}

/// Records engagements; known ones are skipped. Returns the leads with a new one.
pub async fn insert_engagements(tx: &mut TenantTx<'_>, new: &[NewEngagement]) -> QueryResult<Vec<Uuid>> {
    let rows: Vec<Inserted> = diesel::sql_query(
        "INSERT INTO lead_engagements (id, tenant_id, lead_id, kind, reference, at) \
         SELECT e.id, $1, e.lead_id, e.kind, e.reference, e.at FROM unnest($2, $3, $4, $5, $6) \
         AS e(id, lead_id, kind, reference, at) \
         ON CONFLICT (tenant_id, reference) WHERE reference IS NOT NULL DO NOTHING RETURNING lead_id",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Array<SqlUuid>, _>(new.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(new.iter().map(|deed| deed.lead_id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(new.iter().map(|deed| deed.kind.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(new.iter().map(|deed| deed.reference).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(new.iter().map(|deed| deed.at).collect::<Vec<_>>())
    .cached()
    .load(&mut **tx)
    .await?;
    let mut leads: Vec<Uuid> = rows.into_iter().map(|row| row.lead_id).collect();
    leads.sort_unstable();
    leads.dedup();
    Ok(leads)
}

/// One change of a lead, from its event.
#[derive(QueryableByName)]
pub struct PastChange {
    /// The changed fields as they were before.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub previous_state: Option<Value>,
}

/// What changed about a lead after `at`, the last first.
pub async fn changes_after(
    tx: &mut TenantTx<'_>,
    lead: Uuid,
    at: DateTime<Utc>,
) -> QueryResult<Vec<PastChange>> {
    diesel::sql_query(
        "SELECT previous_state FROM events WHERE tenant_id = $1 AND entity_type = 'Lead' AND entity_id = $2 \
         AND action = 'UPDATE' AND created_at > $3 ORDER BY id DESC",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(lead)
    .bind::<Timestamptz, _>(at)
    .cached()
    .load(&mut **tx)
    .await
}
