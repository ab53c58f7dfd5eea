//! The caller's body on its way to a service: held against its limit and deadline while it streams.

use actix_web::dev::Payload;
use bytes::{BufMut, Bytes, BytesMut};
use futures::StreamExt;
use tokio::time::Instant;

use super::fault::UploadFault;

/// How the end of the body is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Its length is announced.
    Sized(u64),
    /// It is sent in chunks.
    Chunked,
}

/// A body that is being received.
pub struct Upload<'p> {
    payload: &'p mut Payload,
    length: Length,
    limit: u64,
    received: u64,
    deadline: Instant,
}

impl<'p> Upload<'p> {
    /// The body of a request; an announced length above the limit is refused at once.
    ///
    /// # Errors
    /// [`UploadFault::TooLarge`].
    pub fn new(
        payload: &'p mut Payload,
        length: Length,
        limit: u64,
        deadline: Instant,
    ) -> Result<Self, UploadFault> {
        match length {
            Length::Sized(announced) if announced > limit => Err(UploadFault::TooLarge(limit)),
            _ => Ok(Self { payload, length, limit, received: 0, deadline }),
        }
    }

    /// How the end is marked.
    pub fn length(&self) -> Length {
        self.length
    }

    /// Puts the next piece behind what is in `out`, framed. False at the end, which is put there, too.
    ///
    /// # Errors
    /// [`UploadFault`].
    pub async fn next_into(&mut self, out: &mut BytesMut) -> Result<bool, UploadFault> {
        let piece = tokio::time::timeout_at(self.deadline, self.payload.next());
        let piece: Option<Result<Bytes, _>> = piece.await.map_err(|_| UploadFault::TooSlow)?;
        let Some(piece) = piece else {
            return self.end(out);
        };
        let piece = piece.map_err(|_| UploadFault::BrokenOff)?;
        self.received = self.received.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if self.received > self.limit {
            return Err(UploadFault::TooLarge(self.limit));
        }
        match self.length {
            Length::Sized(_) => out.put_slice(&piece),
            Length::Chunked if piece.is_empty() => {}
            Length::Chunked => {
                out.put_slice(format!("{:x}\r\n", piece.len()).as_bytes());
                out.put_slice(&piece);
                out.put_slice(b"\r\n");
            }
        }
        Ok(true)
    }

    fn end(&self, out: &mut BytesMut) -> Result<bool, UploadFault> {
        match self.length {
            Length::Sized(announced) if announced != self.received => return Err(UploadFault::BrokenOff),
            Length::Sized(_) => {}
            Length::Chunked => out.put_slice(b"0\r\n\r\n"),
        }
        Ok(false)
    }

    /// Whether an announced body has arrived in full, so that its end need not be waited for.
    pub fn is_complete(&self) -> bool {
        self.length == Length::Sized(self.received)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(body: &'static [u8]) -> Payload {
        let pieces = body.chunks(3).map(|piece| Ok(Bytes::from_static(piece)));
        let pieces: Vec<Result<Bytes, actix_web::error::PayloadError>> = pieces.collect();
        Payload::Stream { payload: futures::stream::iter(pieces).boxed_local() }
    }

    async fn upload(body: &'static [u8], length: Length, limit: u64) -> Result<BytesMut, UploadFault> {
        let deadline = Instant::now() + std::time::Duration::from_secs(5);
        let mut payload = payload(body);
        let mut upload = Upload::new(&mut payload, length, limit, deadline)?;
        let mut out = BytesMut::new();
        while upload.next_into(&mut out).await? {}
        Ok(out)
    }

    #[actix_web::test]
    async fn a_sized_body_passes_as_it_is() {
        assert_eq!(&upload(b"hello", Length::Sized(5), 5).await.unwrap()[..], b"hello");
    }

    #[actix_web::test]
    async fn a_chunked_body_is_chunked_again() {
        let chunked = upload(b"hello", Length::Chunked, 5).await.unwrap();
        assert_eq!(&chunked[..], b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");
    }

    #[actix_web::test]
    async fn a_body_above_the_limit_is_refused_announced_or_not() {
        for length in [Length::Sized(5), Length::Chunked] {
            assert_eq!(upload(b"hello", length, 4).await.unwrap_err(), UploadFault::TooLarge(4));
        }
    }

    #[actix_web::test]
    async fn a_body_shorter_than_announced_has_broken_off() {
        let short = upload(b"hello", Length::Sized(9), 100).await;
        assert_eq!(short.unwrap_err(), UploadFault::BrokenOff);
    }
}
