//! Reads other services' streams as one of their groups and hands the events to the inbox.

use std::{rc::Rc, time::Duration};

use crate::db::Cacheable;
use contracts::{Service, events::Envelope};
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use redis::{
    aio::ConnectionManager,
    streams::{StreamAutoClaimReply, StreamId, StreamReadReply},
};
use uuid::Uuid;

use super::{
    CONSUMER_GATHERS, MANY, ensure_group,
    relay::{FIELD, TYPE_FIELD},
    stream_key,
};
use crate::{
    db::{
        Db,
        inbox::{self, Arrived, Consumer},
    },
    http::problem::Problem,
    redis::Redis,
    retry::{Backoff, retry},
    worker::{Shutdown, every},
};

const BATCH: usize = 200;
/// Pauses while the database is away.
const DATABASE: Backoff =
    Backoff { first: Duration::from_millis(200), factor: 2, longest: Duration::from_secs(5) };
const BLOCK: Duration = Duration::from_secs(2);
/// After this long an entry that another process took and did not acknowledge is taken over.
const ABANDONED: Duration = Duration::from_secs(30);

/// Consumes `producer`'s events until the process ends.
pub async fn run<C: Consumer>(
    db: Db,
    redis: Redis,
    producer: Service,
    consumer: Rc<C>,
    mut shutdown: Shutdown,
) {
    let mut reader = Reader {
        stream: stream_key(&redis, producer),
        group: db.service(),
        name: format!("{}-{}", std::process::id(), Uuid::now_v7().simple()),
        db,
        redis,
        connection: None,
        swept_at: None,
    };
    while !shutdown.is_triggered() {
        let turn = tokio::select! {
            turn = reader.turn(consumer.as_ref()) => turn,
            () = shutdown.triggered() => return,
        };
        match turn {
            // A full batch cannot grow.
            Ok(events) if (MANY..BATCH).contains(&events) => {
                shutdown.sleep(CONSUMER_GATHERS).await;
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, %producer, "events cannot be read now");
                reader.connection = None;
                shutdown.sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Tries failed events again until the process ends.
pub async fn run_retries<C: Consumer>(db: Db, consumer: Rc<C>, shutdown: Shutdown) {
    every("inbox", Duration::from_secs(1), shutdown, async || {
        while inbox::retry_due(&db, consumer.as_ref()).await? > 0 {}
        Ok::<_, Problem>(())
    })
    .await;
}

struct Reader {
    db: Db,
    redis: Redis,
    stream: String,
    group: Service,
    name: String,
    connection: Option<ConnectionManager>,
    swept_at: Option<tokio::time::Instant>,
}

impl Reader {
    /// Gives how many events there were.
    async fn turn<C: Consumer>(&mut self, consumer: &C) -> Result<usize, Problem> {
        let mut connection = match self.connection.clone() {
            Some(connection) => connection,
            None => {
                let mut connection = self.redis.blocking(BLOCK).map_err(away)?;
                ensure_group(&mut connection, &self.stream, self.group).await.map_err(away)?;
                self.connection.insert(connection).clone()
            }
        };
        if self.swept_at.is_none_or(|at| at.elapsed() > ABANDONED / 3) {
            let abandoned = self.abandoned(&mut connection).await?;
            self.take_in(consumer, abandoned).await?;
            self.swept_at = Some(tokio::time::Instant::now());
        }
        let read: Option<StreamReadReply> = redis::cmd("XREADGROUP")
            .arg("GROUP")
            .arg(self.group.name())
            .arg(&self.name)
            .arg("COUNT")
            .arg(BATCH)
            .arg("BLOCK")
            .arg(BLOCK.as_millis().to_string())
            .arg("STREAMS")
            .arg(&self.stream)
            .arg(">")
            .query_async(&mut connection)
            .await
            .map_err(away)?;
        let entries: Vec<StreamId> =
            read.into_iter().flat_map(|reply| reply.keys).flat_map(|key| key.ids).collect();
        let events = entries.len();
        self.take_in(consumer, entries).await?;
        Ok(events)
    }

    async fn abandoned(&self, connection: &mut ConnectionManager) -> Result<Vec<StreamId>, Problem> {
        let reply: StreamAutoClaimReply = redis::cmd("XAUTOCLAIM")
            .arg(&self.stream)
            .arg(self.group.name())
            .arg(&self.name)
            .arg(ABANDONED.as_millis().to_string())
            .arg("0")
            .arg("COUNT")
            .arg(BATCH)
            .query_async(connection)
            .await
            .map_err(away)?;
        Ok(reply.claimed)
    }

    /// Acknowledges only what is in the database; while that is away, nothing more is read.
    async fn take_in<C: Consumer>(&self, consumer: &C, entries: Vec<StreamId>) -> Result<(), Problem> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut arrived = Vec::with_capacity(entries.len());
        for entry in &entries {
            if entry.get(TYPE_FIELD).is_some_and(|kind: String| !consumer.wants(&kind)) {
                continue;
            }
            let text: String = entry.get(FIELD).unwrap_or_default();
            match serde_json::from_str::<Envelope>(&text) {
                Ok(event) => arrived.push(Arrived { event, text }),
                Err(error) => self.bury(&entry.id, &text, &error.to_string()).await?,
            }
        }
        let waits = |problem: &Problem| {
            tracing::warn!(%problem, "events wait for the database");
            true
        };
        retry(u32::MAX, DATABASE, waits, async || inbox::take_in(&self.db, consumer, &arrived).await).await?;
        let ids: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
        redis::cmd("XACK")
            .arg(&self.stream)
            .arg(self.group.name())
            .arg(ids)
            .query_async::<i64>(&mut self.redis.connection())
            .await
            .map_err(away)?;
        Ok(())
    }

    async fn bury(&self, entry: &str, payload: &str, reason: &str) -> Result<(), Problem> {
        tracing::error!(stream = self.stream, entry, reason, "an entry is not an event; it is set aside");
        metrics::counter!("dead_letters_total").increment(1);
        self.db
            .in_system(async |tx| {
                diesel::sql_query(
                    "INSERT INTO dead_letters (id, stream, entry_id, payload, reason) VALUES ($1, $2, $3, $4, $5) \
                     ON CONFLICT (stream, entry_id) DO NOTHING",
                )
                .bind::<SqlUuid, _>(Uuid::now_v7())
                .bind::<Text, _>(&self.stream)
                .bind::<Text, _>(entry)
                .bind::<Text, _>(payload.replace('\0', "\u{fffd}"))
                .bind::<Text, _>(reason).cached().execute(&mut **tx)
                .await?;
                Ok::<_, Problem>(())
            })
            .await
    }
}

fn away(error: impl std::fmt::Display) -> Problem {
    Problem::unavailable(format!("redis: {error}"))
}
