//! Mails that wait, in the database.

use diesel::{ExpressionMethods, QueryDsl, QueryResult};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use crate::schema::mails::dsl;

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, id: Uuid, subject: Uuid, sealed: &[u8]) -> QueryResult<usize> {
    diesel::insert_into(dsl::mails)
        .values((
            dsl::id.eq(id),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::subject_id.eq(subject),
            dsl::sealed.eq(sealed),
        ))
        .execute(&mut **tx)
        .await
}

/// Deletes those about this subject.
pub async fn delete_about(tx: &mut TenantTx<'_>, subject: Uuid) -> QueryResult<usize> {
    diesel::delete(dsl::mails.filter(dsl::subject_id.eq(subject))).execute(&mut **tx).await
}
