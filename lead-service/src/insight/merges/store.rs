//! Duplicates and merges in the database.

use chrono::{DateTime, Utc};
use contracts::UserId;
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, QueryableByName, SelectableHelper,
    sql_types::{Array, BigInt, Jsonb, Nullable, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx, Visibility};
use serde_json::Value;
use uuid::Uuid;

use crate::{people::LeadView, schema::leads::dsl};

#[derive(QueryableByName)]
struct Group {
    #[diesel(sql_type = Array<SqlUuid>)]
    ids: Vec<Uuid>,
}

/// What groups leads of one person: an expression, and what must be there for it to say anything. Of a large group the oldest
/// fifty are read, so that no answer is larger than its page.
const EMAIL: &str = "SELECT (array_agg(id ORDER BY id))[1:50] AS ids FROM leads WHERE deleted_at IS NULL \
     AND email IS NOT NULL AND ($1 IS NULL OR assigned_to = ANY($1) OR created_by = ANY($1)) \
     GROUP BY lower(email) HAVING count(*) > 1 ORDER BY (array_agg(id ORDER BY id))[1] LIMIT $2";
const PHONE: &str = "SELECT (array_agg(id ORDER BY id))[1:50] AS ids FROM leads WHERE deleted_at IS NULL \
     AND phone LIKE '+%' AND ($1 IS NULL OR assigned_to = ANY($1) OR created_by = ANY($1)) \
     GROUP BY phone HAVING count(*) > 1 ORDER BY (array_agg(id ORDER BY id))[1] LIMIT $2";
const LINKEDIN: &str = "SELECT (array_agg(id ORDER BY id))[1:50] AS ids FROM leads WHERE deleted_at IS NULL \
     AND linkedin_url IS NOT NULL AND ($1 IS NULL OR assigned_to = ANY($1) OR created_by = ANY($1)) \
     GROUP BY rtrim(regexp_replace(lower(linkedin_url), '^https?://([a-z]+[.])?linkedin[.]com|[?#].*$', '', 'g'), '/') \
     HAVING count(*) > 1 ORDER BY (array_agg(id ORDER BY id))[1] LIMIT $2";
/// By the last word of the name: people without a last name have one, too, and a whole name may stand in one field.
const NAME: &str = "SELECT array_agg(id ORDER BY id) AS ids FROM leads CROSS JOIN LATERAL (SELECT \
     lower(substring(rtrim(concat_ws(' ', first_name, last_name)) FROM '[^[:space:]]+$')) AS last_word) named \
     WHERE deleted_at IS NULL AND last_word IS NOT NULL AND company_name IS NOT NULL \
     AND ($1 IS NULL OR assigned_to = ANY($1) OR created_by = ANY($1)) \
     GROUP BY last_word, lower(trim(company_name)) HAVING count(*) BETWEEN 2 AND 50 \
     ORDER BY (array_agg(id ORDER BY id))[1] LIMIT $2";

/// By what leads are grouped.
#[derive(Clone, Copy, Debug)]
pub enum By {
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
    /// LinkedIn profile.
    Linkedin,
    /// Last word of the name and company.
    Name,
}

/// Groups of visible leads alike in this, by their oldest one; at most `most`.
pub async fn groups(
    tx: &mut TenantTx<'_>,
    by: By,
    visibility: &Visibility,
    most: i64,
) -> QueryResult<Vec<Vec<LeadView>>> {
    let people = match visibility {
        Visibility::All => None,
        Visibility::Of(people) => Some(people),
    };
    let sql = match by {
        By::Email => EMAIL,
        By::Phone => PHONE,
        By::Linkedin => LINKEDIN,
        By::Name => NAME,
    };
    let groups: Vec<Group> = diesel::sql_query(sql)
        .bind::<Nullable<Array<SqlUuid>>, _>(people)
        .bind::<BigInt, _>(most)
        .cached()
        .load(&mut **tx)
        .await?;
    let ids: Vec<Uuid> = groups.iter().flat_map(|group| group.ids.iter().copied()).collect();
    let leads: Vec<LeadView> =
        dsl::leads.filter(dsl::id.eq_any(ids)).select(LeadView::as_select()).load(&mut **tx).await?;
    let find = |id: &Uuid| leads.iter().find(|lead| lead.id == *id).cloned();
    Ok(groups.iter().map(|group| group.ids.iter().filter_map(find).collect()).collect())
}

#[derive(QueryableByName)]
struct Moved {
    #[diesel(sql_type = Jsonb)]
    keys: Value,
}

/// Deletes the losers, names the winner in them and gives it their keys and references. Returns which came from which lead.
pub async fn absorb(
    tx: &mut TenantTx<'_>,
    winner: Uuid,
    losers: &[Uuid],
    at: DateTime<Utc>,
) -> QueryResult<Value> {
    diesel::sql_query(
        "INSERT INTO identity_keys (tenant_id, kind, value, lead_id) \
         SELECT tenant_id, 'reference', CASE source_key WHEN 'api' THEN lead_reference_id \
         ELSE source_key || ' ' || lead_reference_id END, id FROM leads \
         WHERE id = ANY($1) AND lead_reference_id IS NOT NULL ORDER BY 3 ON CONFLICT DO NOTHING",
    )
    .bind::<Array<SqlUuid>, _>(losers)
    .cached()
    .execute(&mut **tx)
    .await?;
    let moved: Moved = diesel::sql_query(
        "WITH old AS (SELECT kind, value, lead_id FROM identity_keys WHERE lead_id = ANY($2) FOR UPDATE), \
         moved AS (UPDATE identity_keys k SET lead_id = $1 FROM old WHERE k.kind = old.kind AND k.value = old.value) \
         SELECT coalesce(jsonb_agg(to_jsonb(old)), '[]') AS keys FROM old",
    )
    .bind::<SqlUuid, _>(winner)
    .bind::<Array<SqlUuid>, _>(losers)
    .cached()
    .get_result(&mut **tx)
    .await?;
    diesel::update(dsl::leads.filter(dsl::id.eq_any(losers)))
        .set((
            dsl::deleted_at.eq(at),
            dsl::merged_into.eq(winner),
            dsl::updated_at.eq(at),
            dsl::version.eq(dsl::version + 1),
        ))
        .execute(&mut **tx)
        .await?;
    Ok(moved.keys)
}

