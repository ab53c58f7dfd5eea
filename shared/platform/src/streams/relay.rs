//! Sends recorded events to the stream and forgets them when every subscriber has them.
//!
//! An outbox row lives until each subscriber's group has acknowledged its entry. When Redis lost the stream (flushed,
//! replaced, restarted without its last second), all rows still there are sent again; consumers make each effect once.

use std::time::Duration;

use crate::db::Cacheable;
use chrono::{DateTime, Utc};
use contracts::{
    TenantId,
    events::{Action, Actor, Envelope, subscribers},
};
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::{MANY, RELAY_GATHERS, ensure_group, stream_key};
use crate::{
    db::{Db, json::JsonText},
    http::problem::Problem,
    redis::Redis,
    retry::Backoff,
    worker::Shutdown,
};

const BATCH: usize = 500;
const POLL: Duration = Duration::from_millis(500);
/// Pauses while Redis or the database is away.
const PAUSES: Backoff = Backoff { first: Duration::from_secs(1), factor: 2, longest: Duration::from_secs(5) };

/// Name of the field that holds the event in a stream entry.
pub const FIELD: &str = "event";
/// Name of the field with its type, so that consumers skip events without parsing them.
pub const TYPE_FIELD: &str = "type";

#[derive(QueryableByName)]
struct UnsentRow {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
    #[diesel(sql_type = Text)]
    event_type: String,
    #[diesel(sql_type = Text)]
    entity_type: String,
    #[diesel(sql_type = SqlUuid)]
    entity_id: Uuid,
    #[diesel(sql_type = Text)]
    action: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    previous_state: Option<JsonText>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    current_state: Option<JsonText>,
    #[diesel(sql_type = Array<Text>)]
    changed_fields: Vec<String>,
    #[diesel(sql_type = Jsonb)]
    actor: Value,
    #[diesel(sql_type = Nullable<Text>)]
    request_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    traceparent: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    record: Option<JsonText>,
}

impl UnsentRow {
    fn into_envelope(self) -> Envelope<JsonText> {
        Envelope {
            id: self.id,
            tenant_id: TenantId(self.tenant_id),
            event_type: self.event_type,
            entity_type: self.entity_type,
            entity_id: self.entity_id,
            action: match self.action.as_str() {
                "CREATE" => Action::Create,
                "DELETE" => Action::Delete,
                _ => Action::Update,
            },
            previous_state: self.previous_state,
            current_state: self.current_state,
            changed_fields: self.changed_fields,
            actor: serde_json::from_value(self.actor)
                .unwrap_or(Actor::Service { name: contracts::Service::Gateway }),
            request_id: self.request_id,
            traceparent: self.traceparent,
            occurred_at: self.created_at,
            record: self.record,
            position: self.position,
        }
    }
}

/// A position in a stream: milliseconds and number within them.
type EntryId = (i64, i64);

/// Relays this service's events until the process ends.
pub async fn run(db: Db, redis: Redis, mut shutdown: Shutdown) {
    let mut relay = Relay { stream: stream_key(&redis, db.service()), db, redis, epoch: None };
    let mut failures = 0;
    let mut confirmed_at = tokio::time::Instant::now();
    while !shutdown.is_triggered() {
        match relay.turn(&mut confirmed_at).await {
            Ok(sent) => {
                failures = 0;
                if sent >= MANY {
                    shutdown.sleep(RELAY_GATHERS).await;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "events wait: the relay could not send");
                failures += 1;
            }
        }
        let pause = if failures == 0 { POLL } else { PAUSES.pause(failures) };
        tokio::select! {
            () = relay.db.event_recorded() => {}
            () = tokio::time::sleep(pause) => {}
            () = shutdown.triggered() => {}
        }
    }
    // What was committed in the last moments goes out now rather than with the next process.
    if let Err(error) = relay.send_all().await {
        tracing::info!(%error, "events left for the next process");
    }
}

struct Relay {
    db: Db,
    redis: Redis,
    stream: String,
    /// Identity of the Redis that holds what was sent.
    epoch: Option<String>,
}

impl Relay {
    /// Gives how many events were sent.
    async fn turn(&mut self, confirmed_at: &mut tokio::time::Instant) -> Result<usize, Problem> {
        if subscribers(self.db.service()).is_empty() {
            return self.forget_all().await;
        }
        self.check_epoch().await?;
        let sent = self.send_all().await?;
        if confirmed_at.elapsed() > Duration::from_secs(1) {
            self.confirm().await?;
            *confirmed_at = tokio::time::Instant::now();
        }
        Ok(sent)
    }

