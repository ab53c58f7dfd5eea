//! One request and the head of its answer over one connection.

use std::{io, time::Duration};

use bytes::BytesMut;
use futures::{
    future::{Either, select},
    pin_mut,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::tcp::WriteHalf,
};

use super::{
    fault::{Fault, UploadFault},
    head::{self, Head},
    pool::Lease,
    upload::Upload,
};

/// Pieces of a body are gathered up to this size before they are written.
const WRITE_AT_ONCE: usize = 64 * 1024;
/// A service that stopped reading may have answered; so long we look for that answer.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Sends a request without a body and reads the head of the answer.
///
/// # Errors
/// [`Fault`].
pub async fn ask(lease: &mut Lease, request: &[u8]) -> Result<Head, Fault> {
    let reused = lease.is_reused();
    let (stream, buffer) = lease.stream_and_buffer();
    match stream.write_all(request).await {
        Err(_) if reused => return Err(Fault::Stale),
        outcome => outcome.map_err(Fault::Broken)?,
    }
    read_head(stream, buffer, reused).await
}

/// Sends the beginning of a request and then the rest of its body. The answer may come before all of the body is sent;
/// then the rest is not sent, and the connection is of no further use.
///
/// # Errors
/// [`Fault`].
pub async fn ask_with_rest(
    lease: &mut Lease,
    beginning: BytesMut,
    rest: &mut Upload<'_>,
) -> Result<Head, Fault> {
    let (stream, buffer) = lease.stream_and_buffer();
    let (mut reader, writer) = stream.split();
    let sending = send(writer, beginning, rest);
    let reading = read_head(&mut reader, buffer, false);
    pin_mut!(sending, reading);
    match select(sending, reading).await {
        Either::Left((Ok(()), reading)) => reading.await,
        Either::Left((Err(Sending::Upload(fault)), _)) => Err(Fault::Upload(fault)),
        Either::Left((Err(Sending::Connection(error)), reading)) => {
            match tokio::time::timeout(LAST_WORDS, reading).await {
                Ok(Ok(head)) => Ok(Head { keep_alive: false, ..head }),
                _ => Err(Fault::Broken(error)),
            }
        }
        Either::Right((head, _)) => head.map(|head| Head { keep_alive: false, ..head }),
    }
}

/// Gathers what has arrived of a body behind what is in `out`. Whether there is more to come.
///
/// # Errors
/// [`UploadFault`].
pub async fn gather(out: &mut BytesMut, upload: &mut Upload<'_>) -> Result<bool, UploadFault> {
    while !upload.is_complete() {
        if out.len() >= WRITE_AT_ONCE {
            return Ok(true);
        }
        if !upload.next_into(out).await? {
            break;
        }
    }
    Ok(false)
}

enum Sending {
    Upload(UploadFault),
    Connection(io::Error),
}

async fn send(mut writer: WriteHalf<'_>, mut out: BytesMut, rest: &mut Upload<'_>) -> Result<(), Sending> {
    loop {
        writer.write_all(&out).await.map_err(Sending::Connection)?;
        out.clear();
        let more = gather(&mut out, rest).await.map_err(Sending::Upload)?;
        if !more {
            return writer.write_all(&out).await.map_err(Sending::Connection);
        }
    }
}

async fn read_head<R: AsyncReadExt + Unpin>(
    reader: &mut R,
    buffer: &mut BytesMut,
    reused: bool,
) -> Result<Head, Fault> {
    let mut silent = true;
    loop {
        buffer.reserve(4 * 1024);
        match reader.read_buf(buffer).await {
            Ok(0) | Err(_) if silent && reused => return Err(Fault::Stale),
            Ok(0) => return Err(Fault::Broken(io::ErrorKind::UnexpectedEof.into())),
            Err(error) => return Err(Fault::Broken(error)),
            Ok(_) => silent = false,
        }
        if let Some(head) = head::take(buffer).map_err(Fault::Unreadable)? {
            return Ok(head);
        }
    }
}
