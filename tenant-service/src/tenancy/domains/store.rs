//! Host names in the database.

use chrono::Utc;
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
    dsl::sql,
    result::{DatabaseErrorKind, Error},
    sql_types::Text,
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{SystemTx, TenantTx},
};
use uuid::Uuid;

use super::domain::{self, Domain, NewDomain};
use crate::schema::domains::dsl;

/// All of the tenant's, the primary one first.
pub async fn all(tx: &mut TenantTx<'_>) -> QueryResult<Vec<Domain>> {
    dsl::domains.order((dsl::is_primary.desc(), dsl::host)).select(Domain::as_select()).load(&mut **tx).await
}

/// Reads one.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<Domain> {
    dsl::domains.filter(dsl::id.eq(id)).select(Domain::as_select()).first(&mut **tx).await
}

/// The one under which a name leads to a tenant, whichever tenant that is.
pub async fn verified(tx: &mut SystemTx<'_>, host: &str) -> QueryResult<Option<Domain>> {
    let proven = dsl::host.eq(host).and(dsl::verified_at.is_not_null());
    dsl::domains.filter(proven).select(Domain::as_select()).first(&mut **tx).await.optional()
}

/// Lets no name be the primary one, for another to take its place.
pub async fn clear_primary(tx: &mut TenantTx<'_>) -> QueryResult<usize> {
    diesel::update(dsl::domains.filter(dsl::is_primary.eq(true)))
        .set((dsl::is_primary.eq(false), dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .execute(&mut **tx)
        .await
}

/// Makes the oldest verified name the primary one.
pub async fn promote_oldest(tx: &mut TenantTx<'_>) -> QueryResult<usize> {
    let oldest: Option<Uuid> = dsl::domains
        .filter(dsl::verified_at.is_not_null())
        .order(dsl::created_at)
        .select(dsl::id)
        .first(&mut **tx)
        .await
        .optional()?;
    let Some(oldest) = oldest else { return Ok(0) };
    diesel::update(dsl::domains.filter(dsl::id.eq(oldest)))
        .set((dsl::is_primary.eq(true), dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .execute(&mut **tx)
        .await
}

/// Adds one. It is verified if it is the platform's to give.
pub async fn insert(tx: &mut TenantTx<'_>, new: &NewDomain, by: UserId) -> Result<Domain, Problem> {
    diesel::insert_into(dsl::domains)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::host.eq(&new.host),
            dsl::is_primary.eq(new.is_primary),
            dsl::verified_at.eq(new.is_given.then(Utc::now)),
            dsl::created_by.eq(by.0),
        ))
        .returning(Domain::as_returning())
        .get_result(&mut **tx)
        .await
        .map_err(taken)
}

/// Writes one. Another name is not verified, unless it is the platform's to give, and has a token of its own.
pub async fn update(tx: &mut TenantTx<'_>, before: &Domain, new: &NewDomain) -> Result<Domain, Problem> {
    let is_same = before.host == new.host;
    if !is_same {
        diesel::update(dsl::domains.filter(dsl::id.eq(before.id)))
            .set((
                dsl::verified_at.eq(new.is_given.then(Utc::now)),
                dsl::token.eq(sql::<Text>("DEFAULT")),
                dsl::host.eq(&new.host),
            ))
            .execute(&mut **tx)
            .await
            .map_err(taken)?;
    }
    let updated = diesel::update(dsl::domains.filter(dsl::id.eq(before.id)))
        .set((
            dsl::is_primary.eq(new.is_primary),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(Domain::as_returning())
        .get_result(&mut **tx)
        .await?;
    Ok(updated)
}

/// Notes that one is proven, or is not any more. None when it has another token by now.
pub async fn set_verified(
    tx: &mut TenantTx<'_>,
    domain: &Domain,
    is_verified: bool,
) -> Result<Option<Domain>, Problem> {
    let same = dsl::id.eq(domain.id).and(dsl::token.eq(&domain.token));
    diesel::update(dsl::domains.filter(same))
        .set((
            dsl::verified_at.eq(is_verified.then(Utc::now)),
            dsl::is_primary.eq(is_verified && domain.is_primary),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(Domain::as_returning())
        .get_result(&mut **tx)
        .await
        .optional()
        .map_err(taken)
}

/// Deletes one; another tenant may register it afterwards.
pub async fn delete(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<usize> {
    diesel::delete(dsl::domains.filter(dsl::id.eq(id))).execute(&mut **tx).await
}

/// 409 `host_taken` where that is what went wrong.
fn taken(error: Error) -> Problem {
    match &error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information)
            if information.constraint_name() == Some("domains_proven_host_key") =>
        {
            domain::taken()
        }
        _ => error.into(),
    }
}
