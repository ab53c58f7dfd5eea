//! Invitations in the database.

use std::sync::Arc;

use chrono::Utc;
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, PgArrayExpressionMethods,
    PgExpressionMethods, QueryDsl, QueryResult, SelectableHelper,
    sql_types::{Bool, Bytea, Nullable, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, Cacheable, TenantTx, Visibility},
    http::{access::TenantCaller, list::Criteria},
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
    /// Who invites.
    pub giver: Giver,
}

/// Who invites, and by which right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giver {
    /// The platform itself: the first admin of a new tenant.
    Platform,
    /// A member, by their role.
    Member(UserId),
    /// Platform staff, by their platform role.
    Staff(UserId),
}

impl Giver {
    /// Who acts as this caller.
    pub fn of(caller: &TenantCaller) -> Self {
        if caller.platform_role().is_none() {
            Self::Member(caller.user())
        } else {
            Self::Staff(caller.user())
        }
    }

    fn stored(invited_by: Option<Uuid>, by_staff: bool) -> Self {
        match invited_by {
            None => Self::Platform,
            Some(user) if by_staff => Self::Staff(UserId(user)),
            Some(user) => Self::Member(UserId(user)),
        }
    }

    /// The person, if it is one.
    pub fn person(self) -> Option<UserId> {
        match self {
            Self::Platform => None,
            Self::Member(user) | Self::Staff(user) => Some(user),
        }
    }

    fn is_staff(self) -> bool {
        matches!(self, Self::Staff(_))
    }
}

/// The two tokens of an invitation, as they are stored.
#[derive(Clone, Debug)]
pub struct TokenHashes {
    /// Of the one that is answered.
    pub answered: Vec<u8>,
    /// Of the one that is mailed.
    pub mailed: Vec<u8>,
}

/// What a presented token is to its invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presented {
    /// It was mailed: its holder reads the mail of the address.
    Mailed,
    /// It was answered to who invited: it proves nothing.
    Answered,
    /// Later ones took its place.
    Replaced,
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
    /// Who invited.
    pub giver: Giver,
    /// What the token is that it was found by.
    pub presented: Presented,
}

impl Acceptable {
    /// 410 unless it can be accepted by the token it was found by.
    pub fn check_open(&self) -> Result<(), Problem> {
        domain::check_open(self.view.status)?;
        if self.presented == Presented::Replaced { Err(domain::replaced()) } else { Ok(()) }
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
    type Row = (Uuid, Uuid, Option<String>, Option<String>, Option<Uuid>, bool, Vec<u8>, Option<Vec<u8>>);
    let opens = dsl::token_hash.eq(hash).or(dsl::mailed_token_hash.is_not_distinct_from(hash));
    let row: Option<Row> = dsl::invitations
        .filter(opens.or(dsl::replaced_token_hashes.contains(vec![hash.to_vec()])))
        .select((
            dsl::id,
            dsl::role_id,
            dsl::first_name,
            dsl::last_name,
            dsl::invited_by,
            dsl::by_staff,
            dsl::token_hash,
            dsl::mailed_token_hash,
        ))
        .for_update()
        .first(&mut **tx)
        .await
        .optional()?;
    let Some((id, role_id, first_name, last_name, invited_by, by_staff, answered, mailed)) = row else {
        return Ok(None);
    };
    let presented = if mailed.as_deref() == Some(hash) {
        Presented::Mailed
    } else if answered == hash {
        Presented::Answered
    } else {
        Presented::Replaced
    };
    let view = find(tx, id).await?;
    let giver = Giver::stored(invited_by, by_staff);
    Ok(Some(Acceptable { view, role_id, first_name, last_name, giver, presented }))
}

/// One that can be accepted as far as it is stored: its id, who gave it and the role.
pub type Open = (Uuid, Giver, Uuid);

/// Those that are pending and were given by members, whether or not their time is over.
pub async fn given_by_members(tx: &mut TenantTx<'_>) -> QueryResult<Vec<Open>> {
    let rows: Vec<(Uuid, Option<Uuid>, Uuid)> = dsl::invitations
        .filter(dsl::status.eq(InvitationStatus::Pending.word()))
        .filter(dsl::invited_by.is_not_null().and(dsl::by_staff.eq(false)))
        .order(dsl::id)
        .select((dsl::id, dsl::invited_by, dsl::role_id))
        .for_update()
        .load(&mut **tx)
        .await?;
    Ok(rows.into_iter().map(|(id, by, role)| (id, Giver::stored(by, false), role)).collect())
}

/// The open invitation for this address. An expired one does not count.
pub async fn pending_for(tx: &mut TenantTx<'_>, email: &str) -> QueryResult<Option<Uuid>> {
    let pending = dsl::email.eq(email).and(dsl::status.eq(InvitationStatus::Pending.word()));
    diesel::update(dsl::invitations.filter(pending).filter(dsl::expires_at.le(Utc::now())))
        .set(dsl::status.eq(InvitationStatus::Expired.word()))
        .execute(&mut **tx)
        .await?;
    dsl::invitations.filter(pending).select(dsl::id).first(&mut **tx).await.optional()
}

/// Adds one that can be accepted from now on.
pub async fn insert(
    tx: &mut TenantTx<'_>,
    draft: &Draft<'_>,
    hashes: &TokenHashes,
) -> QueryResult<InvitationView> {
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
            dsl::invited_by.eq(draft.giver.person().map(|user| user.0)),
            dsl::by_staff.eq(draft.giver.is_staff()),
            dsl::token_hash.eq(&hashes.answered),
            dsl::mailed_token_hash.eq(&hashes.mailed),
            dsl::expires_at.eq(domain::expiry()),
        ))
        .execute(&mut **tx)
        .await?;
    find(tx, id).await
}

/// Gives an invitation new tokens, its full lifetime again, and the current sender as its inviter.
pub async fn renew(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    giver: Giver,
    hashes: &TokenHashes,
) -> QueryResult<InvitationView> {
    diesel::sql_query(
        "UPDATE invitations SET status = 'pending', replaced_token_hashes = replaced_token_hashes || \
         array_remove(ARRAY[token_hash, mailed_token_hash], NULL), token_hash = $2, mailed_token_hash = $3, \
         invited_by = $4, by_staff = $5, expires_at = $6, version = version + 1, updated_at = now() WHERE id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Bytea, _>(&hashes.answered)
    .bind::<Bytea, _>(&hashes.mailed)
    .bind::<Nullable<SqlUuid>, _>(giver.person().map(|user| user.0))
    .bind::<Bool, _>(giver.is_staff())
    .bind::<Timestamptz, _>(domain::expiry())
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
