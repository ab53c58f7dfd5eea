//! Rows and files of imports that were kept long enough. Counts and mappings stay.

use chrono::{DateTime, Utc};
use contracts::TenantId;
use diesel::{
    QueryResult, QueryableByName,
    dsl::sql,
    expression::SqlLiteral,
    sql_types::{BigInt, Integer, Nullable, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, Db, TenantTx},
    worker::Shutdown,
};
use uuid::Uuid;

/// Rows that are deleted in one transaction.
const BATCH: i32 = 5_000;
/// Imports that are looked at in one go.
const MOST: i64 = 100;

/// Since when an import has to be over for its rows to go.
const LONG_OVER: &str =
    "rows_gone_at IS NULL AND NOT is_undoing AND finished_at < now() - interval '30 days'";

/// Until when the rows of an import are kept, as a column.
pub fn kept_until() -> SqlLiteral<Nullable<Timestamptz>> {
    sql("(finished_at + interval '30 days')")
}

/// The rows of an import with this column, and the file that they are from, can be asked for.
///
/// # Errors
/// 410 where they were kept long enough.
pub fn check_kept(until: Option<DateTime<Utc>>) -> Result<(), Problem> {
    if until.is_none_or(|until| Utc::now() < until) {
        return Ok(());
    }
    let detail = "The rows of an import and its file are kept for 30 days after its end. Its counts stay.";
    Err(Problem::gone("rows_expired", detail))
}

#[derive(QueryableByName)]
struct Old {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
}

/// Deletes rows of old imports, with what is left of their files and the samples of their columns. Gives of how many.
///
/// # Errors
/// 503 when the database is away; what was deleted until then stays deleted. One tenant that cannot be written now, because
/// it is being moved, holds up no other.
pub async fn sweep(db: &Db, shutdown: &Shutdown) -> Result<usize, Problem> {
    let old: Vec<Old> = db
        .in_system(async |tx| {
            let found = diesel::sql_query(format!(
                "SELECT id, tenant_id FROM imports WHERE {LONG_OVER} ORDER BY finished_at LIMIT $1"
            ));
            found.bind::<BigInt, _>(MOST).cached().load(&mut **tx).await.map_err(Problem::from)
        })
        .await?;
    let mut done = 0;
    for Old { id, tenant_id } in old {
        loop {
            if shutdown.is_triggered() {
                return Ok(done);
            }
            let is_over = db
                .in_tenant(TenantId(tenant_id), async |tx| forget(tx, id).await.map_err(Problem::from))
                .await;
            match is_over {
                Ok(false) => {}
                Ok(true) => {
                    done += 1;
                    break;
                }
                Err(problem) => {
                    tracing::warn!(import.id = %id, %problem, "rows of an old import stay a while longer");
                    break;
                }
            }
        }
    }
    Ok(done)
}

/// Deletes some rows of an import, and with the last of them the rest. Gives whether nothing is left to do.
async fn forget(tx: &mut TenantTx<'_>, import: Uuid) -> QueryResult<bool> {
    // Locked, so that it is not taken back meanwhile.
    let locked =
        diesel::sql_query(format!("SELECT id FROM imports WHERE id = $1 AND {LONG_OVER} FOR UPDATE"))
            .bind::<SqlUuid, _>(import)
            .cached()
            .execute(&mut **tx)
            .await?;
    if locked == 0 {
        return Ok(true);
    }
    let deleted = diesel::sql_query(
        "DELETE FROM import_rows WHERE import_id = $1 AND line IN (SELECT line FROM import_rows WHERE import_id = $1 \
         ORDER BY line LIMIT $2)",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<Integer, _>(BATCH)
    .cached()
    .execute(&mut **tx)
    .await?;
    if usize::try_from(BATCH).is_ok_and(|most| deleted >= most) {
        return Ok(false);
    }
    super::chunks::forget(tx, import).await?;
    diesel::sql_query(
        "UPDATE imports SET rows_gone_at = now(), columns = coalesce((SELECT jsonb_agg(c.value || '{\"samples\": []}' \
         ORDER BY c.place) FROM jsonb_array_elements(columns) WITH ORDINALITY AS c(value, place)), '[]') WHERE id = $1",
    )
    .bind::<SqlUuid, _>(import)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn rows_are_told_to_be_gone_from_the_moment_on() {
        let now = Utc::now();
        assert!(check_kept(None).is_ok() && check_kept(Some(now + TimeDelta::minutes(1))).is_ok());
        let gone = check_kept(Some(now - TimeDelta::seconds(1))).unwrap_err();
        assert_eq!((gone.status.as_u16(), gone.code), (410, "rows_expired"));
    }
}