    /// Whether Redis is still the one that holds what was sent; if not, everything unconfirmed is sent again.
    async fn check_epoch(&mut self) -> Result<(), Problem> {
        let mut connection = self.redis.connection();
        let (run_id, known) = self.epochs(&mut connection).await?;
        let run_id = run_id.as_str();
        let stale = self.epoch.as_deref() != Some(run_id) || known.as_deref() != Some(run_id);
        if !stale {
            return Ok(());
        }
        for group in subscribers(self.db.service()) {
            ensure_group(&mut connection, &self.stream, *group).await.map_err(away)?;
        }
        if known.as_deref() != Some(run_id) {
            self.db
                .in_system(async |tx| {
                    // Waits for other processes that are about to note what they sent to the Redis that was.
                    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtext('outbox'))")
                        .cached()
                        .execute(&mut **tx)
                        .await?;
                    diesel::sql_query(
                        "UPDATE outbox SET sent_ms = NULL, sent_seq = NULL WHERE sent_ms IS NOT NULL",
                    )
                    .cached()
                    .execute(&mut **tx)
                    .await?;
                    Ok::<_, Problem>(())
                })
                .await?;
            redis::cmd("SET")
                .arg(self.marker())
                .arg(run_id)
                .query_async::<()>(&mut connection)
                .await
                .map_err(away)?;
        }
        self.epoch = Some(run_id.to_owned());
        Ok(())
    }

    /// Key of the note which Redis this stream was last sent to.
    fn marker(&self) -> String {
        format!("{}:epoch", self.stream)
    }

    /// Which Redis this is, and which one the note in it names.
    async fn epochs(
        &self,
        connection: &mut redis::aio::ConnectionManager,
    ) -> Result<(String, Option<String>), Problem> {
        let (info, known): (String, Option<String>) = redis::pipe()
            .cmd("INFO")
            .arg("server")
            .cmd("GET")
            .arg(self.marker())
            .query_async(connection)
            .await
            .map_err(away)?;
        let run_id = info.lines().find_map(|line| line.strip_prefix("run_id:")).unwrap_or_default().trim();
        Ok((run_id.to_owned(), known))
    }

    async fn send_all(&self) -> Result<usize, Problem> {
        let mut sent = 0;
        loop {
            let batch = self.send_batch().await?;
            sent += batch;
            if batch < BATCH {
                return Ok(sent);
            }
        }
    }

    async fn send_batch(&self) -> Result<usize, Problem> {
        self.db
            .in_system(async |tx| {
                let rows: Vec<UnsentRow> = diesel::sql_query(
                    "SELECT o.position, o.record, e.* FROM (SELECT pg_advisory_xact_lock_shared(hashtext('outbox'))) l \
                     CROSS JOIN LATERAL (SELECT position, event_id, record FROM outbox WHERE sent_ms IS NULL AND l IS NOT NULL \
                     ORDER BY position LIMIT $1 FOR UPDATE SKIP LOCKED) o JOIN events e ON e.id = o.event_id \
                     ORDER BY o.position",
                )
                .bind::<BigInt, _>(i64::try_from(BATCH).unwrap_or(i64::MAX)).cached().load(&mut **tx)
                .await?;
                if rows.is_empty() {
                    return Ok(0);
                }
                let positions: Vec<i64> = rows.iter().map(|row| row.position).collect();
                let entries = self.append(rows).await?;
                // No join, which would be planned by what the last vacuum found in a queue that is mostly empty: of nothing
                // in it, that all of it may be looked through for each of the entries.
                diesel::sql_query(
                    "UPDATE outbox SET sent_ms = ($2)[array_position($1, position)], \
                     sent_seq = ($3)[array_position($1, position)] WHERE position = ANY ($1) AND sent_ms IS NULL",
                )
                .bind::<Array<BigInt>, _>(&positions)
                .bind::<Array<BigInt>, _>(entries.iter().map(|entry| entry.0).collect::<Vec<_>>())
                .bind::<Array<BigInt>, _>(entries.iter().map(|entry| entry.1).collect::<Vec<_>>()).cached().execute(&mut **tx)
                .await?;
                Ok::<_, Problem>(positions.len())
            })
            .await
    }

    async fn append(&self, rows: Vec<UnsentRow>) -> Result<Vec<EntryId>, Problem> {
        let mut pipe = redis::pipe();
        for row in rows {
            let event = row.into_envelope();
            let text = serde_json::to_string(&event).map_err(|error| Problem::internal(error.to_string()))?;
            let entry = pipe.cmd("XADD").arg(&self.stream).arg("*");
            entry.arg(TYPE_FIELD).arg(&event.event_type).arg(FIELD).arg(text);
        }
        let ids: Vec<String> = pipe.query_async(&mut self.redis.connection()).await.map_err(away)?;
        ids.iter()
            .map(|id| parse_entry_id(id).ok_or_else(|| away(format!("{id:?} is no entry id"))))
            .collect()
    }

    /// Forgets what every group has acknowledged and lets Redis drop it too.
    async fn confirm(&self) -> Result<(), Problem> {
        let mut connection = self.redis.connection();
        let mut everyone_has: Option<EntryId> = None;
        for group in subscribers(self.db.service()) {
            let has =
                acknowledged_through(&mut connection, &self.stream, group.name()).await.map_err(away)?;
            everyone_has = Some(everyone_has.map_or(has, |least| least.min(has)));
        }
        let Some((ms, seq)) = everyone_has.filter(|through| *through > (0, 0)) else { return Ok(()) };
        // Groups of a stream that was lost and recreated have acknowledged what came after; what was sent before is
        // not among that.
        let (run_id, known) = self.epochs(&mut connection).await?;
        if self.epoch.as_ref() != Some(&run_id) || known.as_ref() != Some(&run_id) {
            return Ok(());
        }
        self.db
            .in_system(async |tx| {
                diesel::sql_query(
                    "DELETE FROM outbox WHERE sent_ms IS NOT NULL AND (sent_ms, sent_seq) <= ($1, $2)",
                )
                .bind::<BigInt, _>(ms)
                .bind::<BigInt, _>(seq)
                .cached()
                .execute(&mut **tx)
                .await?;
                Ok::<_, Problem>(())
            })
            .await?;
        redis::cmd("XTRIM")
            .arg(&self.stream)
            .arg("MINID")
            .arg(format!("{ms}-{seq}"))
            .query_async::<i64>(&mut connection)
            .await
            .map_err(away)?;
        Ok(())
    }

    /// Without subscribers nothing is sent.
    async fn forget_all(&self) -> Result<usize, Problem> {
        self.db
            .in_system(async |tx| {
                diesel::sql_query("DELETE FROM outbox")
                    .cached()
                    .execute(&mut **tx)
                    .await
                    .map_err(Problem::from)
            })
            .await
    }
}

