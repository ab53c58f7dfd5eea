//! Imports in the database: the file, and how far it is.

use chrono::{DateTime, Utc};
use contracts::identity::PlatformRole;
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    db::{Cacheable, SystemTx, TenantTx},
    http::access::TenantCaller,
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    api::{ImportMode, ImportStatus},
    columns,
    plans::json,
    settings::{ImportSettings, UpdateBy},
    survey::Survey,
    taken::TakenImport,
};

/// A file that was taken in and is about to become an import.
#[derive(Debug)]
pub struct NewImport {
    /// Id; the chunks have it already.
    pub id: Uuid,
    /// The mode in which it begins.
    pub mode: ImportMode,
    /// The file's name.
    pub file_name: Option<String>,
    /// The settings that were asked for.
    pub settings: ImportSettings,
    /// The file as it was taken.
    pub survey: Survey,
}

/// The caller's role on the platform, as imports keep it.
fn platform_role(caller: &TenantCaller) -> Option<&'static str> {
    Some(caller.platform_role()).filter(|role| !role.is_none()).map(PlatformRole::name)
}

/// Adds an import for a worker to find. It acts for the caller.
pub async fn insert(tx: &mut TenantTx<'_>, import: &NewImport, caller: &TenantCaller) -> QueryResult<usize> {
    let NewImport { settings, survey, .. } = import;
    diesel::sql_query(
        "INSERT INTO imports (id, tenant_id, mode, update_by, mapping, file_name, acts_as, created_by, acts_for, \
         request_id, traceparent, format, duplicate_policy, layout, columns, settings, warnings, rows_estimate, headings, \
         chunks) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         (SELECT count(*) FROM import_chunks WHERE import_id = $1))",
    )
    .bind::<SqlUuid, _>(import.id)
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Text, _>(import.mode.word())
    .bind::<Nullable<Text>, _>(settings.update_by.map(UpdateBy::word))
    .bind::<Jsonb, _>(columns::mapping(&survey.columns))
    .bind::<Nullable<Text>, _>(import.file_name.as_deref())
    .bind::<Nullable<Text>, _>(platform_role(caller))
    .bind::<SqlUuid, _>(caller.user().0)
    .bind::<Text, _>(&caller.context().request_id)
    .bind::<Text, _>(caller.context().trace.header())
    .bind::<Text, _>(survey.layout.format.word())
    .bind::<Text, _>(settings.policy().word())
    .bind::<Jsonb, _>(json(&survey.layout))
    .bind::<Jsonb, _>(json(&survey.columns))
    .bind::<Jsonb, _>(json(settings))
    .bind::<Jsonb, _>(json(&survey.warnings))
    .bind::<Nullable<BigInt>, _>(survey.rows_estimate)
    .bind::<Text, _>(&survey.headings)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Claims an import that is due: of each tenant one at a time, the first that was queued. One that a worker holds, dead or
/// alive, comes before those that wait; once its lease has run out it is claimed again.
///
/// # Errors
/// A violated `imports_worker_key` where another worker claims one of the same tenant at this moment.
pub async fn take(
    tx: &mut SystemTx<'_>,
    worker: &str,
    until: DateTime<Utc>,
) -> QueryResult<Option<TakenImport>> {
    diesel::sql_query(
        "UPDATE imports SET worker = $1, leased_until = $2 WHERE id = (SELECT id FROM imports i \
         WHERE (status IN ('pending', 'validating', 'running') AND mode <> 'preview' OR is_undoing) \
         AND (leased_until IS NULL OR leased_until < now()) \
         AND NOT EXISTS (SELECT FROM imports o WHERE o.tenant_id = i.tenant_id AND o.id <> i.id AND o.worker IS NOT NULL) \
         AND (worker IS NOT NULL OR NOT EXISTS (SELECT FROM imports o WHERE o.tenant_id = i.tenant_id \
         AND (o.status IN ('pending', 'validating', 'running') AND o.mode <> 'preview' OR o.is_undoing) \
         AND (o.leased_until IS NULL OR o.leased_until < now()) AND (o.queued_at, o.id) < (i.queued_at, i.id))) \
         ORDER BY worker IS NULL, queued_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) \
         RETURNING id, tenant_id, status, mode, update_by, duplicate_policy, layout, columns, settings, file_name, done, \
         is_undoing, coalesce(acts_for, created_by) AS acts_for, acts_as, failure, request_id, traceparent",
    )
    .bind::<Text, _>(worker)
    .bind::<Timestamptz, _>(until)
    .cached()
    .get_result(&mut **tx)
    .await
    .optional()
}

/// Gives back what a worker holds.
pub async fn hand_back(tx: &mut SystemTx<'_>, worker: &str) -> QueryResult<usize> {
    diesel::sql_query("UPDATE imports SET worker = NULL, leased_until = NULL WHERE worker = $1")
        .bind::<Text, _>(worker)
        .cached()
        .execute(&mut **tx)
        .await
}

/// Ends previews that were not started within a day.
pub async fn expire_previews(tx: &mut SystemTx<'_>) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE imports SET status = 'failed', failure = 'It was not started within a day; upload the file again.', \
         finished_at = now(), updated_at = now() \
         WHERE mode = 'preview' AND status = 'pending' AND updated_at < now() - interval '1 day'",
    )
    .cached()
    .execute(&mut **tx)
    .await
}

