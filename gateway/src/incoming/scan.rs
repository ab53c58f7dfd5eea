//! Finds the request targets in the bytes of a connection (RFC 9112), reading heads and bodies as `actix-http` does.

/// As many headers as the server takes; it refuses a request with more.
const HEADERS: usize = 96;
/// A head may be as large as the server's buffer; it refuses a larger one.
const HEAD_LIMIT: usize = 128 << 10;

/// What the next byte belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Head,
    /// A body of which this many bytes are left.
    Body(u64),
    Chunks(Chunks),
    /// What the server refuses, or does not read as requests: it closes the connection afterwards.
    Opaque,
}

/// A place in a body that comes in chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chunks {
    /// The size so far; none before its first digit.
    Size(Option<u64>),
    /// Behind the digits of a size: blanks and extensions.
    Extension(u64),
    SizeEnd(u64),
    Data(u64),
    DataEnd,
    DataLineEnd,
    /// The first byte of a line behind the last chunk.
    Last,
    LastEnd,
    Trailer,
    TrailerEnd,
}

/// Follows the bytes of one connection.
#[derive(Debug)]
pub(super) struct Scanner {
    state: State,
    /// The beginning of a head that is not whole yet.
    head: Vec<u8>,
}

impl Default for Scanner {
    fn default() -> Self {
        Self { state: State::Head, head: Vec::new() }
    }
}

impl Scanner {
    /// Scans the next bytes and reports the length of each target in them.
    pub(super) fn take(&mut self, mut bytes: &[u8], mut found: impl FnMut(usize)) {
        while !bytes.is_empty() {
            bytes = match self.state {
                State::Head => self.head(bytes, &mut found),
                State::Body(left) => {
                    let (rest, left) = skip(bytes, left);
                    self.state = if left == 0 { State::Head } else { State::Body(left) };
                    rest
                }
                State::Chunks(Chunks::Data(left)) => {
                    let (rest, left) = skip(bytes, left);
                    self.state = State::Chunks(if left == 0 { Chunks::DataEnd } else { Chunks::Data(left) });
                    rest
                }
                State::Chunks(place) => match bytes.split_first() {
                    Some((byte, rest)) => {
                        self.state = place.after(*byte);
                        rest
                    }
                    None => bytes,
                },
                State::Opaque => return,
            };
        }
    }

    fn head<'b>(&mut self, bytes: &'b [u8], found: &mut impl FnMut(usize)) -> &'b [u8] {
        let known = self.head.len();
        // Most heads come in one piece and are read where they are.
        let parsed = if known == 0 {
            parse(bytes)
        } else {
            self.head.extend_from_slice(bytes);
            // A head ends with the end of a line. So one that comes byte by byte is not read again for each byte.
            if bytes.contains(&b'\n') { parse(&self.head) } else { Parsed::Partial }
        };
        match parsed {
            Parsed::Whole { length, target, state } => {
                found(target);
                self.state = state;
                self.head.clear();
                bytes.get(length.saturating_sub(known)..).unwrap_or_default()
            }
            Parsed::Partial if known + bytes.len() <= HEAD_LIMIT => {
                if known == 0 {
                    self.head.extend_from_slice(bytes);
                }
                &[]
            }
            Parsed::Partial | Parsed::Refused => {
                self.state = State::Opaque;
                self.head = Vec::new();
                &[]
            }
        }
    }
}

enum Parsed {
    Whole { length: usize, target: usize, state: State },
    Partial,
    Refused,
}

fn parse(bytes: &[u8]) -> Parsed {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => match request.path {
            Some(target) => Parsed::Whole { length, target: target.len(), state: behind(&request) },
            None => Parsed::Refused,
        },
        Ok(httparse::Status::Partial) => Parsed::Partial,
        Err(_) => Parsed::Refused,
    }
}

/// What follows a head. Where the server refuses a combination, what follows is not read.
fn behind(request: &httparse::Request<'_, '_>) -> State {
    let (mut length, mut chunked) = (None, false);
    for header in request.headers.iter() {
        let value = std::str::from_utf8(header.value).unwrap_or_default().trim();
        if header.name.eq_ignore_ascii_case("content-length") {
            let parsed = value.parse::<u64>().ok().filter(|_| !value.starts_with('+'));
            match (length, parsed) {
                (None, Some(parsed)) => length = Some(parsed),
                _ => return State::Opaque,
            }
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            if chunked || !value.eq_ignore_ascii_case("chunked") {
                return State::Opaque;
            }
            chunked = true;
        } else if header.name.eq_ignore_ascii_case("upgrade") && value.eq_ignore_ascii_case("websocket") {
            return State::Opaque;
        }
    }
    match (chunked, length) {
        (true, Some(_)) => State::Opaque,
        (true, None) => State::Chunks(Chunks::Size(None)),
        (false, Some(length)) if length > 0 => State::Body(length),
        (false, _) if request.method == Some("CONNECT") => State::Opaque,
        (false, _) => State::Head,
    }
}

