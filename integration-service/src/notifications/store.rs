//! SQL of notifications. A user reads only their own, independent of the role's data scope.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, PgSortExpressionMethods, QueryDsl,
    QueryResult, Queryable, Selectable, SelectableHelper,
    sql_types::{Array, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::Cacheable;
use platform::{
    Problem,
    db::{self, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::{api::NotificationView, domain::Notice};
use crate::schema::notifications::{self, dsl};

/// One page of a user's list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
    of: UserId,
) -> Result<(Option<i64>, Vec<NotificationView>), Problem> {
    db::list::load(tx, criteria, &Visibility::Of(vec![of.0])).await
}

/// Number of a user's unread notifications.
pub async fn unread(tx: &mut TenantTx<'_>, of: UserId) -> QueryResult<i64> {
    let mine_unread = dsl::user_id.eq(of.0).and(dsl::read_at.is_null());
    dsl::notifications.filter(mine_unread).count().get_result(&mut **tx).await
}

/// Reads one of a user's.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid, of: UserId) -> QueryResult<NotificationView> {
    dsl::notifications
        .filter(dsl::id.eq(id).and(dsl::user_id.eq(of.0)))
        .select(NotificationView::as_select())
        .first(&mut **tx)
        .await
}

/// Position in a user's notifications, in the order of their commits.
#[derive(Clone, Copy, Debug, Queryable, Selectable)]
#[diesel(table_name = notifications, check_for_backend(diesel::pg::Pg))]
pub struct Place {
    created_at: DateTime<Utc>,
    id: Uuid,
}

impl Place {
    /// Position before the first one.
    pub const BEGINNING: Self = Self { created_at: DateTime::UNIX_EPOCH, id: Uuid::nil() };
}

impl From<&NotificationView> for Place {
    fn from(notification: &NotificationView) -> Self {
        Self { created_at: notification.created_at, id: notification.id }
    }
}

/// Position of a user's newest one.
pub async fn newest(tx: &mut TenantTx<'_>, of: UserId) -> QueryResult<Place> {
    let newest = dsl::notifications
        .filter(dsl::user_id.eq(of.0))
        .order((dsl::created_at.desc().nulls_last(), dsl::id.desc()))
        .select(Place::as_select())
        .first(&mut **tx)
        .await
        .optional()?;
    Ok(newest.unwrap_or(Place::BEGINNING))
}

/// Position of one of a user's.
pub async fn place_of(tx: &mut TenantTx<'_>, id: Uuid, of: UserId) -> QueryResult<Option<Place>> {
    dsl::notifications
        .filter(dsl::id.eq(id).and(dsl::user_id.eq(of.0)))
        .select(Place::as_select())
        .first(&mut **tx)
        .await
        .optional()
}

/// At most `limit` of a user's after `place`. None can appear later before a position that was already visible:
/// see [`insert`].
pub async fn after(
    tx: &mut TenantTx<'_>,
    place: Place,
    of: UserId,
    limit: i64,
) -> QueryResult<Vec<NotificationView>> {
    let later = dsl::created_at.gt(place.created_at).or(dsl::id.gt(place.id));
    dsl::notifications
        .filter(dsl::user_id.eq(of.0).and(dsl::created_at.ge(place.created_at)).and(later))
        .order((dsl::created_at.asc().nulls_first(), dsl::id.asc()))
        .limit(limit)
        .select(NotificationView::as_select())
        .load(&mut **tx)
        .await
}

/// Marks one of a user's as read; one that was already read stays unchanged.
pub async fn mark_read(tx: &mut TenantTx<'_>, id: Uuid, of: UserId) -> QueryResult<NotificationView> {
    let unread = dsl::id.eq(id).and(dsl::user_id.eq(of.0)).and(dsl::read_at.is_null());
    let marked = diesel::update(dsl::notifications.filter(unread))
        .set(dsl::read_at.eq(Utc::now()))
        .returning(NotificationView::as_returning())
        .get_result(&mut **tx)
        .await
        .optional()?;
    match marked {
        Some(notification) => Ok(notification),
        None => find(tx, id, of).await,
    }
}

/// Marks all of a user's as read. Returns the number that were unread.
pub async fn mark_all_read(tx: &mut TenantTx<'_>, of: UserId) -> QueryResult<usize> {
    diesel::update(dsl::notifications.filter(dsl::user_id.eq(of.0).and(dsl::read_at.is_null())))
        .set(dsl::read_at.eq(Utc::now()))
        .execute(&mut **tx)
        .await
}

/// Inserts notifications; users who already have one for the event are skipped.
///
/// The transactions that insert a tenant's notifications are serialised: the time of each is taken while the tenant's lock is
/// held, which the commit releases. So they become visible in the order of their times, and a reader that continues after
/// the last one that it saw misses none.
pub async fn insert(tx: &mut TenantTx<'_>, notices: &[Notice<'_>]) -> QueryResult<usize> {
    if notices.is_empty() {
        return Ok(0);
    }
    let about = || notices.iter().map(|notice| notice.about);
    diesel::sql_query(
        "INSERT INTO notifications (id, tenant_id, user_id, title, message, type, entity_type, entity_id, event_id) \
         SELECT n.id, $1, n.user_id, n.title, n.message, n.type, n.entity_type, n.entity_id, n.event_id \
         FROM (SELECT pg_advisory_xact_lock(hashtextextended('notifications ' || $1, 0))) held, \
         unnest($2, $3, $4, $5, $6, $7, $8, $9) \
         AS n(id, user_id, title, message, type, entity_type, entity_id, event_id) \
         ON CONFLICT (tenant_id, user_id, event_id) DO NOTHING",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Array<SqlUuid>, _>(notices.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(notices.iter().map(|notice| notice.person.0).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(about().map(|new| new.title.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(about().map(|new| new.message.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(about().map(|new| new.kind.word()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(about().map(|new| new.entity_type.as_str()).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(about().map(|new| new.entity_id).collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(about().map(|new| new.event_id).collect::<Vec<_>>())
    .cached()
    .execute(&mut **tx)
    .await
}
