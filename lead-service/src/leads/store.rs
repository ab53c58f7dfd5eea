//! Leads in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::UserId;
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::{api::LeadView, domain::LeadFields};
use crate::schema::leads::dsl;

/// One stretch of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
    visibility: &Visibility,
) -> Result<(Option<i64>, Vec<LeadView>), Problem> {
    db::list::load(tx, criteria, visibility).await
}

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

fn visible(lead: LeadView, visibility: &Visibility) -> QueryResult<LeadView> {
    let seen = visibility.covers(&[lead.assigned_to, lead.created_by]);
    seen.then_some(lead).ok_or(diesel::result::Error::NotFound)
}

/// Reads one that the caller may see.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid, visibility: &Visibility) -> QueryResult<LeadView> {
    let lead = dsl::leads
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(LeadView::as_select())
        .first(&mut **tx)
        .await?;
    visible(lead, visibility)
}

/// Reads one that the caller may see and is about to change.
pub async fn lock(tx: &mut TenantTx<'_>, id: Uuid, visibility: &Visibility) -> QueryResult<LeadView> {
    let lead = dsl::leads
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(LeadView::as_select())
        .for_update()
        .first(&mut **tx)
        .await?;
    visible(lead, visibility)
}

/// Reads a deleted one that the caller might see and is about to restore.
pub async fn lock_deleted(tx: &mut TenantTx<'_>, id: Uuid, visibility: &Visibility) -> QueryResult<LeadView> {
    let lead = dsl::leads
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_not_null()))
        .select(LeadView::as_select())
        .for_update()
        .first(&mut **tx)
        .await?;
    visible(lead, visibility)
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

/// Deletes one softly.
pub async fn archive(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<usize> {
    set_deleted(tx, id, Some(Utc::now())).await.map(|_| 1)
}

/// Brings a deleted one back.
pub async fn restore(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<LeadView> {
    set_deleted(tx, id, None).await
}

async fn set_deleted(tx: &mut TenantTx<'_>, id: Uuid, at: Option<DateTime<Utc>>) -> QueryResult<LeadView> {
    diesel::update(dsl::leads.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(at), dsl::updated_at.eq(Utc::now()), dsl::version.eq(dsl::version + 1)))
        .returning(LeadView::as_returning())
        .get_result(&mut **tx)
        .await
}