impl Chunks {
    fn after(self, byte: u8) -> State {
        let next = match (self, byte) {
            (Self::Size(size), _) if byte.is_ascii_hexdigit() => {
                let digit = char::from(byte).to_digit(16).unwrap_or_default();
                match size.unwrap_or_default().checked_mul(16) {
                    Some(size) => Self::Size(Some(size + u64::from(digit))),
                    None => return State::Opaque,
                }
            }
            (Self::Size(Some(size)) | Self::Extension(size), b'\r') => Self::SizeEnd(size),
            (Self::Size(Some(size)), b' ' | b'\t' | b';') => Self::Extension(size),
            (Self::Extension(size), _) => Self::Extension(size),
            (Self::SizeEnd(0), b'\n') => Self::Last,
            (Self::SizeEnd(size), b'\n') => Self::Data(size),
            (Self::DataEnd, b'\r') => Self::DataLineEnd,
            (Self::DataLineEnd, b'\n') => Self::Size(None),
            (Self::Last, b'\r') => Self::LastEnd,
            (Self::LastEnd, b'\n') => return State::Head,
            (Self::Trailer, b'\r') => Self::TrailerEnd,
            (Self::Last | Self::Trailer, _) => Self::Trailer,
            (Self::TrailerEnd, b'\n') => Self::Last,
            _ => return State::Opaque,
        };
        State::Chunks(next)
    }
}

/// The bytes behind the next `left`, and how many of these are still to come.
fn skip(bytes: &[u8], left: u64) -> (&[u8], u64) {
    let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
    (bytes.get(here..).unwrap_or_default(), left - u64::try_from(here).unwrap_or(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lengths found when the bytes come in pieces of this size.
    fn found(bytes: &str, piece: usize) -> Vec<usize> {
        let (mut scanner, mut lengths) = (Scanner::default(), Vec::new());
        for piece in bytes.as_bytes().chunks(piece) {
            scanner.take(piece, |length| lengths.push(length));
        }
        lengths
    }

    #[test]
    fn a_head_that_comes_byte_by_byte_is_not_read_again_for_each_byte() {
        let head = format!("GET /a HTTP/1.1\r\nX-Long: {}\r\n\r\n", "a".repeat(HEAD_LIMIT - 100));
        let begun = std::time::Instant::now();

        assert_eq!(found(&head, 1), [2]);

        // Reading it again each time takes minutes.
        assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
    }

    fn assert_found(bytes: &str, expected: &[usize]) {
        for piece in [1, 2, 3, 7, 64, bytes.len()] {
            assert_eq!(found(bytes, piece), expected, "in pieces of {piece}: {bytes:?}");
        }
    }

    const NEXT: &str = "GET /next#x HTTP/1.1\r\nHost: a\r\n\r\n";

    #[test]
    fn the_next_head_is_found_behind_bodies_of_every_kind() {
        for (head, body) in [
            ("GET /a HTTP/1.1\r\n", ""),
            ("GET /a HTTP/1.1\r\nContent-Length: 0\r\n", ""),
            ("POST /a HTTP/1.1\r\nContent-Length: 24\r\n", "GET /body#x HTTP/1.1\r\n\r\n"),
            ("POST /a HTTP/1.1\r\ntransfer-encoding: Chunked\r\n", "0\r\n\r\n"),
            (
                "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
                "5\r\nGET /\r\n19 ;x=1\r\nx#y HTTP/1.1\r\nHost: abcde\r\n0\r\n\r\n",
            ),
            (
                "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
                "1\r\na\r\n0\r\nExpires: never\r\nX: y\r\n\r\n",
            ),
        ] {
            assert_found(&format!("{head}Host: a\r\n\r\n{body}{NEXT}"), &[2, 7]);
        }
    }

    #[test]
    fn nothing_is_read_behind_what_the_server_refuses() {
        for head in [
            "GET /a HTTP/1.1\r\nUpgrade: websocket\r\n",
            "CONNECT a:80 HTTP/1.1\r\n",
            "POST /a HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n",
            "POST /a HTTP/1.1\r\nContent-Length: +1\r\n",
            "POST /a HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n",
            "POST /a HTTP/1.1\r\nTransfer-Encoding: identity\r\n",
        ] {
            assert_eq!(found(&format!("{head}Host: a\r\n\r\n{NEXT}"), 5).len(), 1, "{head}");
        }
        assert!(found(&format!("no request\r\n\r\n{NEXT}"), 5).is_empty());
        let chunks = "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n";
        assert_eq!(found(&format!("{chunks}{NEXT}"), 9), [2]);
    }

    #[test]
    fn a_head_without_end_is_not_kept_for_ever() {
        let mut scanner = Scanner::default();
        let line = format!("X: {}\r\n", "a".repeat(1_000));
        scanner.take(b"GET /a HTTP/1.1\r\n", |_| panic!("it has no end"));
        for _ in 0..200 {
            scanner.take(line.as_bytes(), |_| panic!("it has no end"));
        }
        assert_eq!((scanner.state, scanner.head.capacity()), (State::Opaque, 0));
    }
}
