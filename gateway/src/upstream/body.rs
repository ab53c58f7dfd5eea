//! The body of an answer on its way to the caller.

use std::{io, time::Duration};

use bytes::{Bytes, BytesMut};
use futures::{StreamExt, stream, stream::LocalBoxStream};
use tokio::io::AsyncReadExt;

use super::{
    chunked::{Decoded, Decoder},
    head::Framing,
    pool::Lease,
};

/// Room made for each read of a long body.
const READ_AT_ONCE: usize = 64 * 1024;

/// The body of an answer.
pub enum Body {
    /// All of it is here.
    Whole(Bytes),
    /// It is still arriving; its length, if it is announced.
    Streamed(Option<u64>, LocalBoxStream<'static, io::Result<Bytes>>),
}

enum Reading {
    Sized(u64),
    Chunked(Decoder),
    UntilClose,
}

struct Arriving {
    lease: Lease,
    reading: Reading,
    keep_alive: bool,
    idle_timeout: Duration,
}

/// The body that follows a head. What has arrived in full is handed over at once and frees the connection.
pub fn receive(mut lease: Lease, framing: Framing, keep_alive: bool, idle_timeout: Duration) -> Body {
    let (length, reading) = match framing {
        Framing::Sized(length) => {
            let here = usize::try_from(length).ok().filter(|length| *length <= lease.buffer().len());
            if let Some(here) = here {
                let body = lease.buffer().split_to(here).freeze();
                lease.finish(keep_alive);
                return Body::Whole(body);
            }
            (Some(length), Reading::Sized(length))
        }
        Framing::Chunked => (None, Reading::Chunked(Decoder::default())),
        Framing::UntilClose => (None, Reading::UntilClose),
    };
    let arriving = Arriving { lease, reading, keep_alive, idle_timeout };
    let stream = stream::try_unfold(Some(arriving), |arriving| async move {
        let Some(mut arriving) = arriving else { return Ok(None) };
        match arriving.next().await? {
            Some(piece) => Ok(Some((piece, Some(arriving)))),
            None => {
                arriving.lease.finish(arriving.keep_alive);
                Ok(None)
            }
        }
    });
    Body::Streamed(length, stream.boxed_local())
}

impl Arriving {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            let buffer = self.lease.buffer();
            match &mut self.reading {
                Reading::Sized(0) => return Ok(None),
                Reading::Sized(left) if !buffer.is_empty() => {
                    let here = usize::try_from(*left).unwrap_or(usize::MAX).min(buffer.len());
                    *left = left.saturating_sub(u64::try_from(here).unwrap_or(u64::MAX));
                    return Ok(Some(buffer.split_to(here).freeze()));
                }
                Reading::UntilClose if !buffer.is_empty() => return Ok(Some(buffer.split().freeze())),
                Reading::Chunked(decoder) => match decoder.decode(buffer) {
                    Ok(Decoded::Data(piece)) => return Ok(Some(piece)),
                    Ok(Decoded::End) => return Ok(None),
                    Ok(Decoded::More) => {}
                    Err(_) => return Err(io::Error::new(io::ErrorKind::InvalidData, "malformed chunk")),
                },
                Reading::Sized(_) | Reading::UntilClose => {}
            }
            if self.read().await? == 0 {
                return match self.reading {
                    Reading::UntilClose => Ok(None),
                    _ => Err(io::ErrorKind::UnexpectedEof.into()),
                };
            }
        }
    }

    async fn read(&mut self) -> io::Result<usize> {
        let (stream, buffer) = self.lease.stream_and_buffer();
        buffer.reserve(READ_AT_ONCE);
        let reading = stream.read_buf(buffer);
        tokio::time::timeout(self.idle_timeout, reading)
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }
}

/// A buffer as a fresh connection has it.
pub(super) fn fresh_buffer() -> BytesMut {
    BytesMut::with_capacity(8 * 1024)
}
