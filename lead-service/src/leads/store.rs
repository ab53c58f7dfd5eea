//! Leads in the database.

use chrono::Utc;
use contracts::UserId;
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::{Problem, db::TenantTx};
use uuid::Uuid;

use super::{api::LeadView, domain::LeadFields};
use crate::{
    assignments::{Newcomer, Placing},
    schema::leads::dsl,
    scores::{self, Scored},
};

/// Adds one, scored, and assigned by the rules unless it names somebody.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &LeadFields, by: UserId) -> Result<LeadView, Problem> {
    let id = Uuid::now_v7();
    let lead = serde_json::to_value(fields).map_err(|fault| Problem::internal(fault.to_string()))?;
    let mut placing = Placing::begin(tx).await?;
    let placed = placing.place(tx, &[Newcomer { id, lead }]).await?.pop();
    let placed = placed.ok_or_else(|| Problem::internal("a lead was not placed"))?;
    let mut fields = with_score(fields, &placed.scored);
    fields.assigned_to = placed.assigned_to;
    let lead = diesel::insert_into(dsl::leads)
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
    Ok(lead)
}

fn with_score(fields: &LeadFields, scored: &Scored) -> LeadFields {
    let mut fields = fields.clone();
    (fields.score, fields.persona) = (scored.score, scored.persona);
    fields
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

/// Writes one, scored anew.
pub async fn update(
    tx: &mut TenantTx<'_>,
    before: &LeadView,
    fields: &LeadFields,
) -> Result<LeadView, Problem> {
    let scored = scores::of_change(tx, before, fields).await?;
    let lead = diesel::update(dsl::leads.filter(dsl::id.eq(before.id)))
        .set((
            &with_score(fields, &scored),
            dsl::score_breakdown.eq(scored.breakdown()),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(LeadView::as_returning())
        .get_result(&mut **tx)
        .await?;
    Ok(lead)
}
