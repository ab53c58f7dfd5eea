//! Inactive and former members: when what they hold goes to others, and who is above them.

use chrono::{DateTime, Days, Utc};
use contracts::{
    UserId,
    internal::tenants::{Leaver, Leaving},
};
use diesel::{
    QueryableByName,
    sql_types::{Array, Bool, Jsonb, Nullable, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx},
};
use serde_json::Value;
use uuid::Uuid;

use crate::settings::handover_days;

#[derive(QueryableByName)]
struct LeaverRow {
    #[diesel(sql_type = SqlUuid)]
    user_id: Uuid,
    #[diesel(sql_type = Bool)]
    is_removed: bool,
    #[diesel(sql_type = Timestamptz)]
    since: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    manager: Option<Uuid>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    days: Option<Value>,
}

/// Those of these people who are inactive members, or were members and are none any more; without their names.
///
/// Their superior may have left as well: then the next one above counts.
///
/// # Errors
/// When the database is away.
pub async fn among(tx: &mut TenantTx<'_>, people: &[Uuid]) -> Result<Vec<Leaver>, Problem> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<LeaverRow> = diesel::sql_query(
        "WITH RECURSIVE latest AS (\
         SELECT DISTINCT ON (user_id) user_id, reports_to, status, deleted_at, inactive_since, updated_at \
         FROM memberships WHERE tenant_id = $1 AND user_id = ANY($2) \
         ORDER BY user_id, deleted_at DESC NULLS FIRST), \
         leavers AS (SELECT * FROM latest WHERE deleted_at IS NOT NULL OR status <> 'active'), \
         way(user_id, above, step) AS (\
         SELECT user_id, reports_to, 1 FROM leavers WHERE reports_to IS NOT NULL \
         UNION ALL SELECT w.user_id, m.reports_to, w.step + 1 FROM way w JOIN memberships m ON m.id = w.above \
         WHERE m.reports_to IS NOT NULL AND (m.status <> 'active' OR m.deleted_at IS NOT NULL) AND w.step < 100) \
         SELECT l.user_id, l.deleted_at IS NOT NULL AS is_removed, \
         coalesce(l.deleted_at, l.inactive_since, l.updated_at) AS since, \
         (SELECT m.user_id FROM way w JOIN memberships m ON m.id = w.above \
         WHERE w.user_id = l.user_id AND m.status = 'active' AND m.deleted_at IS NULL ORDER BY w.step LIMIT 1) AS manager, \
         coalesce((SELECT s.value FROM settings s WHERE s.tenant_id = $1 AND s.user_id IS NULL \
         AND s.key = 'handover_after_days' AND s.deleted_at IS NULL), \
         (SELECT t.settings -> 'handover_after_days' FROM tenants t WHERE t.id = $1)) AS days \
         FROM leavers l ORDER BY l.user_id",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Array<SqlUuid>, _>(people)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(LeaverRow::into_leaver).collect())
}

impl LeaverRow {
    /// What a removed member held goes at once.
    fn into_leaver(self) -> Leaver {
        let (leaving, days) = if self.is_removed {
            (Leaving::Removed, 0)
        } else {
            (Leaving::Inactive, handover_days(self.days.as_ref()))
        };
        Leaver {
            user_id: UserId(self.user_id),
            name: None,
            leaving,
            since: self.since,
            hands_over_at: self.since.checked_add_days(Days::new(days)).unwrap_or(self.since),
            manager: self.manager.map(UserId),
        }
    }
}
