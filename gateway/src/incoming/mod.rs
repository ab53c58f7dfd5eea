//! Connections of callers, and the length of every request target as it was received.
//!
//! `http::Uri` drops a fragment (`#…`) while it parses a target, so that later code cannot see that one was sent. The bytes
//! are therefore scanned on their way to the server, and the length of each target is kept until its request is served. A
//! target with another length in its parsed form is not canonical.

mod scan;

use std::{
    cell::RefCell,
    collections::VecDeque,
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_web::http::Uri;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use scan::Scanner;

/// Lengths of the targets received on one connection for requests that were not served yet, in order.
#[derive(Clone, Debug, Default)]
pub struct Targets(Rc<RefCell<VecDeque<usize>>>);

impl Targets {
    /// Takes the next length. Requests of a connection are served in the order in which they came.
    pub fn next(&self) -> Option<usize> {
        self.0.borrow_mut().pop_front()
    }

    fn push(&self, length: usize) {
        self.0.borrow_mut().push_back(length);
    }
}

/// Whether a target of this length was parsed without losing a part of it.
pub fn is_whole(target: &Uri, received: Option<usize>) -> bool {
    received == target.path_and_query().map(|kept| kept.as_str().len())
}

/// A connection with scanned incoming bytes.
#[derive(Debug)]
pub struct Watched<T> {
    io: T,
    scanner: Scanner,
    targets: Targets,
}

impl<T> Watched<T> {
    /// Follows a connection from its first byte.
    pub fn new(io: T) -> Self {
        Self { io, scanner: Scanner::default(), targets: Targets::default() }
    }

    /// What is found on it.
    pub fn targets(&self) -> Targets {
        self.targets.clone()
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Watched<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut this.io).poll_read(context, buffer);
        let targets = &this.targets;
        this.scanner.take(buffer.filled().get(before..).unwrap_or_default(), |length| targets.push(length));
        outcome
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Watched<T> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_that_lost_its_fragment_is_not_whole() {
        let parsed = |text: &str| text.parse::<Uri>().unwrap();
        for whole in ["/", "/a?", "/a?b=c", "*"] {
            assert!(is_whole(&parsed(whole), Some(whole.len())), "{whole}");
        }
        for cut in ["/a#b", "/a#", "/a?b#c", "/#"] {
            assert!(!is_whole(&parsed(cut), Some(cut.len())), "{cut}");
        }
        assert!(!is_whole(&parsed("/a"), None), "a request whose target was not seen");
    }

    #[actix_web::test]
    async fn lengths_are_given_in_the_order_of_the_requests() {
        use tokio::io::AsyncReadExt;
        let bytes: &[u8] = b"GET /a HTTP/1.1\r\n\r\nGET /abc#d HTTP/1.1\r\n\r\n";
        let mut watched = Watched::new(bytes);
        let targets = watched.targets();

        watched.read_to_end(&mut Vec::new()).await.unwrap();

        assert_eq!([targets.next(), targets.next(), targets.next()], [Some(2), Some(6), None]);
    }
}
