//! The uploaded files in the database, in pieces.

use diesel::{
    OptionalExtension, QueryResult, QueryableByName,
    sql_types::{BigInt, Bool, Bytea, Integer, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, SystemTx, TenantTx};
use uuid::Uuid;

/// Keeps a piece of a file.
pub async fn keep(tx: &mut TenantTx<'_>, import: Uuid, place: i32, bytes: &[u8]) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO import_chunks (tenant_id, import_id, place, bytes) VALUES ($1, $2, $3, $4)",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(import)
    .bind::<Integer, _>(place)
    .bind::<Bytea, _>(bytes)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Forgets a file that became no import.
pub async fn forget(tx: &mut TenantTx<'_>, import: Uuid) -> QueryResult<usize> {
    diesel::sql_query("DELETE FROM import_chunks WHERE import_id = $1")
        .bind::<SqlUuid, _>(import)
        .cached()
        .execute(&mut **tx)
        .await
}

/// A piece of a file; none behind its end.
pub async fn read(tx: &mut TenantTx<'_>, import: Uuid, place: i32) -> QueryResult<Option<Vec<u8>>> {
    #[derive(QueryableByName)]
    struct Chunk {
        #[diesel(sql_type = Bytea)]
        bytes: Vec<u8>,
    }
    let chunk: Option<Chunk> =
        diesel::sql_query("SELECT bytes FROM import_chunks WHERE import_id = $1 AND place = $2")
            .bind::<SqlUuid, _>(import)
            .bind::<Integer, _>(place)
            .cached()
            .get_result(&mut **tx)
            .await
            .optional()?;
    Ok(chunk.map(|chunk| chunk.bytes))
}

/// Whether a file is still there as a whole, and its size in bytes.
pub async fn whole(tx: &mut TenantTx<'_>, import: Uuid) -> QueryResult<(bool, i64)> {
    #[derive(QueryableByName)]
    struct Kept {
        #[diesel(sql_type = Bool)]
        whole: bool,
        #[diesel(sql_type = BigInt)]
        size: i64,
    }
    let Kept { whole, size } = diesel::sql_query(
        "SELECT coalesce(c.pieces = i.chunks, false) AS whole, c.size FROM imports i, LATERAL (SELECT count(*) AS pieces, \
         coalesce(sum(length(bytes)), 0)::bigint AS size FROM import_chunks WHERE import_id = i.id) c WHERE i.id = $1",
    )
    .bind::<SqlUuid, _>(import)
    .cached()
    .get_result(&mut **tx)
    .await?;
    Ok((whole, size))
}

/// Forgets files that never became an import, of previews that were not started within a day, and of those that were only
/// looked at a week ago all but the beginning.
pub async fn forget_strays(tx: &mut SystemTx<'_>) -> QueryResult<usize> {
    diesel::sql_query(
        "DELETE FROM import_chunks c WHERE c.created_at < now() - interval '1 day' \
         AND (NOT EXISTS (SELECT 1 FROM imports i WHERE i.id = c.import_id) OR EXISTS (SELECT 1 FROM imports i \
         WHERE i.id = c.import_id AND i.mode = 'preview' AND i.finished_at IS NOT NULL) OR c.place > 0 AND EXISTS (SELECT 1 \
         FROM imports i WHERE i.id = c.import_id AND i.mode = 'validate' AND i.finished_at < now() - interval '7 days'))",
    )
    .cached()
    .execute(&mut **tx)
    .await
}
