//! Hierarchy of members: the closure table of `reports_to`, changed in the same transaction as it.

use diesel::{
    ExpressionMethods, JoinOnDsl, QueryDsl, QueryResult, QueryableByName, SelectableHelper,
    sql_types::{BigInt, Nullable, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx},
};
use uuid::Uuid;

use super::{api::Membership, domain::too_deep};
use crate::schema::{membership_closure as closure, tenant_users};

/// Adds a member without superior and reports.
pub async fn add(tx: &mut TenantTx<'_>, member: Uuid) -> QueryResult<usize> {
    diesel::insert_into(closure::table)
        .values((
            closure::tenant_id.eq(tx.tenant().0),
            closure::ancestor.eq(member),
            closure::descendant.eq(member),
            closure::depth.eq(0),
        ))
        .execute(&mut **tx)
        .await
}

/// Whether `below` is `above` or somewhere below them.
pub async fn is_within(tx: &mut TenantTx<'_>, below: Uuid, above: Uuid) -> QueryResult<bool> {
    let path = closure::table.filter(closure::ancestor.eq(above)).filter(closure::descendant.eq(below));
    diesel::select(diesel::dsl::exists(path)).get_result(&mut **tx).await
}

/// Most levels that a hierarchy may have.
pub const LEVELS: i64 = 64;

#[derive(QueryableByName)]
struct Levels {
    #[diesel(sql_type = BigInt)]
    levels: i64,
}

/// 422 `hierarchy_too_deep` when too many levels would be there with `member` and all members below under `above`.
pub async fn check_depth(tx: &mut TenantTx<'_>, member: Uuid, above: Uuid) -> Result<(), Problem> {
    let Levels { levels } = diesel::sql_query(
        "SELECT ((SELECT max(depth) FROM membership_closure WHERE descendant = $1) \
         + (SELECT max(depth) FROM membership_closure WHERE ancestor = $2) + 2)::bigint AS levels",
    )
    .bind::<SqlUuid, _>(above)
    .bind::<SqlUuid, _>(member)
    .cached()
    .get_result(&mut **tx)
    .await?;
    if levels > LEVELS { Err(too_deep(LEVELS)) } else { Ok(()) }
}

/// Moves a member and all members below under `above`, or to the top. The caller has ruled out a cycle.
pub async fn shift(tx: &mut TenantTx<'_>, member: Uuid, above: Option<Uuid>) -> QueryResult<()> {
    diesel::sql_query(
        "DELETE FROM membership_closure c \
         USING membership_closure above, membership_closure below \
         WHERE above.descendant = $1 AND above.depth > 0 AND below.ancestor = $1 \
         AND c.ancestor = above.ancestor AND c.descendant = below.descendant",
    )
    .bind::<SqlUuid, _>(member)
    .cached()
    .execute(&mut **tx)
    .await?;
    diesel::sql_query(
        "INSERT INTO membership_closure (tenant_id, ancestor, descendant, depth) \
         SELECT above.tenant_id, above.ancestor, below.descendant, above.depth + below.depth + 1 \
         FROM membership_closure above, membership_closure below WHERE above.descendant = $1 AND below.ancestor = $2",
    )
    .bind::<Nullable<SqlUuid>, _>(above)
    .bind::<SqlUuid, _>(member).cached().execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes a member without reports.
pub async fn remove(tx: &mut TenantTx<'_>, member: Uuid) -> QueryResult<usize> {
    diesel::delete(closure::table.filter(closure::descendant.eq(member))).execute(&mut **tx).await
}

/// All members below a member with their distance, nearest first.
pub async fn below(tx: &mut TenantTx<'_>, member: Uuid) -> QueryResult<Vec<(i32, Membership)>> {
    closure::table
        .inner_join(tenant_users::table.on(tenant_users::id.eq(closure::descendant)))
        .filter(closure::ancestor.eq(member))
        .filter(closure::depth.gt(0))
        .order((closure::depth, tenant_users::joined_at, tenant_users::id))
        .select((closure::depth, Membership::as_select()))
        .load(&mut **tx)
        .await
}

/// The people below a member.
pub async fn team(tx: &mut TenantTx<'_>, member: Uuid) -> QueryResult<Vec<Uuid>> {
    closure::table
        .inner_join(tenant_users::table.on(tenant_users::id.eq(closure::descendant)))
        .filter(closure::ancestor.eq(member))
        .filter(closure::depth.gt(0))
        .select(tenant_users::user_id)
        .distinct()
        .load(&mut **tx)
        .await
}

/// All members above a member with their distance, nearest first.
pub async fn above(tx: &mut TenantTx<'_>, member: Uuid) -> QueryResult<Vec<(i32, Membership)>> {
    closure::table
        .inner_join(tenant_users::table.on(tenant_users::id.eq(closure::ancestor)))
        .filter(closure::descendant.eq(member))
        .filter(closure::depth.gt(0))
        .order(closure::depth)
        .select((closure::depth, Membership::as_select()))
        .load(&mut **tx)
        .await
}
