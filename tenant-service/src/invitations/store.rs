//! Invitations in the database.

use std::sync::Arc;

use chrono::Utc;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, PgArrayExpressionMethods, QueryDsl,
    QueryResult, SelectableHelper,
    sql_types::{Bytea, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, Cacheable, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::{
    api::{InvitationStatus, InvitationView},
    domain,
};
use crate::schema::{invitations::dsl, tenant_invitations};

/// What an invitation is made of, its role being resolved.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// Address.
    pub email: &'a str,
    /// The role.
    pub role: Uuid,
    /// Where in the organisation they will work.
    pub department: Option<&'a str>,
    /// The membership above.
    pub reports_to: Option<Uuid>,
    /// First name for a new account.
    pub first_name: Option<&'a str>,
    /// Last name for a new account.
    pub last_name: Option<&'a str>,
    /// Whether whoever accepts is a member already.
    pub is_for_member: bool,
    /// Who invites; none for the platform itself.
    pub invited_by: Option<Uuid>,
}

/// What accepting needs to know beside what is shown.
#[derive(Clone, Debug)]
pub struct Acceptable {
    /// As it is shown.
    pub view: InvitationView,
    /// The role.
    pub role_id: Uuid,
    /// First name for a new account.
    pub first_name: Option<String>,
    /// Last name for a new account.
    pub last_name: Option<String>,
    /// Whether whoever accepts is a member already.
    pub is_for_member: bool,
    /// Whether a later token took the place of the one that was asked for.
    pub is_replaced: bool,
}

impl Acceptable {
    /// 410 unless it can be accepted by the token it was found by.
    pub fn check_open(&self) -> Result<(), Problem> {
        domain::check_open(self.view.status)?;
        if self.is_replaced { Err(domain::replaced()) } else { Ok(()) }
    }
}

/// One stretch of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<InvitationView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Reads one.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<InvitationView> {
    tenant_invitations::table
        .filter(tenant_invitations::id.eq(id))
        .select(InvitationView::as_select())
        .first(&mut **tx)
        .await
}

/// Reads one that is about to change.
pub async fn lock(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<InvitationView> {
    dsl::invitations.filter(dsl::id.eq(id)).select(dsl::id).for_update().first::<Uuid>(&mut **tx).await?;
    find(tx, id).await
}

/// The one that this token opens or opened, locked until the transaction ends.
pub async fn by_token(tx: &mut TenantTx<'_>, hash: &[u8]) -> QueryResult<Option<Acceptable>> {
    type Row = (Uuid, Uuid, Option<String>, Option<String>, bool, Vec<u8>);
    let row: Option<Row> = dsl::invitations
        .filter(dsl::token_hash.eq(hash).or(dsl::replaced_token_hashes.contains(vec![hash.to_vec()])))
        .select((dsl::id, dsl::role_id, dsl::first_name, dsl::last_name, dsl::is_for_member, dsl::token_hash))
        .for_update()
        .first(&mut **tx)
        .await
        .optional()?;
    let Some((id, role_id, first_name, last_name, is_for_member, current)) = row else { return Ok(None) };
    let view = find(tx, id).await?;
    Ok(Some(Acceptable { view, role_id, first_name, last_name, is_for_member, is_replaced: current != hash }))
}

/// The one for this address that can be accepted. One whose time is over makes room.
pub async fn pending_for(tx: &mut TenantTx<'_>, email: &str) -> QueryResult<Option<Uuid>> {
    let pending = dsl::email.eq(email).and(dsl::status.eq(InvitationStatus::Pending.word()));
    diesel::update(dsl::invitations.filter(pending).filter(dsl::expires_at.le(Utc::now())))
        .set(dsl::status.eq(InvitationStatus::Expired.word()))
        .execute(&mut **tx)
        .await?;
    dsl::invitations.filter(pending).select(dsl::id).first(&mut **tx).await.optional()
}

/// Adds one that can be accepted from now on.
pub async fn insert(tx: &mut TenantTx<'_>, draft: &Draft<'_>, hash: &[u8]) -> QueryResult<InvitationView> {
    let id = Uuid::now_v7();
    diesel::insert_into(dsl::invitations)
        .values((
            dsl::id.eq(id),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::email.eq(draft.email),
            dsl::role_id.eq(draft.role),
            dsl::department.eq(draft.department),
            dsl::reports_to.eq(draft.reports_to),
            dsl::first_name.eq(draft.first_name),
            dsl::last_name.eq(draft.last_name),
            dsl::is_for_member.eq(draft.is_for_member),
            dsl::invited_by.eq(draft.invited_by),
            dsl::token_hash.eq(hash),
            dsl::expires_at.eq(domain::expiry()),
        ))
        .execute(&mut **tx)
        .await?;
    find(tx, id).await
}

/// Gives one a new token and its whole time anew.
pub async fn renew(tx: &mut TenantTx<'_>, id: Uuid, hash: &[u8]) -> QueryResult<InvitationView> {
    diesel::sql_query(
        "UPDATE invitations SET status = 'pending', replaced_token_hashes = replaced_token_hashes || token_hash, \
         token_hash = $2, expires_at = $3, version = version + 1, updated_at = now() WHERE id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Bytea, _>(hash)
    .bind::<diesel::sql_types::Timestamptz, _>(domain::expiry())
    .cached()
    .execute(&mut **tx)
    .await?;
    find(tx, id).await
}

/// Marks one as accepted by this person.
pub async fn accept(tx: &mut TenantTx<'_>, id: Uuid, by: Uuid) -> QueryResult<InvitationView> {
    let now = Utc::now();
    diesel::update(dsl::invitations.filter(dsl::id.eq(id)))
        .set((
            dsl::status.eq(InvitationStatus::Accepted.word()),
            dsl::accepted_by.eq(by),
            dsl::accepted_at.eq(now),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(now),
        ))
        .execute(&mut **tx)
        .await?;
    find(tx, id).await
}

/// Withdraws one.
pub async fn revoke(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<InvitationView> {
    diesel::update(dsl::invitations.filter(dsl::id.eq(id)))
        .set((
            dsl::status.eq(InvitationStatus::Revoked.word()),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .execute(&mut **tx)
        .await?;
    find(tx, id).await
}
