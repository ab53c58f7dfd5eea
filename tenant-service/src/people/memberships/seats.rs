//! A tenant has so many members at most. To be asked after `store::serialise`, so that two do not take the last seat.

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Bool, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx},
};

/// Which seats are not free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Those of active members.
    Taken,
    /// Seats of active members and of open invitations.
    Promised,
}

#[derive(QueryableByName)]
struct Seats {
    #[diesel(sql_type = BigInt)]
    most: i64,
    #[diesel(sql_type = BigInt)]
    taken: i64,
}

/// 422 `user_limit_reached` unless a seat is free.
///
/// # Errors
/// That, or when the database is away.
pub async fn check(tx: &mut TenantTx<'_>, counting: Counting) -> Result<(), Problem> {
    let Seats { most, taken } = diesel::sql_query(
        "SELECT t.max_users::bigint AS most, \
         (SELECT count(*) FROM memberships m WHERE m.status = 'active' AND m.deleted_at IS NULL) \
         + CASE WHEN $2 THEN (SELECT count(*) FROM invitations i WHERE i.status = 'pending' \
         AND i.expires_at > now()) ELSE 0 END AS taken FROM tenants t WHERE t.id = $1",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Bool, _>(counting == Counting::Promised)
    .cached()
    .get_result(&mut **tx)
    .await?;
    if taken < most {
        return Ok(());
    }
    let detail = format!("The tenant may have {most} members, and every seat is taken or promised.");
    Err(Problem::unprocessable("user_limit_reached", detail).with("max_users", most))
}
