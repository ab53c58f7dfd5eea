//! Service accounts in the database.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, Queryable,
    Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, GlobalTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::{
    api::{ServiceAccountStatus, ServiceAccountView},
    domain::NewServiceAccount,
};
use crate::{
    schema::service_accounts::{self, dsl},
    tokens::Fingerprint,
};

/// `last_used_at` is written at most this often.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// An account that presents a secret.
#[derive(Queryable, Selectable)]
#[diesel(table_name = service_accounts, check_for_backend(diesel::pg::Pg))]
pub struct ClientRow {
    /// Id.
    pub id: Uuid,
    /// What is kept of its secret.
    pub secret_sha256: Vec<u8>,
    /// What its tokens may be good for.
    pub audiences: Vec<String>,
    /// When it last got a token.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// One stretch of the list.
pub async fn page(
    tx: &mut GlobalTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<ServiceAccountView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Adds one.
pub async fn insert(
    tx: &mut GlobalTx<'_>,
    new: &NewServiceAccount,
    client_id: &str,
    secret: &Fingerprint,
    by: UserId,
) -> QueryResult<ServiceAccountView> {
    diesel::insert_into(dsl::service_accounts)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::name.eq(&new.name),
            dsl::client_id.eq(client_id),
            dsl::secret_sha256.eq(secret.as_slice()),
            dsl::audiences.eq(&new.audiences),
            dsl::status.eq(new.status.name()),
            dsl::created_by.eq(by.0),
        ))
        .returning(ServiceAccountView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Reads one.
pub async fn find(tx: &mut GlobalTx<'_>, id: Uuid) -> QueryResult<ServiceAccountView> {
    let live = dsl::id.eq(id).and(dsl::deleted_at.is_null());
    dsl::service_accounts.filter(live).select(ServiceAccountView::as_select()).first(&mut **tx).await
}

/// Reads one that is about to change.
pub async fn lock(tx: &mut GlobalTx<'_>, id: Uuid) -> QueryResult<ServiceAccountView> {
    let live = dsl::id.eq(id).and(dsl::deleted_at.is_null());
    let query = dsl::service_accounts.filter(live).select(ServiceAccountView::as_select());
    query.for_update().first(&mut **tx).await
}

/// Writes one.
pub async fn update(
    tx: &mut GlobalTx<'_>,
    id: Uuid,
    new: &NewServiceAccount,
) -> QueryResult<ServiceAccountView> {
    diesel::update(dsl::service_accounts.filter(dsl::id.eq(id)))
        .set((
            dsl::name.eq(&new.name),
            dsl::audiences.eq(&new.audiences),
            dsl::status.eq(new.status.name()),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(ServiceAccountView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Gives one another secret.
pub async fn set_secret(
    tx: &mut GlobalTx<'_>,
    id: Uuid,
    secret: &Fingerprint,
) -> QueryResult<ServiceAccountView> {
    diesel::update(dsl::service_accounts.filter(dsl::id.eq(id)))
        .set((
            dsl::secret_sha256.eq(secret.as_slice()),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(ServiceAccountView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Deletes one softly.
pub async fn archive(tx: &mut GlobalTx<'_>, id: Uuid) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(dsl::service_accounts.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(now), dsl::updated_at.eq(now), dsl::version.eq(dsl::version + 1)))
        .execute(&mut **tx)
        .await
}

/// The account of a client id, if it is in use.
pub async fn find_client(tx: &mut GlobalTx<'_>, client_id: &str) -> QueryResult<Option<ClientRow>> {
    let in_use = dsl::deleted_at.is_null().and(dsl::status.eq(ServiceAccountStatus::Active.name()));
    dsl::service_accounts
        .filter(dsl::client_id.eq(client_id).and(in_use))
        .select(ClientRow::as_select())
        .first(&mut **tx)
        .await
        .optional()
}

/// Takes note that it got a token, now and then.
pub async fn note_use(tx: &mut GlobalTx<'_>, client: &ClientRow) -> QueryResult<()> {
    let now = Utc::now();
    if client.last_used_at.is_some_and(|noted| now - noted < NOTED_EVERY) {
        return Ok(());
    }
    diesel::update(dsl::service_accounts.filter(dsl::id.eq(client.id)))
        .set(dsl::last_used_at.eq(now))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Whether it is in use.
pub async fn is_active(tx: &mut GlobalTx<'_>, id: Uuid) -> QueryResult<bool> {
    let in_use = dsl::deleted_at.is_null().and(dsl::status.eq(ServiceAccountStatus::Active.name()));
    let query = dsl::service_accounts.filter(dsl::id.eq(id).and(in_use));
    diesel::select(diesel::dsl::exists(query)).get_result(&mut **tx).await
}