/// A merge as it is kept.
#[derive(Debug, QueryableByName)]
pub struct Merge {
    /// The lead that stayed.
    #[diesel(sql_type = SqlUuid)]
    pub winner_id: Uuid,
    /// Those that went into it.
    #[diesel(sql_type = Array<SqlUuid>)]
    pub loser_ids: Vec<Uuid>,
    /// The winner's fields before.
    #[diesel(sql_type = Jsonb)]
    pub before: Value,
    /// The winner's fields after.
    #[diesel(sql_type = Jsonb)]
    pub after: Value,
    /// Keys moved from each loser.
    #[diesel(sql_type = Jsonb)]
    pub moved_keys: Value,
    /// Records moved from each loser.
    #[diesel(sql_type = Jsonb)]
    pub moved_records: Value,
    /// When it was undone.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub undone_at: Option<DateTime<Utc>>,
}

/// Keeps a merge. Gives its id.
pub async fn keep(tx: &mut TenantTx<'_>, merge: &Merge, by: UserId) -> QueryResult<Uuid> {
    let id = Uuid::now_v7();
    diesel::sql_query(
        "INSERT INTO lead_merges (id, tenant_id, winner_id, loser_ids, before, after, moved_keys, moved_records, \
         created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(merge.winner_id)
    .bind::<Array<SqlUuid>, _>(&merge.loser_ids)
    .bind::<Jsonb, _>(&merge.before)
    .bind::<Jsonb, _>(&merge.after)
    .bind::<Jsonb, _>(&merge.moved_keys)
    .bind::<Jsonb, _>(&merge.moved_records)
    .bind::<SqlUuid, _>(by.0)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

/// Reads a merge that is about to be undone.
pub async fn lock(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<Merge> {
    diesel::sql_query(
        "SELECT winner_id, loser_ids, before, after, moved_keys, moved_records, undone_at FROM lead_merges \
         WHERE id = $1 FOR UPDATE",
    )
    .bind::<SqlUuid, _>(id)
    .cached()
    .get_result(&mut **tx)
    .await
}

/// Whether all of these leads, deleted or not, are ones that the caller sees; their rows are locked.
pub async fn all_seen(tx: &mut TenantTx<'_>, leads: &[Uuid], visibility: &Visibility) -> QueryResult<bool> {
    let owners: Vec<(Option<Uuid>, Option<Uuid>)> = dsl::leads
        .filter(dsl::id.eq_any(leads))
        .order(dsl::id)
        .select((dsl::assigned_to, dsl::created_by))
        .for_update()
        .load(&mut **tx)
        .await?;
    let seen = |(assigned_to, created_by): &(_, _)| visibility.covers(&[*assigned_to, *created_by]);
    Ok(owners.len() == leads.len() && owners.iter().all(seen))
}

/// Those of these leads, deleted or not, that the caller sees.
pub async fn seen_among(
    tx: &mut TenantTx<'_>,
    leads: &[Uuid],
    visibility: &Visibility,
) -> QueryResult<Vec<Uuid>> {
    let leads: Vec<(Uuid, Option<Uuid>, Option<Uuid>)> = dsl::leads
        .filter(dsl::id.eq_any(leads))
        .select((dsl::id, dsl::assigned_to, dsl::created_by))
        .load(&mut **tx)
        .await?;
    let seen = leads
        .into_iter()
        .filter(|(_, assigned_to, created_by)| visibility.covers(&[*assigned_to, *created_by]));
    Ok(seen.map(|(id, ..)| id).collect())
}

/// Notes that a merge was undone.
pub async fn set_undone(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<usize> {
    diesel::sql_query("UPDATE lead_merges SET undone_at = now() WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .cached()
        .execute(&mut **tx)
        .await
}

/// Brings back the losers that still lie in the winner, with the keys that came from them.
pub async fn release(tx: &mut TenantTx<'_>, merge: &Merge) -> QueryResult<Vec<LeadView>> {
    diesel::sql_query(
        "WITH came AS (SELECT * FROM jsonb_to_recordset($2) AS c(kind text, value text, lead_id uuid)), \
         own AS (DELETE FROM identity_keys k USING came WHERE came.kind = 'reference' AND k.kind = came.kind \
         AND k.value = came.value AND k.lead_id = $1) \
         UPDATE identity_keys k SET lead_id = came.lead_id FROM came \
         WHERE came.kind <> 'reference' AND k.kind = came.kind AND k.value = came.value AND k.lead_id = $1",
    )
    .bind::<SqlUuid, _>(merge.winner_id)
    .bind::<Jsonb, _>(&merge.moved_keys)
    .cached()
    .execute(&mut **tx)
    .await?;
    diesel::update(
        dsl::leads.filter(dsl::id.eq_any(&merge.loser_ids)).filter(dsl::merged_into.eq(merge.winner_id)),
    )
    .set((
        dsl::deleted_at.eq(None::<DateTime<Utc>>),
        dsl::merged_into.eq(None::<Uuid>),
        dsl::updated_at.eq(Utc::now()),
        dsl::version.eq(dsl::version + 1),
    ))
    .returning(LeadView::as_returning())
    .get_results(&mut **tx)
    .await
}