/// Numbers of rows by their outcomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows looked at.
    pub rows: i32,
    /// Made a lead.
    pub created: i32,
    /// Updated one.
    pub updated: i32,
    /// Rows about known persons.
    pub duplicates: i32,
    /// Have faults.
    pub errors: i32,
    /// Have warnings.
    pub warned: i32,
}

impl Counts {
    /// The sum of two.
    pub const fn plus(self, other: Self) -> Self {
        Self {
            rows: self.rows + other.rows,
            created: self.created + other.created,
            updated: self.updated + other.updated,
            duplicates: self.duplicates + other.duplicates,
            errors: self.errors + other.errors,
            warned: self.warned + other.warned,
        }
    }
}

/// Whether the worker still holds the import; renews its lease and keeps it from others until the transaction ends.
pub async fn hold(
    tx: &mut TenantTx<'_>,
    import: Uuid,
    worker: &str,
    until: DateTime<Utc>,
) -> QueryResult<bool> {
    let held = diesel::sql_query("UPDATE imports SET leased_until = $3 WHERE id = $1 AND worker = $2")
        .bind::<SqlUuid, _>(import)
        .bind::<Text, _>(worker)
        .bind::<Timestamptz, _>(until)
        .cached()
        .execute(&mut **tx)
        .await?;
    Ok(held == 1)
}

/// Notes what validation has seen so far. One that ends with it is no longer held.
pub async fn set_validated(
    tx: &mut TenantTx<'_>,
    import: Uuid,
    counts: Counts,
    expected: Option<&Value>,
    status: ImportStatus,
) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE imports SET status = $2, total = $3, created = CASE WHEN $9 THEN $4 ELSE 0 END, \
         updated = CASE WHEN $9 THEN $5 ELSE 0 END, duplicates = CASE WHEN $9 THEN $6 ELSE 0 END, \
         errors = CASE WHEN $9 THEN $7 ELSE 0 END, warned = CASE WHEN $9 THEN $10 ELSE 0 END, expected = $8, updated_at = now(), \
         finished_at = CASE WHEN $9 THEN now() END, worker = CASE WHEN $9 THEN NULL ELSE worker END, \
         leased_until = CASE WHEN $9 THEN NULL ELSE leased_until END WHERE id = $1",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<Text, _>(status.word())
    .bind::<Integer, _>(counts.rows)
    .bind::<Integer, _>(counts.created)
    .bind::<Integer, _>(counts.updated)
    .bind::<Integer, _>(counts.duplicates)
    .bind::<Integer, _>(counts.errors)
    .bind::<Nullable<Jsonb>, _>(expected)
    .bind::<Bool, _>(matches!(status, ImportStatus::Completed | ImportStatus::CompletedWithErrors))
    .bind::<Integer, _>(counts.warned)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Adds a batch of outcomes to what the import has come to.