/// The last entry up to which the group has acknowledged everything.
async fn acknowledged_through(
    connection: &mut redis::aio::ConnectionManager,
    stream: &str,
    group: &str,
) -> redis::RedisResult<EntryId> {
    let groups: redis::streams::StreamInfoGroupsReply =
        redis::cmd("XINFO").arg("GROUPS").arg(stream).query_async(connection).await?;
    let Some(found) = groups.groups.into_iter().find(|found| found.name == group) else { return Ok((0, 0)) };
    let delivered = parse_entry_id(&found.last_delivered_id).unwrap_or((0, 0));
    let entries = |state| metrics::gauge!("stream_entries", "group" => group.to_owned(), "state" => state);
    entries("pending").set(u32::try_from(found.pending).unwrap_or(u32::MAX));
    // Redis reports no lag for a group once entries were deleted from the middle of the stream.
    entries("unread").set(found.lag.and_then(|lag| u32::try_from(lag).ok()).unwrap_or_default());
    let pending: redis::streams::StreamPendingReply =
        redis::cmd("XPENDING").arg(stream).arg(group).query_async(connection).await?;
    Ok(match pending {
        redis::streams::StreamPendingReply::Data(data) => {
            let (ms, seq) = parse_entry_id(&data.start_id).unwrap_or((0, 0));
            delivered.min(if seq > 0 { (ms, seq - 1) } else { (ms - 1, i64::MAX) })
        }
        _ => delivered,
    })
}

fn parse_entry_id(id: &str) -> Option<EntryId> {
    let (ms, seq) = id.split_once('-')?;
    Some((ms.parse().ok()?, seq.parse().ok()?))
}

fn away(error: impl std::fmt::Display) -> Problem {
    Problem::unavailable(format!("redis: {error}"))
}
