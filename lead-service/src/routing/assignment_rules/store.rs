//! Assignment rules in the database.

use chrono::Utc;
use contracts::UserId;
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, SelectableHelper,
    dsl::max,
    sql_types::{Array, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx};
use uuid::Uuid;

use super::{api::AssignmentRuleView, domain::ParsedRule};
use crate::schema::assignment_rules::dsl;

/// Adds one, behind all others unless it has a place.
pub async fn insert(tx: &mut TenantTx<'_>, rule: &ParsedRule, by: UserId) -> QueryResult<AssignmentRuleView> {
    let position = match rule.position {
        Some(position) => position,
        None => {
            let last: Option<i32> = dsl::assignment_rules
                .filter(dsl::deleted_at.is_null())
                .select(max(dsl::position))
                .first(&mut **tx)
                .await?;
            last.unwrap_or(0) + 1
        }
    };
    diesel::insert_into(dsl::assignment_rules)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            dsl::position.eq(position),
            &rule.fields,
        ))
        .returning(AssignmentRuleView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one; without a place of its own it keeps the one it has.
pub async fn update(
    tx: &mut TenantTx<'_>,
    before: &AssignmentRuleView,
    rule: &ParsedRule,
) -> QueryResult<AssignmentRuleView> {
    diesel::update(dsl::assignment_rules.filter(dsl::id.eq(before.id)))
        .set((
            &rule.fields,
            dsl::position.eq(rule.position.unwrap_or(before.position)),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(AssignmentRuleView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// All of them, in their order, about to change.
pub async fn lock_all(tx: &mut TenantTx<'_>) -> QueryResult<Vec<AssignmentRuleView>> {
    dsl::assignment_rules
        .filter(dsl::deleted_at.is_null())
        .order((dsl::position, dsl::id))
        .select(AssignmentRuleView::as_select())
        .for_update()
        .load(&mut **tx)
        .await
}

/// Gives them the places 1, 2, 3, … in this order.
pub async fn reorder(tx: &mut TenantTx<'_>, ids: &[Uuid]) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE assignment_rules r SET position = o.position, version = version + 1, updated_at = now() \
         FROM unnest($1) WITH ORDINALITY AS o(id, position) WHERE r.id = o.id AND r.position <> o.position",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .cached()
    .execute(&mut **tx)
    .await
}
