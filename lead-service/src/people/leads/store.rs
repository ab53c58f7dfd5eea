//! Leads in the database, as they take steps and follow their account.

use chrono::{DateTime, Utc};
use diesel::{
    AsChangeset, BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use super::{
    api::LeadView,
    domain::{LeadEnrichmentStatus, SuggestionStatus},
};
use crate::schema::leads::{self, dsl};

/// Fields that a step sets; none stay as they are.
#[derive(Clone, Copy, Debug, Default, AsChangeset)]
#[diesel(table_name = leads)]
pub struct LeadStep {
    /// What became of the suggestion.
    pub suggestion_status: Option<SuggestionStatus>,
    /// Assignee.
    pub assigned_to: Option<Uuid>,
    /// How far its enrichment is.
    pub enrichment_status: Option<LeadEnrichmentStatus>,
    /// When it was last enriched.
    pub last_enriched_at: Option<DateTime<Utc>>,
    /// The account it belongs to.
    pub account_id: Option<Uuid>,
}

/// Takes one a step further.
pub async fn step(tx: &mut TenantTx<'_>, id: Uuid, step: &LeadStep) -> QueryResult<LeadView> {
    diesel::update(dsl::leads.filter(dsl::id.eq(id)))
        .set((step, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(LeadView::as_returning())
        .get_result(&mut **tx)
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
