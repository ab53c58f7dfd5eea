//! Memberships in the database.

use std::sync::Arc;

use chrono::Utc;
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
    dsl::sql,
    sql_types::{BigInt, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use platform::db::Cacheable;
use platform::{
    Problem,
    db::{self, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::{
    api::{Membership, MembershipStatus},
    domain::MembershipFields,
    hierarchy,
};
use crate::{
    permissions::ADMIN_ROLES,
    schema::{memberships::dsl, tenant_users},
};

/// One stretch of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<Membership>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Serialises changes of the tenant's memberships until this transaction ends, because the rules for the last admin and
/// for the hierarchy depend on all of them.
pub async fn serialise(tx: &mut TenantTx<'_>) -> QueryResult<usize> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, $2))")
        .bind::<Text, _>(tx.tenant().to_string())
        .bind::<BigInt, _>(0)
        .cached()
        .execute(&mut **tx)
        .await
}

/// Adds a person at the top of the hierarchy; none when they are a member already.
pub async fn insert(tx: &mut TenantTx<'_>, user: UserId, role: Uuid) -> QueryResult<Option<Membership>> {
    let id = Uuid::now_v7();
    let inserted = diesel::insert_into(dsl::memberships)
        .values((
            dsl::id.eq(id),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::user_id.eq(user.0),
            dsl::role_id.eq(role),
        ))
        .on_conflict_do_nothing()
        .execute(&mut **tx)
        .await?;
    if inserted == 0 {
        return Ok(None);
    }
    hierarchy::add(tx, id).await?;
    find(tx, id).await.optional()
}

/// Reads one.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<Membership> {
    tenant_users::table.filter(tenant_users::id.eq(id)).select(Membership::as_select()).first(&mut **tx).await
}

/// The membership of this person, active or not.
pub async fn of_user(tx: &mut TenantTx<'_>, user: UserId) -> QueryResult<Option<Membership>> {
    tenant_users::table
        .filter(tenant_users::user_id.eq(user.0))
        .select(Membership::as_select())
        .first(&mut **tx)
        .await
        .optional()
}

/// Whether this person was a member and is none any more.
pub async fn was_member(tx: &mut TenantTx<'_>, user: UserId) -> QueryResult<bool> {
    let former = dsl::memberships.filter(dsl::user_id.eq(user.0).and(dsl::deleted_at.is_not_null()));
    diesel::select(diesel::dsl::exists(former)).get_result(&mut **tx).await
}

/// Every member, oldest first.
pub async fn all(tx: &mut TenantTx<'_>) -> QueryResult<Vec<Membership>> {
    tenant_users::table
        .order((tenant_users::joined_at, tenant_users::id))
        .select(Membership::as_select())
        .load(&mut **tx)
        .await
}

/// Completes a new membership; the closure table is written by [`hierarchy`].
pub async fn settle(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    department: Option<&str>,
    above: Option<Uuid>,
    invited_by: Option<Uuid>,
) -> QueryResult<Membership> {
    diesel::update(dsl::memberships.filter(dsl::id.eq(id)))
        .set((dsl::department.eq(department), dsl::reports_to.eq(above), dsl::invited_by.eq(invited_by)))
        .execute(&mut **tx)
        .await?;
    find(tx, id).await
}

/// Those who report directly to this one.
pub async fn direct_reports(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<Vec<Membership>> {
    tenant_users::table
        .filter(tenant_users::reports_to.eq(id))
        .order(tenant_users::id)
        .select(Membership::as_select())
        .load(&mut **tx)
        .await
}

/// Writes what people write of one, and since when it is inactive. A member who was inactive before that was kept has been so since
/// the last change.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &MembershipFields) -> QueryResult<Membership> {
    let inactive_since = match fields.status {
        MembershipStatus::Active => "NULL",
        MembershipStatus::Inactive => {
            "CASE WHEN status = 'inactive' THEN coalesce(inactive_since, updated_at) ELSE clock_timestamp() END"
        }
    };
    diesel::update(dsl::memberships.filter(dsl::id.eq(id)))
        .set((
            dsl::department.eq(&fields.department),
            dsl::branch_id.eq(fields.branch_id),
            dsl::status.eq(fields.status.name()),
            dsl::inactive_since.eq(sql::<Nullable<Timestamptz>>(inactive_since)),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .execute(&mut **tx)
        .await?;
    find(tx, id).await
}

/// Gives a member another role.
pub async fn set_role(tx: &mut TenantTx<'_>, id: Uuid, role: Uuid) -> QueryResult<Membership> {
    diesel::update(dsl::memberships.filter(dsl::id.eq(id)))
        .set((dsl::role_id.eq(role), dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .execute(&mut **tx)
        .await?;
    find(tx, id).await
}

/// Writes who is directly above; the closure is [`hierarchy`]'s.
pub async fn set_reports_to(tx: &mut TenantTx<'_>, id: Uuid, above: Option<Uuid>) -> QueryResult<Membership> {
    diesel::update(dsl::memberships.filter(dsl::id.eq(id)))
        .set((dsl::reports_to.eq(above), dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .execute(&mut **tx)
        .await?;
    find(tx, id).await
}

/// Deletes one softly.
pub async fn archive(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(dsl::memberships.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(now), dsl::updated_at.eq(now), dsl::version.eq(dsl::version + 1)))
        .execute(&mut **tx)
        .await
}

/// How many active admins the tenant has beside this member.
pub async fn other_admins(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<i64> {
    tenant_users::table
        .filter(tenant_users::id.ne(id))
        .filter(tenant_users::status.eq(MembershipStatus::Active.name()))
        .filter(tenant_users::role.eq_any(ADMIN_ROLES))
        .count()
        .get_result(&mut **tx)
        .await
}

/// The people who are active admins, oldest members first.
pub async fn admins(tx: &mut TenantTx<'_>) -> QueryResult<Vec<Uuid>> {
    tenant_users::table
        .filter(tenant_users::status.eq(MembershipStatus::Active.name()))
        .filter(tenant_users::role.eq_any(ADMIN_ROLES))
        .order((tenant_users::joined_at, tenant_users::id))
        .select(tenant_users::user_id)
        .load(&mut **tx)
        .await
}

/// Those of these people who are active members.
pub async fn active_among(tx: &mut TenantTx<'_>, people: &[Uuid]) -> QueryResult<Vec<Uuid>> {
    dsl::memberships
        .filter(dsl::user_id.eq_any(people))
        .filter(dsl::status.eq(MembershipStatus::Active.name()).and(dsl::deleted_at.is_null()))
        .select(dsl::user_id)
        .load(&mut **tx)
        .await
}
