//! Users in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::{UserId, identity::PlatformRole};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, Queryable, Selectable, SelectableHelper,
    upsert::DecoratableTarget,
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, GlobalTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::domain::{AccountType, NewUser, Standing, User, UserStatus};
use crate::schema::{tenant_foundings, users, users::dsl};

/// A row as it is stored.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(diesel::pg::Pg))]
pub struct UserRow {
    id: Uuid,
    email: String,
    password_hash: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    phone: Option<String>,
    account_type: String,
    status: String,
    platform_role: String,
    email_verified_at: Option<DateTime<Utc>>,
    last_login_at: Option<DateTime<Utc>>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl TryFrom<UserRow> for User {
    type Error = Problem;

    fn try_from(row: UserRow) -> Result<Self, Problem> {
        let unknown = |what: &str| Problem::internal(format!("user {} has an unknown {what}", row.id));
        Ok(Self {
            account_type: AccountType::parse(&row.account_type).ok_or_else(|| unknown("account_type"))?,
            status: UserStatus::parse(&row.status).ok_or_else(|| unknown("status"))?,
            platform_role: PlatformRole::parse(&row.platform_role).ok_or_else(|| unknown("platform_role"))?,
            id: UserId(row.id),
            email: row.email,
            password_hash: row.password_hash,
            first_name: row.first_name,
            last_name: row.last_name,
            phone: row.phone,
            email_verified_at: row.email_verified_at,
            last_login_at: row.last_login_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn known(row: QueryResult<UserRow>) -> Result<Option<User>, Problem> {
    row.optional()?.map(User::try_from).transpose()
}

/// One stretch of the list.
pub async fn page(
    tx: &mut GlobalTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<User>), Problem> {
    let (total, rows) = db::list::load::<UserRow>(tx, criteria, &Visibility::All).await?;
    Ok((total, rows.into_iter().map(User::try_from).collect::<Result<_, _>>()?))
}

/// Adds one; none when the address is taken.
pub async fn insert(tx: &mut GlobalTx<'_>, new: &NewUser) -> Result<Option<User>, Problem> {
    let row = diesel::insert_into(dsl::users)
        .values((
            dsl::id.eq(UserId::new().0),
            dsl::email.eq(&new.email),
            dsl::password_hash.eq(&new.password_hash),
            dsl::first_name.eq(&new.first_name),
            dsl::last_name.eq(&new.last_name),
            dsl::account_type.eq(new.account_type.name()),
            dsl::platform_role.eq(new.platform_role.name()),
            dsl::email_verified_at.eq(new.email_verified.then(Utc::now)),
        ))
        .on_conflict(dsl::email)
        .filter_target(dsl::deleted_at.is_null())
        .do_nothing()
        .returning(UserRow::as_returning())
        .get_result(&mut **tx)
        .await;
    known(row)
}

/// Reads one.
pub async fn find(tx: &mut GlobalTx<'_>, id: UserId) -> Result<Option<User>, Problem> {
    let query = dsl::users.filter(dsl::id.eq(id.0)).filter(dsl::deleted_at.is_null());
    known(query.select(UserRow::as_select()).first(&mut **tx).await)
}

/// Reads the one with this address.
pub async fn find_by_email(tx: &mut GlobalTx<'_>, email: &str) -> Result<Option<User>, Problem> {
    let query = dsl::users.filter(dsl::email.eq(email)).filter(dsl::deleted_at.is_null());
    known(query.select(UserRow::as_select()).first(&mut **tx).await)
}

/// Reads several, the deleted included.
pub async fn find_all(tx: &mut GlobalTx<'_>, ids: &[UserId]) -> Result<Vec<User>, Problem> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<UserRow> =
        dsl::users.filter(dsl::id.eq_any(ids)).select(UserRow::as_select()).load(&mut **tx).await?;
    rows.into_iter().map(User::try_from).collect()
}

/// Reads one that is about to change. Whatever begins, continues or ends a session of a person first does this: two
/// such changes never run at once, so that none overlooks a token that the other just made.
pub async fn lock(tx: &mut GlobalTx<'_>, id: UserId) -> Result<Option<User>, Problem> {
    let query = dsl::users.filter(dsl::id.eq(id.0)).filter(dsl::deleted_at.is_null());
    known(query.select(UserRow::as_select()).for_no_key_update().first(&mut **tx).await)
}

/// Whether the tenant of the user's registration is still to be made; until then the user cannot sign in.
pub async fn is_registering(tx: &mut GlobalTx<'_>, id: UserId) -> QueryResult<bool> {
    let founding = tenant_foundings::table.filter(tenant_foundings::user_id.eq(id.0));
    diesel::select(diesel::dsl::exists(founding)).get_result(&mut **tx).await
}

/// A password that was checked. It must still be the user's.
#[derive(Clone, Copy)]
pub struct CheckedPassword<'p> {
    /// What is kept of it.
    pub kept: &'p str,
    /// What is to be kept of it from now on, where that is made as it no longer would be.
    pub renewed: Option<&'p str>,
}

/// Records a sign-in, if the user may sign in and the credential is still valid; locks like [`lock`].
pub async fn note_login(
    tx: &mut GlobalTx<'_>,
    id: UserId,
    password: Option<CheckedPassword<'_>>,
) -> Result<Option<User>, Problem> {
    let target = dsl::users
        .filter(dsl::id.eq(id.0))
        .filter(dsl::deleted_at.is_null())
        .filter(dsl::status.eq(UserStatus::Active.name()));
    let set = dsl::last_login_at.eq(Utc::now());
    let row = match password {
        Some(CheckedPassword { kept, renewed }) => {
            let set = (set, dsl::password_hash.eq(renewed.unwrap_or(kept)));
            diesel::update(target.filter(dsl::password_hash.eq(kept)))
                .set(set)
                .returning(UserRow::as_returning())
                .get_result(&mut **tx)
                .await
        }
        None => {
            diesel::update(target).set(set).returning(UserRow::as_returning()).get_result(&mut **tx).await
        }
    };
    known(row)
}

/// Marks the address as proven. Gives whether it was not before. Called by the slice `proofs` alone.
pub async fn mark_proven(tx: &mut GlobalTx<'_>, id: UserId) -> QueryResult<bool> {
    let unproven = dsl::users.filter(dsl::id.eq(id.0)).filter(dsl::email_verified_at.is_null());
    let now = Utc::now();
    let changed = diesel::update(unproven)
        .set((dsl::email_verified_at.eq(now), dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(now)))
        .execute(&mut **tx)
        .await?;
    Ok(changed == 1)
}

/// Removes the password and marks the address as proven now. Called by the slice `proofs` alone.
pub async fn clear(tx: &mut GlobalTx<'_>, id: UserId) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(dsl::users.filter(dsl::id.eq(id.0)))
        .set((
            dsl::password_hash.eq(None::<String>),
            dsl::email_verified_at.eq(now),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(now),
        ))
        .execute(&mut **tx)
        .await
}

/// Sets the password, whatever it was.
pub async fn set_password(tx: &mut GlobalTx<'_>, id: UserId, password_hash: &str) -> QueryResult<usize> {
    diesel::update(dsl::users.filter(dsl::id.eq(id.0)))
        .set((
            dsl::password_hash.eq(password_hash),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .execute(&mut **tx)
        .await
}

/// Sets the password, if it still is the one that was checked; locks as [`lock`] does. Gives whether it was set.
pub async fn replace_password(tx: &mut GlobalTx<'_>, id: UserId, old: &str, new: &str) -> QueryResult<bool> {
    let target = dsl::users.filter(dsl::id.eq(id.0)).filter(dsl::password_hash.eq(old));
    let changed = diesel::update(target)
        .set((dsl::password_hash.eq(new), dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .execute(&mut **tx)
        .await?;
    Ok(changed == 1)
}

/// Sets the names.
pub async fn rename(
    tx: &mut GlobalTx<'_>,
    id: UserId,
    first_name: Option<&str>,
    last_name: Option<&str>,
) -> Result<User, Problem> {
    let row: UserRow = diesel::update(dsl::users.filter(dsl::id.eq(id.0)))
        .set((
            dsl::first_name.eq(first_name),
            dsl::last_name.eq(last_name),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(UserRow::as_returning())
        .get_result(&mut **tx)
        .await?;
    row.try_into()
}

/// Sets what an administrator decides.
pub async fn set_standing(tx: &mut GlobalTx<'_>, id: UserId, standing: Standing) -> Result<User, Problem> {
    let row: UserRow = diesel::update(dsl::users.filter(dsl::id.eq(id.0)))
        .set((
            dsl::status.eq(standing.status.name()),
            dsl::platform_role.eq(standing.platform_role.name()),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(UserRow::as_returning())
        .get_result(&mut **tx)
        .await?;
    row.try_into()
}

/// Deletes a user after a failed registration: the tenant was refused.
pub async fn remove(tx: &mut GlobalTx<'_>, id: UserId) -> QueryResult<usize> {
    diesel::delete(dsl::users.filter(dsl::id.eq(id.0))).execute(&mut **tx).await
}
