//! HTTP/1.1 by hand: exactly the bytes that are wanted, and an honest account of what became of them.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longest line of a head, in bytes.
const LINE_LIMIT: u64 = 1 << 20;

/// A request that is well formed. One that is not is written as bytes.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its method.
    pub method: String,
    /// Path and query, as they travel.
    pub target: String,
    /// Its headers but for `Host`, `Connection` and `Content-Length`.
    pub headers: Vec<(String, String)>,
    /// Its body, when there is one.
    pub body: Option<Vec<u8>>,
}

/// What came back.
#[derive(Clone, Debug, Default)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// No connection was made: nothing was sent.
    Refused(io::Error),
    /// The connection broke or the time was up: the outcome of the request is unknown.
    Broken(io::Error),
}

impl Request {
    /// A request without headers and body.
    pub fn new(method: &str, target: &str) -> Self {
        Self { method: method.to_owned(), target: target.to_owned(), headers: Vec::new(), body: None }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a body and says of what type it is.
    pub fn body(mut self, media_type: &str, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self.header("Content-Type", media_type)
    }

    /// Adds a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }

    /// The bytes to send, asking for the connection to be closed after the answer.
    pub fn bytes(&self, host: &str) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\nHost: {host}\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            // Writing to a String cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if let Some(body) = &self.body {
            let _ = write!(head, "Content-Length: {}\r\n", body.len());
        }
        head.push_str("Connection: close\r\n\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend(self.body.iter().flatten());
        bytes
    }

    /// Sends it.
    pub fn send(&self, to: SocketAddr, limit: Duration) -> Result<Response, Failure> {
        exchange(to, &self.bytes(&to.to_string()), self.method == "HEAD", limit)
    }

    /// The same request as a line for a shell.
    pub fn curl(&self, base_url: &str) -> String {
        let mut line = format!(
            "curl -isS --path-as-is -X {} {}",
            self.method,
            quoted(&format!("{base_url}{}", self.target))
        );
        for (name, value) in &self.headers {
            let _ = write!(line, " -H {}", quoted(&format!("{name}: {value}")));
        }
        if let Some(body) = &self.body {
            let _ = write!(line, " --data-binary {}", quoted(&String::from_utf8_lossy(body)));
        }
        line
    }
}

/// A word for a shell.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

impl Response {
    /// The first header of that name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether it is an endless event stream.
    pub fn is_event_stream(&self) -> bool {
        self.header("content-type").is_some_and(|value| value.starts_with("text/event-stream"))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; `null` when it isn't JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// Sends bytes over a connection of their own and reads one answer.
pub fn exchange(to: SocketAddr, bytes: &[u8], is_head: bool, limit: Duration) -> Result<Response, Failure> {
    let stream = TcpStream::connect_timeout(&to, limit).map_err(Failure::Refused)?;
    let talk = || -> io::Result<Response> {
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(limit))?;
        let sent = (&stream).write_all(bytes);
        let mut reader = BufReader::new(Until { stream: &stream, deadline: Instant::now() + limit });
        // An answer may be given before everything was sent, such as 413.
        read_response(&mut reader, is_head).map_err(|error| sent.err().unwrap_or(error))
    };
    talk().map_err(Failure::Broken)
}

/// Sends bytes and reads answers until the connection is closed, the limit is reached or no answer follows.
pub fn conversation(to: SocketAddr, bytes: &[u8], limit: Duration) -> io::Result<Vec<Response>> {
    let stream = TcpStream::connect_timeout(&to, limit)?;
    stream.set_write_timeout(Some(limit))?;
    // A refusal half-way still has an answer.
    let _ = (&stream).write_all(bytes);
    let mut reader = BufReader::new(Until { stream: &stream, deadline: Instant::now() + limit });
    let mut answers = Vec::new();
    while let Ok(answer) = read_response(&mut reader, false) {
        answers.push(answer);
    }
    Ok(answers)
}

/// A connection that is read until a moment and no longer.
struct Until<'s> {
    stream: &'s TcpStream,
    deadline: Instant,
}

impl Read for Until<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(buffer)
    }
}

