//! Fills the empty fields of known leads with what their new submissions say.

use std::collections::BTreeMap;

use diesel::{
    QueryableByName,
    sql_types::{Array, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{
        Cacheable, TenantTx,
        outbox::{self, Change},
    },
};
use serde_json::Value;
use uuid::Uuid;

use super::{fields::NewSubmission, resolve::Fate, store::Prepared};
use crate::{
    leads::events::{ENTITY, TRACKED},
    scores,
};

#[derive(QueryableByName)]
struct Filled {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Jsonb)]
    before: Value,
    #[diesel(sql_type = Jsonb)]
    after: Value,
}

/// What stands in a field stays. Of several submissions for one lead, the first that says something counts.
pub async fn fill_empty(
    tx: &mut TenantTx<'_>,
    prepared: &[&Prepared],
    fates: &[Fate],
) -> Result<(), Problem> {
    let mut found: BTreeMap<Uuid, Vec<&Prepared>> = BTreeMap::new();
    for (item, fate) in prepared.iter().zip(fates) {
        if let Fate::Update(lead) = fate {
            found.entry(*lead).or_default().push(item);
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    let texts = |pick: fn(&NewSubmission) -> &Option<String>| -> Vec<Option<&str>> {
        found.values().map(|items| items.iter().find_map(|item| pick(&item.submission).as_deref())).collect()
    };
    let filled: Vec<Filled> = diesel::sql_query(
        "WITH found AS (SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         AS f(id, first_name, last_name, email, phone, company_name, role_title, linkedin_url, notes)), \
         known AS (SELECT l.* FROM leads l JOIN found USING (id) ORDER BY l.id FOR UPDATE OF l) \
         UPDATE leads l SET first_name = coalesce(k.first_name, f.first_name), \
         last_name = coalesce(k.last_name, f.last_name), email = coalesce(k.email, f.email), \
         phone = coalesce(k.phone, f.phone), company_name = coalesce(k.company_name, f.company_name), \
         role_title = coalesce(k.role_title, f.role_title), linkedin_url = coalesce(k.linkedin_url, f.linkedin_url), \
         notes = coalesce(k.notes, f.notes), version = l.version + 1, updated_at = now() \
         FROM known k JOIN found f USING (id) WHERE l.id = k.id \
         AND (k.first_name IS NULL AND f.first_name IS NOT NULL OR k.last_name IS NULL AND f.last_name IS NOT NULL \
         OR k.email IS NULL AND f.email IS NOT NULL OR k.phone IS NULL AND f.phone IS NOT NULL \
         OR k.company_name IS NULL AND f.company_name IS NOT NULL OR k.role_title IS NULL AND f.role_title IS NOT NULL \
         OR k.linkedin_url IS NULL AND f.linkedin_url IS NOT NULL OR k.notes IS NULL AND f.notes IS NOT NULL) \
         RETURNING l.id, jsonb_build_object('first_name', k.first_name, 'last_name', k.last_name, 'email', k.email, \
         'phone', k.phone, 'company_name', k.company_name, 'role_title', k.role_title, \
         'linkedin_url', k.linkedin_url, 'notes', k.notes) AS before, \
         jsonb_build_object('first_name', l.first_name, 'last_name', l.last_name, 'email', l.email, 'phone', l.phone, \
         'company_name', l.company_name, 'role_title', l.role_title, 'linkedin_url', l.linkedin_url, \
         'notes', l.notes) AS after",
    )
    .bind::<Array<SqlUuid>, _>(found.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.first_name))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.last_name))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.email))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.phone))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.company_name))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.role_title))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.linkedin_url))
    .bind::<Array<Nullable<Text>>, _>(texts(|s| &s.notes))
    .cached()
    .load(&mut **tx)
    .await?;
    let ids: Vec<Uuid> = filled.iter().map(|filled| filled.id).collect();
    for Filled { id, before, after } in filled {
        let Some(actor) = found.get(&id).and_then(|items| items.as_slice().first()).map(|item| item.actor())
        else {
            continue;
        };
        outbox::record_as(tx, &actor, Change::updated(ENTITY, id, &before, &after, TRACKED)).await?;
    }
    scores::of_changed(tx, &ids).await
}
