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
/// Bytes of rows that travel together, but for the last of them.
const LIGHT: usize = 1 << 20;
/// Bytes of rows that are handed over together, but for the last of them.
const HEAVY: usize = 4 << 20;
/// The note on a row with characters that could not be read.
const UNREADABLE: &str = "some characters are not in the file's character set";
/// Batches and pieces that wait at most.
const WAITING: usize = 2;

/// The reason why there are no more rows.
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

/// A message of the reader's thread.
enum Message {
    /// Rows, in their order.
    Rows(Vec<RawRow>),
    /// There are no more, and whether that is the end of the file.
    End(Result<(), Broken>),
}

/// A file being read. Holds a few pieces and batches at a time.
pub struct RowStream {
    feed: Feed,
    messages: Receiver<Message>,
    waiting: VecDeque<RawRow>,
    weight: usize,
    end: Option<Result<(), Broken>>,
}

impl RowStream {
    /// Begins to read the file of an import.
    pub fn open(tenant: TenantId, import: Uuid, layout: &Layout) -> Self {
        let (feed, source) = Feed::new(tenant, import);
        let (sender, messages) = mpsc::channel(WAITING);
        let layout = layout.clone();
        // It ends when the stream is dropped, because both channels do.
        let _reader = tokio::task::spawn_blocking(move || read(&layout, source, &sender));
        Self { feed, messages, waiting: VecDeque::new(), weight: 0, end: None }
    }

    /// The next rows, at most `most` and fewer where they are long; none at the end of the file.
    ///
    /// # Errors
    /// Why there are no more, once all rows before that were given.
    pub async fn next(&mut self, deps: &Deps, most: usize) -> Result<Vec<RawRow>, Failure> {
        while self.end.is_none() && self.waiting.len() < most && self.weight < HEAVY {
            tokio::select! {
                biased;
                message = self.messages.recv() => match message {
                    Some(Message::Rows(rows)) => {
                        self.weight += rows.iter().map(RawRow::weight).sum::<usize>();
                        self.waiting.extend(rows);
                    }
                    Some(Message::End(end)) => self.end = Some(end),
                    // The thread failed before it came to an end.
                    None => self.end = Some(Err(Broken::Cut)),
                },
                room = self.feed.wanted() => self.feed.send(deps, room).await?,
            }
        }
        let rows = self.take(most);
        match &self.end {
            Some(Err(broken)) if rows.is_empty() => Err(Failure::Broken(broken.clone())),
            _ => Ok(rows),
        }
    }

    fn take(&mut self, most: usize) -> Vec<RawRow> {
        let (mut rows, mut weight) = (Vec::with_capacity(most.min(self.waiting.len())), 0);
        while rows.len() < most
            && weight < HEAVY
            && let Some(row) = self.waiting.pop_front()
        {
            weight += row.weight();
            rows.push(row);
        }
        self.weight = self.weight.saturating_sub(weight);
        rows
    }
}

fn read(layout: &Layout, source: Source, messages: &Sender<Message>) {
    let (mut batch, mut weight) = (Vec::new(), 0);
    let end = open(layout, source).read(&mut |mut row| {
        if row.cells.iter().any(|cell| cell.contains(char::REPLACEMENT_CHARACTER)) {
            row.note(UNREADABLE);
        }
        weight += row.weight();
        batch.push(row);
        if batch.len() < BATCH && weight < LIGHT {
            return true;
        }
        weight = 0;
        messages.blocking_send(Message::Rows(std::mem::take(&mut batch))).is_ok()
    });
    // A stream that was dropped has no use for rows.
    let _dropped =
        messages.blocking_send(Message::Rows(batch)).and_then(|()| messages.blocking_send(Message::End(end)));
}
