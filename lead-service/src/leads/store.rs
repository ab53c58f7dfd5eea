//! Leads in the database.

use chrono::Utc;
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
    pg::Pg,
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx, Visibility};
use uuid::Uuid;

use super::{api::LeadView, domain::LeadFields, steps::LeadStep};
use crate::schema::leads::{self, dsl};

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &LeadFields, by: UserId) -> QueryResult<LeadView> {
    diesel::insert_into(dsl::leads)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            fields,
        ))
        .returning(LeadView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Leads of the same person: alike in e-mail address, phone number or LinkedIn profile. At most twenty.
pub async fn alike(tx: &mut TenantTx<'_>, fields: &LeadFields) -> QueryResult<Vec<LeadView>> {
    if fields.email.is_none() && fields.phone.is_none() && fields.linkedin_url.is_none() {
        return Ok(Vec::new());
    }
    let same_person = dsl::email
        .eq(&fields.email)
        .or(dsl::phone.eq(&fields.phone))
        .or(dsl::linkedin_url.eq(&fields.linkedin_url));
    dsl::leads
        .filter(dsl::deleted_at.is_null())
        .filter(same_person)
        .select(LeadView::as_select())
        .limit(20)
        .load(&mut **tx)
        .await
}

/// Those that were deleted together with their account.
pub async fn deleted_with_account(tx: &mut TenantTx<'_>, account: Uuid) -> QueryResult<Vec<LeadView>> {
    use crate::schema::accounts;
    let deletion = accounts::table.filter(accounts::id.eq(account)).select(accounts::deleted_at);
    dsl::leads
        .filter(dsl::account_id.eq(account))
        .filter(dsl::deleted_at.is_not_null().and(dsl::deleted_at.eq_any(deletion)))
        .select(LeadView::as_select())
        .load(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &LeadFields) -> QueryResult<LeadView> {
    diesel::update(dsl::leads.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(LeadView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Takes one a step further.
pub async fn step(tx: &mut TenantTx<'_>, id: Uuid, step: &LeadStep) -> QueryResult<LeadView> {
    diesel::update(dsl::leads.filter(dsl::id.eq(id)))
        .set((step, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(LeadView::as_returning())
        .get_result(&mut **tx)
        .await
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

/// The lead with that id in another system, if the caller may see it.
pub async fn by_reference(
    tx: &mut TenantTx<'_>,
    reference: &str,
    visibility: &Visibility,
) -> QueryResult<Option<Uuid>> {
    let leads = dsl::leads.filter(dsl::lead_reference_id.eq(reference)).into_boxed();
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
