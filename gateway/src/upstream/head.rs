//! Parses the head of an answer.

use std::ops::Range;

use actix_web::http::{
    StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use bytes::BytesMut;

use crate::edge::headers;

/// Most header lines.
const LINES_LIMIT: usize = 96;
/// Longest head in bytes.
pub const HEAD_LIMIT: usize = 64 * 1024;

/// How the body of an answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// After so many bytes.
    Sized(u64),
    /// With the last chunk.
    Chunked,
    /// When the connection closes.
    UntilClose,
}

/// The head of an answer, without what concerns the connection only.
#[derive(Debug)]
pub struct Head {
    /// Status.
    pub status: StatusCode,
    /// Headers that are passed on.
    pub headers: HeaderMap,
    /// How the body ends.
    pub framing: Framing,
    /// Whether the connection can be used again.
    pub keep_alive: bool,
    /// The service's build.
    pub build: Option<HeaderValue>,
    /// The rate per second that the caller's credential has spent.
    pub rate: Option<u32>,
}

type Line = (HeaderName, Range<usize>);

/// A head as it stands in the buffer.
struct Parsed {
    length: usize,
    status: StatusCode,
    is_current: bool,
    lines: Vec<Line>,
}

/// Takes the head out of what was read; none until it has arrived in full.
///
/// # Errors
/// What is wrong with it.
pub fn take(buffer: &mut BytesMut) -> Result<Option<Head>, &'static str> {
    loop {
        let Some(Parsed { length, status, is_current, lines }) = parse(buffer)? else { return Ok(None) };
        let head = buffer.split_to(length).freeze();
        if status.is_informational() {
            if status == StatusCode::SWITCHING_PROTOCOLS {
                return Err("the protocol was switched unasked");
            }
            continue;
        }
        let value = |range: Range<usize>| {
            HeaderValue::from_maybe_shared(head.slice(range)).map_err(|_| "a header value is malformed")
        };
        let (mut kept, mut connection, mut build) =
            (HeaderMap::with_capacity(lines.len() + 16), Vec::new(), None);
        let (mut length, mut encoding, mut rate) = (None, None, None);
        for (name, range) in lines {
            let value = value(range)?;
            match headers::of_answer(name.as_str()) {
                headers::Answer::Length => {
                    let announced = value.to_str().ok().and_then(|text| text.parse::<u64>().ok());
                    if announced.is_none() || length.is_some_and(|before| Some(before) != announced) {
                        return Err("the length is malformed");
                    }
                    length = announced;
                }
                headers::Answer::Encoding if encoding.is_some() => return Err("it is encoded twice"),
                headers::Answer::Encoding => encoding = Some(value),
                headers::Answer::Connection => connection.push(value),
                headers::Answer::Build => build = Some(value),
                headers::Answer::Rate => rate = value.to_str().ok().and_then(|text| text.parse().ok()),
                headers::Answer::Dropped => {}
                headers::Answer::Kept => kept.append(name, value),
            }
        }
        let framing = match (status, length, encoding) {
            (StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED, ..) => Framing::Sized(0),
            (_, Some(_), Some(_)) => return Err("it has a length and an encoding"),
            (_, _, Some(encoding)) if encoding.as_bytes().eq_ignore_ascii_case(b"chunked") => {
                Framing::Chunked
            }
            (_, _, Some(_)) => return Err("the encoding is unknown"),
            (_, Some(length), None) => Framing::Sized(length),
            (_, None, None) => Framing::UntilClose,
        };
        let mut keep_alive = is_current && framing != Framing::UntilClose;
        for name in connection.iter().flat_map(headers::connection_names) {
            keep_alive &= !name.eq_ignore_ascii_case("close");
            kept.remove(name);
        }
        return Ok(Some(Head { status, headers: kept, framing, keep_alive, build, rate }));
    }
}

