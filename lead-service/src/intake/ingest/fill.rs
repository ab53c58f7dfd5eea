//! Fills the empty fields of known leads with what their new submissions say.

use std::collections::BTreeMap;

use diesel::{
    QueryableByName,
    sql_types::{Array, Jsonb, Nullable, Numeric, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{
        Cacheable, TenantTx,
        outbox::{self, Change},
    },
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{resolve::Fate, store::Prepared, submission::NewSubmission};
use crate::{
    money::Money,
    people::{LEAD_ENTITY, LEAD_TRACKED},
    routing,
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

/// An amount and its currency belong together: neither is filled with what would change the meaning of the other.
const FILL: &str = "WITH found AS (SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
     AS f(id, first_name, last_name, email, phone, company_name, role_title, linkedin_url, notes, product_id, account_id, \
     amount, amount_currency, currency, custom_fields, consent, utm)), \
     known AS (SELECT l.* FROM leads l JOIN found USING (id) ORDER BY l.id FOR UPDATE OF l), \
     wanted AS (SELECT k.id, coalesce(k.first_name, f.first_name) AS first_name, coalesce(k.last_name, f.last_name) AS last_name, \
     coalesce(k.email, f.email) AS email, coalesce(k.phone, f.phone) AS phone, \
     coalesce(k.company_name, f.company_name) AS company_name, coalesce(k.role_title, f.role_title) AS role_title, \
     coalesce(k.linkedin_url, f.linkedin_url) AS linkedin_url, coalesce(k.notes, f.notes) AS notes, \
     coalesce(k.product_id, f.product_id) AS product_id, coalesce(k.account_id, f.account_id) AS account_id, \
     CASE WHEN k.currency IS NULL OR f.amount_currency IS NULL OR k.currency = f.amount_currency \
     THEN coalesce(k.estimated_value, f.amount) ELSE k.estimated_value END AS estimated_value, \
     CASE WHEN f.amount IS NULL THEN coalesce(k.currency, f.currency) \
     WHEN k.estimated_value IS NULL OR k.estimated_value = f.amount THEN coalesce(k.currency, f.amount_currency) \
     ELSE k.currency END AS currency, \
     public.fill_members(k.custom_fields, f.custom_fields) AS custom_fields, \
     public.fill_members(k.consent, f.consent) AS consent, public.fill_members(k.utm, f.utm) AS utm \
     FROM known k JOIN found f USING (id)) \
     UPDATE leads l SET first_name = w.first_name, last_name = w.last_name, email = w.email, phone = w.phone, \
     company_name = w.company_name, role_title = w.role_title, linkedin_url = w.linkedin_url, notes = w.notes, \
     product_id = w.product_id, account_id = w.account_id, estimated_value = w.estimated_value, currency = w.currency, \
     custom_fields = w.custom_fields, consent = w.consent, utm = w.utm, version = l.version + 1, updated_at = now() \
     FROM known k JOIN wanted w USING (id) WHERE l.id = k.id \
     AND (k.first_name, k.last_name, k.email, k.phone, k.company_name, k.role_title, k.linkedin_url, k.notes, k.product_id, \
     k.account_id, k.estimated_value, k.currency, k.custom_fields, k.consent, k.utm) IS DISTINCT FROM \
     (w.first_name, w.last_name, w.email, w.phone, w.company_name, w.role_title, w.linkedin_url, w.notes, w.product_id, \
     w.account_id, w.estimated_value, w.currency, w.custom_fields, w.consent, w.utm) \
     RETURNING l.id, public.lead_record(to_jsonb(k)) AS before, public.lead_record(to_jsonb(l)) AS after";

/// The submissions of each lead, in their order.
struct Found<'a>(BTreeMap<Uuid, Vec<&'a Prepared>>);

impl<'a> Found<'a> {
    fn each<'f, T: 'f>(
        &'f self,
        pick: impl Fn(&'f NewSubmission) -> Option<T> + 'f,
    ) -> impl Iterator<Item = Option<T>> + 'f {
        self.0.values().map(move |items| items.iter().find_map(|item| pick(&item.submission)))
    }

    fn texts(&self, pick: fn(&NewSubmission) -> &Option<String>) -> Vec<Option<&str>> {
        self.each(move |submission| pick(submission).as_deref()).collect()
    }

    /// Addresses, of submissions that may say who a person is: by another's, the lead would be known as that person.
    fn addresses(&self, pick: fn(&NewSubmission) -> &Option<String>) -> Vec<Option<&str>> {
        let proven = |items: &Vec<&'a Prepared>| {
            let mut proven = items.iter().copied().filter(|item| item.may_identify());
            proven.find_map(|item| pick(&item.submission).as_deref())
        };
        self.0.values().map(proven).collect()
    }

    fn ids(&self, pick: fn(&NewSubmission) -> Option<Uuid>) -> Vec<Option<Uuid>> {
        self.each(pick).collect()
    }

    /// Members of all, the first that says something about one.
    fn members(&self, pick: fn(&NewSubmission) -> &Option<Value>) -> Vec<Option<Value>> {
        let combined = |items: &Vec<&'a Prepared>| {
            let mut combined = Map::new();
            let objects = items.iter().filter_map(|item| pick(&item.submission).as_ref()?.as_object());
            for (name, value) in objects.flatten().filter(|(_, value)| !value.is_null()) {
                if !combined.contains_key(name) {
                    combined.insert(name.clone(), value.clone());
                }
            }
            (!combined.is_empty()).then_some(Value::Object(combined))
        };
        self.0.values().map(combined).collect()
    }
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
    let found = Found(found);
    let amounts: (Vec<Option<Money>>, Vec<Option<&str>>) = found
        .each(|submission| Some((submission.estimated_value?, submission.currency.as_deref())))
        .map(|money| (money.map(|(amount, _)| amount), money.and_then(|(_, currency)| currency)))
        .unzip();
    let filled: Vec<Filled> = diesel::sql_query(FILL)
        .bind::<Array<SqlUuid>, _>(found.0.keys().copied().collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(found.texts(|s| &s.first_name))
        .bind::<Array<Nullable<Text>>, _>(found.texts(|s| &s.last_name))
        .bind::<Array<Nullable<Text>>, _>(found.addresses(|s| &s.email))
        .bind::<Array<Nullable<Text>>, _>(found.addresses(|s| &s.phone))
        .bind::<Array<Nullable<Text>>, _>(found.texts(|s| &s.company_name))
        .bind::<Array<Nullable<Text>>, _>(found.texts(|s| &s.role_title))
        .bind::<Array<Nullable<Text>>, _>(found.addresses(|s| &s.linkedin_url))
        .bind::<Array<Nullable<Text>>, _>(found.texts(|s| &s.notes))
        .bind::<Array<Nullable<SqlUuid>>, _>(found.ids(|s| s.product_id))
        .bind::<Array<Nullable<SqlUuid>>, _>(found.ids(|s| s.account_id))
        .bind::<Array<Nullable<Numeric>>, _>(amounts.0)
        .bind::<Array<Nullable<Text>>, _>(amounts.1)
        .bind::<Array<Nullable<Text>>, _>(found.texts(|s| &s.currency))
        .bind::<Array<Nullable<Jsonb>>, _>(found.members(|s| &s.custom_fields))
        .bind::<Array<Nullable<Jsonb>>, _>(found.members(|s| &s.consent))
        .bind::<Array<Nullable<Jsonb>>, _>(found.members(|s| &s.utm))
        .cached()
        .load(&mut **tx)
        .await?;
    let ids: Vec<Uuid> = filled.iter().map(|filled| filled.id).collect();
    for Filled { id, before, after } in filled {
        let first = found.0.get(&id).and_then(|items| items.as_slice().first());
        let Some(actor) = first.map(|item| item.actor()) else { continue };
        outbox::record_as(tx, &actor, Change::updated(LEAD_ENTITY, id, &before, &after, LEAD_TRACKED))
            .await?;
    }
    routing::score_changed(tx, &ids).await
}
