//! Leads in the database.

use chrono::Utc;
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, OptionalExtension,
    PgSortExpressionMethods, QueryDsl, QueryResult, SelectableHelper, pg::Pg,
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx, Visibility},
};
use uuid::Uuid;

use crate::{
    identity::{self, Kind, SourceKey},
    people::{self, LeadFields, LeadView},
    routing::{self, Newcomer, Placing, Scored},
    schema::leads::{self, dsl},
};

/// Adds one, scored, and assigned by the rules unless it names a person, with those of its identity keys that are free. It is
/// added under an id that may have claimed its keys already. The placing was begun before they were claimed: a
/// holder of keys never waits for the playbook, to prevent deadlocks.
pub async fn insert_as(
    tx: &mut TenantTx<'_>,
    placing: &mut Placing,
    id: Uuid,
    fields: &LeadFields,
    by: UserId,
) -> Result<LeadView, Problem> {
    let fields = &people::agreeing_with_conversion(None, fields);
    let lead = serde_json::to_value(fields).map_err(|fault| Problem::internal(fault.to_string()))?;
    let placed = placing.place(tx, &[Newcomer { id, lead: &lead }]).await?.pop();
    let placed = placed.ok_or_else(|| Problem::internal("a lead was not placed"))?;
    let mut fields = with_score(fields, &placed.scored);
    fields.assigned_to = placed.assigned_to;
    let lead: LeadView = diesel::insert_into(dsl::leads)
        .values((
            dsl::id.eq(id),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            dsl::score_breakdown.eq(placed.scored.breakdown()),
            &fields,
        ))
        .returning(LeadView::as_returning())
        .get_result(&mut **tx)
        .await?;
    identity::claim(tx, lead.id, &lead.keys()).await?;
    Ok(lead)
}

fn with_score(fields: &LeadFields, scored: &Scored) -> LeadFields {
    let mut fields = fields.clone();
    (fields.score, fields.persona) = (scored.score, scored.persona);
    fields
}

/// Leads of the same person, but for `except`: alike in e-mail address, phone number or LinkedIn profile, in whatever
/// writing, with the names of those fields. At most twenty, of which those that share more than a phone number come first:
/// many people may be behind one number.
pub async fn alike(
    tx: &mut TenantTx<'_>,
    fields: &LeadFields,
    except: Option<Uuid>,
) -> QueryResult<Vec<(LeadView, Vec<&'static str>)>> {
    if fields.email.is_none() && fields.phone.is_none() && fields.linkedin_url.is_none() {
        return Ok(Vec::new());
    }
    let keys = fields.keys();
    let held = identity::holders(tx, &keys.iter().collect::<Vec<_>>(), &[]).await?;
    let holders = |is_meant: fn(Kind) -> bool| -> Vec<Uuid> {
        let meant = held.iter().filter(|(key, holder)| is_meant(key.kind) && holder.alive);
        meant.map(|(_, holder)| holder.lead).collect()
    };
    let by_phone =
        dsl::phone.eq(&fields.phone).or(dsl::id.nullable().eq_any(holders(|kind| kind == Kind::Phone)));
    let by_address = || {
        dsl::email
            .eq(&fields.email)
            .or(dsl::linkedin_url.eq(&fields.linkedin_url))
            .or(dsl::id.nullable().eq_any(holders(|kind| kind != Kind::Phone)))
    };
    let leads: Vec<LeadView> = dsl::leads
        .filter(dsl::deleted_at.is_null())
        .filter(dsl::id.ne(except.unwrap_or_default()))
        .filter(by_address().or(by_phone))
        .order((by_address().desc().nulls_last(), dsl::created_at, dsl::id))
        .select(LeadView::as_select())
        .limit(20)
        .load(&mut **tx)
        .await?;
    let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
    let matched = |lead: &LeadView| {
        let by_key = |kind: Kind| held.iter().any(|(key, holder)| key.kind == kind && holder.lead == lead.id);
        let fields = [
            (Kind::Email, same(&lead.email, &fields.email)),
            (Kind::Phone, same(&lead.phone, &fields.phone)),
            (Kind::Linkedin, same(&lead.linkedin_url, &fields.linkedin_url)),
        ];
        fields
            .into_iter()
            .filter(|(kind, same)| *same || by_key(*kind))
            .map(|(kind, _)| kind.field())
            .collect()
    };
    Ok(leads
        .into_iter()
        .map(|lead| {
            let names = matched(&lead);
            (lead, names)
        })
        .collect())
}

/// Updates a lead with a new score; its identity keys follow.
pub async fn update(
    tx: &mut TenantTx<'_>,
    before: &LeadView,
    fields: &LeadFields,
) -> Result<LeadView, Problem> {
    let fields = &people::agreeing_with_conversion(Some(before), fields);
    let scored = routing::score_of_change(tx, before, fields).await?;
    let lead: LeadView = diesel::update(dsl::leads.filter(dsl::id.eq(before.id)))
        .set((
            &with_score(fields, &scored),
            dsl::score_breakdown.eq(scored.breakdown()),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(LeadView::as_returning())
        .get_result(&mut **tx)
        .await?;
    let (had, has) = (before.keys(), lead.keys());
    let lost: Vec<_> = had.iter().filter(|key| !has.contains(key)).collect();
    identity::release(tx, lead.id, &lost).await?;
    let new: Vec<_> = has.iter().filter(|key| !had.contains(key)).cloned().collect();
    identity::claim(tx, lead.id, &new).await?;
    Ok(lead)
}

/// Holds a mark for the transaction, so that two requests do not both find it unknown.
pub async fn hold_mark(tx: &mut TenantTx<'_>, kind: &str, value: &str) -> QueryResult<usize> {
    let mark = format!("{} {kind} {value}", tx.tenant());
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind::<diesel::sql_types::Text, _>(mark)
        .cached()
        .execute(&mut **tx)
        .await
}

/// The lead with that id in another system, if the caller may see it. Ids of browser keys and addresses, which anyone may make up,
/// are not looked at.
pub async fn by_reference(
    tx: &mut TenantTx<'_>,
    reference: &str,
    visibility: &Visibility,
) -> QueryResult<Option<Uuid>> {
    let own = dsl::lead_reference_id.eq(reference).and(dsl::source_key.eq(SourceKey::API));
    let leads = dsl::leads.filter(own).into_boxed();
    first_seen(tx, leads, visibility).await
}

/// The oldest lead with that e-mail address that the caller may see.
pub async fn by_email(
    tx: &mut TenantTx<'_>,
    email: &str,
    visibility: &Visibility,
) -> QueryResult<Option<Uuid>> {
    let leads = dsl::leads.filter(dsl::email.eq(email)).into_boxed();
    first_seen(tx, leads, visibility).await
}

async fn first_seen(
    tx: &mut TenantTx<'_>,
    mut leads: leads::BoxedQuery<'_, Pg>,
    visibility: &Visibility,
) -> QueryResult<Option<Uuid>> {
    if let Visibility::Of(people) = visibility {
        let theirs = dsl::assigned_to.eq_any(people.clone()).or(dsl::created_by.eq_any(people.clone()));
        leads = leads.filter(theirs);
    }
    leads
        .filter(dsl::deleted_at.is_null())
        .order((dsl::created_at, dsl::id))
        .select(dsl::id)
        .first(&mut **tx)
        .await
        .optional()
}