fn parse(buffer: &BytesMut) -> Result<Option<Parsed>, &'static str> {
    let mut slots = [httparse::EMPTY_HEADER; LINES_LIMIT];
    let mut response = httparse::Response::new(&mut slots);
    let parsed = response.parse(buffer).map_err(|_| "the head is malformed")?;
    let httparse::Status::Complete(length) = parsed else {
        return if buffer.len() > HEAD_LIMIT { Err("the head is too long") } else { Ok(None) };
    };
    let status =
        response.code.and_then(|code| StatusCode::from_u16(code).ok()).ok_or("the status is malformed")?;
    let start = buffer.as_ptr() as usize;
    let mut lines = Vec::with_capacity(response.headers.len());
    for line in response.headers.iter() {
        let name = HeaderName::from_bytes(line.name.as_bytes()).map_err(|_| "a header name is malformed")?;
        let from = (line.value.as_ptr() as usize).saturating_sub(start);
        let range = if line.value.is_empty() { 0..0 } else { from..from + line.value.len() };
        lines.push((name, range));
    }
    Ok(Some(Parsed { length, status, is_current: response.version == Some(1), lines }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Result<Option<Head>, &'static str> {
        take(&mut BytesMut::from(text))
    }

    fn framing(text: &str) -> Result<(Framing, bool), &'static str> {
        head(text).map(|head| head.map(|head| (head.framing, head.keep_alive)).unwrap())
    }

    #[test]
    fn a_head_is_taken_when_it_is_complete() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: \"1\"\r\n\r\n";
        assert!(head(&text[..text.len() - 1]).unwrap().is_none());
        let mut buffer = BytesMut::from(format!("{text}ok").as_str());
        let head = take(&mut buffer).unwrap().unwrap();
        assert_eq!(&buffer[..], b"ok");
        assert_eq!(head.headers.get("etag").unwrap(), "\"1\"");
        assert_eq!(head.headers.len(), 1);
    }

    #[test]
    fn the_body_ends_as_the_head_says() {
        assert_eq!(framing("HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n"), Ok((Framing::Sized(7), true)));
        assert_eq!(
            framing("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"),
            Ok((Framing::Chunked, true))
        );
        assert_eq!(framing("HTTP/1.1 200 OK\r\n\r\n"), Ok((Framing::UntilClose, false)));
        assert_eq!(framing("HTTP/1.1 204 No\r\n\r\n"), Ok((Framing::Sized(0), true)));
        assert_eq!(framing("HTTP/1.0 200 OK\r\ncontent-length: 7\r\n\r\n"), Ok((Framing::Sized(7), false)));
        let closing = "HTTP/1.1 200 OK\r\ncontent-length: 7\r\nconnection: Close\r\n\r\n";
        assert_eq!(framing(closing), Ok((Framing::Sized(7), false)));
    }

    #[test]
    fn ambiguous_heads_are_refused() {
        for lines in [
            "content-length: 1\r\ncontent-length: 2",
            "content-length: x",
            "content-length: 1\r\ntransfer-encoding: chunked",
            "transfer-encoding: gzip, chunked",
            "transfer-encoding: chunked\r\ntransfer-encoding: chunked",
        ] {
            assert!(head(&format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\n")).is_err(), "{lines}");
        }
        assert!(head("SPDY/9 200 OK\r\n\r\n").is_err());
        assert!(head("HTTP/1.1 101 Switching\r\n\r\n").is_err());
    }

    #[test]
    fn what_concerns_the_connection_or_is_internal_is_not_passed_on() {
        let text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nconnection: x-hop, keep-alive\r\nx-hop: 1\r\n\
            keep-alive: 5\r\nx-leadstream-build: b1\r\nx-leadstream-secret: s\r\nx-kept: 1\r\nx-kept: 2\r\n\r\n";
        let head = head(text).unwrap().unwrap();
        assert_eq!(head.build.unwrap(), "b1");
        assert_eq!(head.headers.len(), 2);
        assert_eq!(head.headers.get_all("x-kept").count(), 2);
    }
}