pub async fn advance(tx: &mut TenantTx<'_>, import: Uuid, counts: Counts) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE imports SET done = done + $2, created = created + $3, updated = updated + $4, \
         duplicates = duplicates + $5, errors = errors + $6, warned = warned + $7, updated_at = now() WHERE id = $1",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<Integer, _>(counts.rows)
    .bind::<Integer, _>(counts.created)
    .bind::<Integer, _>(counts.updated)
    .bind::<Integer, _>(counts.duplicates)
    .bind::<Integer, _>(counts.errors)
    .bind::<Integer, _>(counts.warned)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Adds to the leads that stay although the import that made them is taken back.
pub async fn add_kept(tx: &mut TenantTx<'_>, import: Uuid, kept: i32) -> QueryResult<usize> {
    if kept == 0 {
        return Ok(0);
    }
    diesel::sql_query("UPDATE imports SET kept = kept + $2 WHERE id = $1")
        .bind::<SqlUuid, _>(import)
        .bind::<Integer, _>(kept)
        .cached()
        .execute(&mut **tx)
        .await
}

/// Ends an import; with errors when rows had some. Of the file only the beginning stays, for its header.
pub async fn finish(tx: &mut TenantTx<'_>, import: Uuid, failure: Option<&str>) -> QueryResult<usize> {
    diesel::sql_query("DELETE FROM import_chunks WHERE import_id = $1 AND place > 0")
        .bind::<SqlUuid, _>(import)
        .cached()
        .execute(&mut **tx)
        .await?;
    diesel::sql_query(
        "UPDATE imports SET status = CASE WHEN $2 IS NOT NULL THEN 'failed' WHEN errors > 0 \
         THEN 'completed_with_errors' ELSE 'completed' END, failure = $2, finished_at = now(), updated_at = now(), \
         is_undoing = false, worker = NULL, leased_until = NULL WHERE id = $1",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<Nullable<Text>, _>(failure)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Lets an import wait, and shows why.
pub async fn pause(
    tx: &mut TenantTx<'_>,
    import: Uuid,
    reason: &str,
    until: DateTime<Utc>,
) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE imports SET failure = $2, leased_until = $3, worker = NULL, updated_at = now() WHERE id = $1",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<Text, _>(reason)
    .bind::<Timestamptz, _>(until)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Notes that a paused import goes on.
pub async fn resume(tx: &mut TenantTx<'_>, import: Uuid) -> QueryResult<usize> {
    diesel::sql_query("UPDATE imports SET failure = NULL, updated_at = now() WHERE id = $1")
        .bind::<SqlUuid, _>(import)
        .cached()
        .execute(&mut **tx)
        .await
}

/// Has one that waited or was only looked at written, or looked at, by a worker, for the caller; what was said of its rows
/// is forgotten.
pub async fn start(
    tx: &mut TenantTx<'_>,
    import: Uuid,
    mode: ImportMode,
    caller: &TenantCaller,
) -> QueryResult<usize> {
    diesel::sql_query("DELETE FROM import_rows WHERE import_id = $1")
        .bind::<SqlUuid, _>(import)
        .cached()
        .execute(&mut **tx)
        .await?;
    diesel::sql_query(
        "UPDATE imports SET mode = $2, status = 'pending', acts_for = $3, acts_as = $4, total = 0, created = 0, \
         updated = 0, duplicates = 0, errors = 0, warned = 0, expected = NULL, done = 0, failure = NULL, \
         finished_at = NULL, worker = NULL, leased_until = NULL, queued_at = now(), updated_at = now() WHERE id = $1",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<Text, _>(mode.word())
    .bind::<SqlUuid, _>(caller.user().0)
    .bind::<Nullable<Text>, _>(platform_role(caller))
    .cached()
    .execute(&mut **tx)
    .await
}

/// Has an import that is over taken back by a worker, for the caller.
pub async fn start_undo(tx: &mut TenantTx<'_>, import: Uuid, caller: &TenantCaller) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE imports SET is_undoing = true, status = 'running', acts_for = $2, acts_as = $3, failure = NULL, \
         worker = NULL, leased_until = NULL, queued_at = now(), updated_at = now() WHERE id = $1",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<SqlUuid, _>(caller.user().0)
    .bind::<Nullable<Text>, _>(platform_role(caller))
    .cached()
    .execute(&mut **tx)
    .await
}

/// Ends the taking back.
pub async fn finish_undo(tx: &mut TenantTx<'_>, import: Uuid) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE imports SET is_undoing = false, status = 'undone', finished_at = now(), updated_at = now(), \
         worker = NULL, leased_until = NULL WHERE id = $1",
    )
    .bind::<SqlUuid, _>(import)
    .cached()
    .execute(&mut **tx)
    .await
}
