//! Identities at other issuers in the database.

use chrono::Utc;
use contracts::UserId;
use diesel::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult};
use diesel_async::RunQueryDsl;
use platform::db::GlobalTx;
use uuid::Uuid;

use super::domain::ForeignClaims;
use crate::schema::identities::dsl;

/// The identity of a token with its user, if it is known.
pub async fn find(tx: &mut GlobalTx<'_>, claims: &ForeignClaims) -> QueryResult<Option<(Uuid, UserId)>> {
    let found: Option<(Uuid, Uuid)> = dsl::identities
        .filter(dsl::issuer.eq(&claims.issuer).and(dsl::subject.eq(&claims.subject)))
        .select((dsl::id, dsl::user_id))
        .first(&mut **tx)
        .await
        .optional()?;
    Ok(found.map(|(id, user)| (id, UserId(user))))
}

/// Links an identity to a person, unless it is linked already.
pub async fn link(tx: &mut GlobalTx<'_>, claims: &ForeignClaims, user: UserId) -> QueryResult<usize> {
    diesel::insert_into(dsl::identities)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::user_id.eq(user.0),
            dsl::issuer.eq(&claims.issuer),
            dsl::subject.eq(&claims.subject),
        ))
        .on_conflict_do_nothing()
        .execute(&mut **tx)
        .await
}

/// Takes note that it was used.
pub async fn note_use(tx: &mut GlobalTx<'_>, id: Uuid) -> QueryResult<usize> {
    diesel::update(dsl::identities.filter(dsl::id.eq(id)))
        .set(dsl::last_used_at.eq(Utc::now()))
        .execute(&mut **tx)
        .await
}

/// Unlinks all identities of a person. Gives their ids.
pub async fn remove_all(tx: &mut GlobalTx<'_>, user: UserId) -> QueryResult<Vec<Uuid>> {
    diesel::delete(dsl::identities.filter(dsl::user_id.eq(user.0)))
        .returning(dsl::id)
        .get_results(&mut **tx)
        .await
}