/// Reads one answer, skipping interim ones. Of a stream of events, which has no end, the head is all of it.
pub fn read_response(reader: &mut impl BufRead, is_head: bool) -> io::Result<Response> {
    loop {
        let status = line(reader)?;
        let code = status.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status: u16 = code.ok_or_else(|| broken("no status line"))?;
        let headers = read_headers(reader)?;
        if (100..200).contains(&status) {
            continue;
        }
        let mut response = Response { status, headers, body: Vec::new() };
        if !is_head && status != 204 && status != 304 && !response.is_event_stream() {
            read_body(reader, &mut response)?;
        }
        return Ok(response);
    }
}

/// Reads header lines up to the empty one. A connection that ends before it was no message.
pub fn read_headers(reader: &mut impl BufRead) -> io::Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let line = line(reader)?;
        if line.is_empty() {
            return Ok(headers);
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
}

fn read_body(reader: &mut impl BufRead, response: &mut Response) -> io::Result<()> {
    let length = response.header("content-length").and_then(|text| text.parse::<usize>().ok());
    if response.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
        return Chunks::of(reader).read_to_end(&mut response.body).map(drop);
    }
    let Some(length) = length else { return reader.read_to_end(&mut response.body).map(drop) };
    response.body = vec![0; length];
    reader.read_exact(&mut response.body)
}

/// What chunks hold, as it comes.
pub struct Chunks<R> {
    inner: R,
    /// Of the chunk that is being read.
    left: u64,
    is_over: bool,
}

impl<R: BufRead> Chunks<R> {
    /// Nothing is read yet.
    pub fn of(inner: R) -> Self {
        Self { inner, left: 0, is_over: false }
    }

    fn begin(&mut self) -> io::Result<()> {
        let size = line(&mut self.inner)?;
        let size = u64::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16);
        self.left = size.map_err(|_| broken("a chunk without a size"))?;
        if self.left == 0 {
            self.is_over = true;
            while !line(&mut self.inner)?.is_empty() {}
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Chunks<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.is_over {
            self.begin()?;
        }
        if self.is_over || buffer.is_empty() {
            return Ok(0);
        }
        let read = self.inner.by_ref().take(self.left).read(buffer)?;
        if read == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.left = self.left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
        if self.left == 0 {
            line(&mut self.inner)?;
        }
        Ok(read)
    }
}

/// A whole line without its end.
pub fn line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.by_ref().take(LINE_LIMIT).read_until(b'\n', &mut bytes)?;
    if bytes.pop() != Some(b'\n') {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn broken(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> io::Result<Response> {
        read_response(&mut text.as_bytes(), false)
    }

    #[test]
    fn bodies_end_as_their_heads_say() {
        assert_eq!(read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokrest").unwrap().text(), "ok");
        let chunked =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1;x=1\r\n!\r\n0\r\n\r\n";
        assert_eq!(read(chunked).unwrap().text(), "ok!");
        assert_eq!(read("HTTP/1.0 200 OK\r\n\r\nall of it").unwrap().text(), "all of it");
        assert_eq!(read("HTTP/1.1 204 No\r\n\r\n").unwrap().status, 204);
        assert_eq!(
            read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n").unwrap().status,
            401
        );
    }

    #[test]
    fn an_answer_that_breaks_off_is_none() {
        for text in [
            "",
            "HTTP/1.1 200",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_request_is_sent_as_it_is_and_can_be_pasted() {
        let request = Request::new("POST", "/a?b=c").header("X-A", "it's").body("text/plain", b"x".to_vec());

        let text = String::from_utf8(request.bytes("h:1")).unwrap();
        assert_eq!(
            text,
            "POST /a?b=c HTTP/1.1\r\nHost: h:1\r\nX-A: it's\r\nContent-Type: text/plain\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"
        );
        assert!(
            request
                .curl("http://h:1")
                .ends_with(r"-H 'X-A: it'\''s' -H 'Content-Type: text/plain' --data-binary 'x'")
        );
    }

    #[test]
    fn nobody_listening_is_told_from_an_answer_that_broke_off() {
        let closed = SocketAddr::from(([127, 0, 0, 1], 1));
        assert!(matches!(
            Request::new("GET", "/").send(closed, Duration::from_secs(1)),
            Err(Failure::Refused(_))
        ));

        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let serving = std::thread::spawn(move || drop(listener.accept().unwrap()));
        assert!(matches!(
            Request::new("GET", "/").send(address, Duration::from_secs(1)),
            Err(Failure::Broken(_))
        ));
        serving.join().unwrap();
    }
}
