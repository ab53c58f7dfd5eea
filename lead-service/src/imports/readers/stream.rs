//! The rows of a stored file: read on a thread of its own, while the pieces are fetched from the database.

use std::collections::VecDeque;

use contracts::TenantId;
use platform::Problem;
use tokio::sync::mpsc::{self, OwnedPermit, Receiver, Sender};
use uuid::Uuid;

use super::{Piece, Source, open};
use crate::{
    deps::Deps,
    imports::{
        chunks,
        files::{Broken, Layout, RawRow},
    },
};

/// Rows that travel together.
const BATCH: usize = 200;
/// Batches and pieces that wait at most.
const WAITING: usize = 2;

/// Why there are no more rows.
pub enum Failure {
    /// The file cannot be read further.
    Broken(Broken),
    /// Something is away.
    Away(Problem),
}

/// Sends the pieces of a file to the thread that reads it.
struct Feed {
    tenant: TenantId,
    import: Uuid,
    place: i32,
    pieces: Option<Sender<Piece>>,
}

impl Feed {
    fn new(tenant: TenantId, import: Uuid) -> (Self, Source) {
        let (pieces, source) = mpsc::channel(WAITING);
        (Self { tenant, import, place: 0, pieces: Some(pieces) }, Source::new(source))
    }

    /// Waits until the reader wants a piece; for ever when it wants no more.
    async fn wanted(&mut self) -> OwnedPermit<Piece> {
        if let Some(pieces) = self.pieces.clone() {
            match pieces.reserve_owned().await {
                Ok(room) => return room,
                Err(_) => self.pieces = None,
            }
        }
        std::future::pending().await
    }

    /// Fetches the next piece and sends it.
    async fn send(&mut self, deps: &Deps, room: OwnedPermit<Piece>) -> Result<(), Failure> {
        let (import, place) = (self.import, self.place);
        let chunk = deps
            .db
            .in_tenant(self.tenant, async |tx| chunks::read(tx, import, place).await.map_err(Problem::from))
            .await
            .map_err(Failure::Away)?;
        self.place += 1;
        match chunk {
            Some(bytes) => drop(room.send(Piece::Bytes(bytes))),
            None => {
                drop(room.send(Piece::End));
                self.pieces = None;
            }
        }
        Ok(())
    }
}

/// Has a whole file read once on a thread of its own.
///
/// # Errors
/// Why that cannot be done.
pub async fn scan<T: Send + 'static>(
    deps: &Deps,
    tenant: TenantId,
    import: Uuid,
    work: impl FnOnce(Source) -> Result<T, Broken> + Send + 'static,
) -> Result<T, Failure> {
    let (mut feed, source) = Feed::new(tenant, import);
    let mut done = tokio::task::spawn_blocking(move || work(source));
    loop {
        tokio::select! {
            biased;
            read = &mut done => {
                let read = read.map_err(|fault| Failure::Away(Problem::internal(fault.to_string())))?;
                return read.map_err(Failure::Broken);
            }
            room = feed.wanted() => feed.send(deps, room).await?,
        }
    }
}

/// A file being read. Holds a few pieces and batches at a time.
pub struct RowStream {
    feed: Feed,
    batches: Receiver<Result<Vec<RawRow>, Broken>>,
    waiting: VecDeque<RawRow>,
    is_over: bool,
}

impl RowStream {
    /// Begins to read the file of an import.
    pub fn open(tenant: TenantId, import: Uuid, layout: &Layout) -> Self {
        let (feed, source) = Feed::new(tenant, import);
        let (rows, batches) = mpsc::channel(WAITING);
        let layout = layout.clone();
        // It ends when the stream is dropped, because both channels do.
        let _reader = tokio::task::spawn_blocking(move || read(&layout, source, &rows));
        Self { feed, batches, waiting: VecDeque::new(), is_over: false }
    }

    /// The next rows, at most `most`; none at the end of the file.
    pub async fn next(&mut self, deps: &Deps, most: usize) -> Result<Vec<RawRow>, Failure> {
        while self.waiting.len() < most && !self.is_over {
            tokio::select! {
                biased;
                batch = self.batches.recv() => match batch {
                    Some(Ok(rows)) => self.waiting.extend(rows),
                    Some(Err(broken)) => return Err(Failure::Broken(broken)),
                    None => self.is_over = true,
                },
                room = self.feed.wanted() => self.feed.send(deps, room).await?,
            }
        }
        let most = most.min(self.waiting.len());
        Ok(self.waiting.drain(..most).collect())
    }

    /// The rows that were read before the file turned out to be broken.
    pub fn rest(&mut self) -> Vec<RawRow> {
        self.waiting.drain(..).collect()
    }
}

fn read(layout: &Layout, source: Source, rows: &Sender<Result<Vec<RawRow>, Broken>>) {
    let mut batch = Vec::with_capacity(BATCH);
    let read = open(layout, source).read(&mut |row| {
        batch.push(row);
        batch.len() < BATCH || rows.blocking_send(Ok(std::mem::take(&mut batch))).is_ok()
    });
    // A stream that was dropped has no use for rows.
    let _dropped = match read {
        Ok(()) => rows.blocking_send(Ok(batch)),
        Err(broken) => rows.blocking_send(Ok(batch)).and_then(|()| rows.blocking_send(Err(broken))),
    };
}
