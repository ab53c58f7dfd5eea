//! Identity keys in the database.

use std::collections::HashMap;

use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Array, Bool, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx};
use uuid::Uuid;

use super::keys::{IdentityKey, Kind};

/// Who holds a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The lead.
    pub lead: Uuid,
    /// Whether it is not deleted; the keys of a deleted one are free to be taken over.
    pub alive: bool,
}

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    value: String,
    #[diesel(sql_type = SqlUuid)]
    lead: Uuid,
    #[diesel(sql_type = Bool)]
    alive: bool,
}

/// Kinds and values of keys as two columns.
pub fn columns<'a>(keys: impl IntoIterator<Item = &'a IdentityKey>) -> (Vec<&'static str>, Vec<&'a str>) {
    keys.into_iter().map(|key| (key.kind.word(), key.value.as_str())).unzip()
}

/// Who holds these keys, and which leads have these references.
pub async fn holders(
    tx: &mut TenantTx<'_>,
    keys: &[&IdentityKey],
    references: &[&str],
) -> QueryResult<HashMap<IdentityKey, Holder>> {
    let (kinds, values) = columns(keys.iter().copied());
    let held: Vec<Held> =
        diesel::sql_query("SELECT kind, value, lead, alive FROM public.holders($1, $2, $3, $4)")
            .bind::<SqlUuid, _>(tx.tenant().0)
            .bind::<Array<Text>, _>(kinds)
            .bind::<Array<Text>, _>(values)
            .bind::<Array<Text>, _>(references)
            .cached()
            .load(&mut **tx)
            .await?;
    let mut holders = HashMap::with_capacity(held.len());
    for Held { kind, value, lead, alive } in held {
        let Some(kind) = Kind::parse(&kind) else { continue };
        // The lead that has a reference itself comes last and prevails over one it was attached to.
        holders.insert(IdentityKey { kind, value }, Holder { lead, alive });
    }
    Ok(holders)
}

/// Gives a lead the keys that nobody alive holds. Gives how many of them it holds then.
pub async fn claim(tx: &mut TenantTx<'_>, lead: Uuid, keys: &[IdentityKey]) -> QueryResult<usize> {
    if keys.is_empty() {
        return Ok(0);
    }
    let mut keys: Vec<&IdentityKey> = keys.iter().collect();
    keys.sort_unstable();
    let (kinds, values) = columns(keys.iter().copied());
    diesel::sql_query(
        "INSERT INTO identity_keys (tenant_id, kind, value, lead_id) \
         SELECT $1, k.kind, k.value, $2 FROM unnest($3, $4) AS k(kind, value) ORDER BY k.kind, k.value \
         ON CONFLICT (tenant_id, kind, value) DO NOTHING",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(lead)
    .bind::<Array<Text>, _>(&kinds)
    .bind::<Array<Text>, _>(&values)
    .cached()
    .execute(&mut **tx)
    .await?;
    // A statement of its own sees what was committed while the first one waited.
    diesel::sql_query(
        "UPDATE identity_keys k SET lead_id = $2 FROM unnest($3, $4) AS asked(kind, value) \
         WHERE k.tenant_id = $1 AND k.kind = asked.kind AND k.value = asked.value AND (k.lead_id = $2 \
         OR NOT EXISTS (SELECT 1 FROM leads l WHERE l.id = k.lead_id AND l.deleted_at IS NULL))",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(lead)
    .bind::<Array<Text>, _>(kinds)
    .bind::<Array<Text>, _>(values)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Takes keys from a lead that no longer has those addresses.
pub async fn release(tx: &mut TenantTx<'_>, lead: Uuid, keys: &[&IdentityKey]) -> QueryResult<usize> {
    if keys.is_empty() {
        return Ok(0);
    }
    let (kinds, values) = columns(keys.iter().copied());
    diesel::sql_query(
        "DELETE FROM identity_keys k USING unnest($3, $4) AS gone(kind, value) \
         WHERE k.tenant_id = $1 AND k.lead_id = $2 AND k.kind = gone.kind AND k.value = gone.value",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(lead)
    .bind::<Array<Text>, _>(kinds)
    .bind::<Array<Text>, _>(values)
    .cached()
    .execute(&mut **tx)
    .await
}
