//! Bytes that two readers could understand in two ways, and paths with a second spelling: refused, never guessed at.

use std::time::{Duration, Instant};

use super::stage::Stage;
use super::verdict::Suite;
use devstack::wire::{self, Response, quoted};

const LIMIT: Duration = Duration::from_secs(5);
/// What is hidden behind an ambiguous body. Public, so that being understood would be answered 200.
const HIDDEN: &str = "GET /api/v2/auth/hello HTTP/1.1\r\nHost: h\r\n\r\n";

/// Requests that never end, and the seconds within which the server closes them.
const UNFINISHED: [(&str, &str, u64); 3] = [
    ("a head that is not finished", "GET /api/v2/auth/hello HTTP/1.1\r\nHost: h\r\nX-A: ", 15),
    (
        "a body that is not finished",
        "POST /api/v2/auth/login HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
        30,
    ),
    (
        "a chunk that is not finished",
        "POST /api/v2/auth/login HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        30,
    ),
];

/// What must become of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// One refusal, or the end of the connection, and nothing that was hidden is answered.
    Refused,
    /// At most one answer, none of it a fault of ours.
    OneAnswer,
}

/// Runs the suite.
pub(super) fn run(stage: &Stage, suite: &Suite) -> anyhow::Result<()> {
    for (name, headers, body) in bodies() {
        let text = format!(
            "POST /api/v2/auth/login HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n{headers}\r\n{body}"
        );
        talk(stage, suite, name, text.as_bytes(), Fate::Refused);
    }
    for (name, text) in heads() {
        talk(stage, suite, name, text.as_bytes(), Fate::Refused);
    }
    for (name, text) in tolerated() {
        talk(stage, suite, name, text.as_bytes(), Fate::OneAnswer);
    }
    for path in paths() {
        let text = format!("GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        let shown: String = path.chars().take(40).collect();
        talk(stage, suite, &format!("path {shown:?}"), text.as_bytes(), Fate::Refused);
    }
    oversized(stage, suite);
    slow(stage, suite);
    Ok(())
}

fn bodies() -> Vec<(&'static str, String, String)> {
    let hidden = |prefix: &str| format!("{prefix}{HIDDEN}");
    let chunked = format!("0\r\n\r\n{HIDDEN}");
    let case = |name, headers: &str, body: String| (name, headers.to_owned(), body);
    vec![
        case("length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", chunked.clone()),
        case("chunks and length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", chunked.clone()),
        case("two lengths that differ", "Content-Length: 2\r\nContent-Length: 60\r\n", hidden("{}")),
        case("two lengths in one line", "Content-Length: 2, 60\r\n", hidden("{}")),
        case("a length with a sign", "Content-Length: +2\r\n", hidden("{}")),
        case("a negative length", "Content-Length: -2\r\n", hidden("{}")),
        case("a length in hexadecimal", "Content-Length: 0x2\r\n", hidden("{}")),
        case("a length with letters", "Content-Length: 2x\r\n", hidden("{}")),
        case("a length beyond every number", "Content-Length: 99999999999999999999999\r\n", hidden("{}")),
        case("a space before the colon", "Content-Length : 2\r\n", hidden("{}")),
        case("chunked and identity", "Transfer-Encoding: chunked, identity\r\n", chunked.clone()),
        case("an unknown encoding", "Transfer-Encoding: xchunked\r\n", chunked.clone()),
        case("gzip, chunked", "Transfer-Encoding: gzip, chunked\r\n", chunked.clone()),
        case(
            "chunked twice",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            chunked.clone(),
        ),
        case(
            "chunked and something else",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n",
            chunked.clone(),
        ),
        case("an encoding on a folded line", "Transfer-Encoding:\r\n chunked\r\n", chunked.clone()),
        case("an encoding after a vertical tab", "Transfer-Encoding: \u{b}chunked\r\n", chunked.clone()),
        case("a quoted encoding", "Transfer-Encoding: \"chunked\"\r\n", chunked.clone()),
        case("a name with a space", "Transfer Encoding: chunked\r\n", chunked.clone()),
        case("a name that is none", "Transfer-Encoding\r\n", chunked),
        case("a chunk with a sign", "Transfer-Encoding: chunked\r\n", hidden("+2\r\n{}\r\n0\r\n\r\n")),
        case("a negative chunk", "Transfer-Encoding: chunked\r\n", hidden("-2\r\n{}\r\n0\r\n\r\n")),
        case("a chunk of 0x2", "Transfer-Encoding: chunked\r\n", hidden("0x2\r\n{}\r\n0\r\n\r\n")),
        case(
            "a chunk beyond every number",
            "Transfer-Encoding: chunked\r\n",
            hidden("ffffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        ),
        case(
            "a chunk that is longer than it says",
            "Transfer-Encoding: chunked\r\n",
            hidden("1\r\n{}\r\n0\r\n\r\n"),
        ),
        case("a chunk without a size", "Transfer-Encoding: chunked\r\n", hidden("\r\n{}\r\n0\r\n\r\n")),
    ]
}

fn heads() -> Vec<(&'static str, String)> {
    let get = "GET /api/v2/auth/hello HTTP/1.1\r\n";
    let case = |name, text: String| (name, text);
    vec![
        case("two hosts", format!("{get}Host: a\r\nHost: b\r\n\r\n")),
        case("a host with a path", format!("{get}Host: a/b\r\n\r\n")),
        case("a host with a user", format!("{get}Host: u@a\r\n\r\n")),
        case("a host with a space", format!("{get}Host: a b\r\n\r\n")),
        case("a NUL in a header", format!("{get}Host: h\r\nX-A: a\0b\r\n\r\n")),
        case("a bare CR in a header", format!("{get}Host: h\r\nX-A: a\rX-B: b\r\n\r\n")),
        case("a NUL in a name", format!("{get}Host: h\r\nX\0A: a\r\n\r\n")),
        case("absolute form", "GET http://h/api/v2/auth/hello HTTP/1.1\r\nHost: h\r\n\r\n".to_owned()),
        case(
            "absolute form of another host",
            "GET http://evil.example/api/v2/auth/hello HTTP/1.1\r\nHost: h\r\n\r\n".to_owned(),
        ),
        case("authority form", "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n".to_owned()),
        case("an asterisk", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n".to_owned()),
        case("TRACE", "TRACE /api/v2/auth/hello HTTP/1.1\r\nHost: h\r\n\r\n".to_owned()),
        case("an unknown method", "FROB /api/v2/auth/hello HTTP/1.1\r\nHost: h\r\n\r\n".to_owned()),
        case("a method with a NUL", "GE\0T /api/v2/auth/hello HTTP/1.1\r\nHost: h\r\n\r\n".to_owned()),
        case("an unknown version", "GET /api/v2/auth/hello HTTP/9.9\r\nHost: h\r\n\r\n".to_owned()),
        case("HTTP/0.9", "GET /api/v2/auth/hello\r\n\r\n".to_owned()),
        case("another protocol", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n".to_owned()),
        case("HTTP/2 without asking", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned()),
        case("a space in the target", "GET /api/v2/auth/hello x HTTP/1.1\r\nHost: h\r\n\r\n".to_owned()),
        case("a folded header", format!("{get}Host: h\r\nX-A: a\r\n b\r\n\r\n")),
        case("a space before the first header", format!("{get} Host: h\r\n\r\n")),
    ]
}

fn tolerated() -> Vec<(&'static str, String)> {
    let get = "GET /api/v2/auth/hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n";
    vec![
        ("a plain request", format!("{get}\r\n")),
        ("an upgrade to HTTP/2", format!("{get}Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")),
        ("an upgrade to a socket", format!("{get}Upgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n")),
        ("an unknown expectation", format!("{get}Expect: miracles\r\n\r\n")),
        ("a body on GET", format!("{get}Content-Length: 2\r\n\r\n{{}}")),
        (
            "a connection header that names what we add",
            format!("{get}Connection: x-leadstream-identity, host\r\n\r\n"),
        ),
        (
            "a connection header that names the length",
            "POST /api/v2/auth/login HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\
             Connection: close, content-length\r\nContent-Length: 2\r\n\r\n{}"
                .to_owned(),
        ),
        ("a range beyond everything", format!("{get}Range: bytes=0-,0-,0-,0-\r\n\r\n")),
        // Dropped while the request is read, before routing.
        (
            "a fragment",
            "GET /api/v2/auth/hello#x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".to_owned(),
        ),
        ("a trace context that is none", format!("{get}traceparent: 00-zz-zz-zz\r\n\r\n")),
        ("a request id with a line break's code", format!("{get}X-Request-Id: a%0d%0ab\r\n\r\n")),
        ("a method override", format!("{get}X-HTTP-Method-Override: DELETE\r\n\r\n")),
        (
            "another path in a header",
            format!("{get}X-Original-URL: /internal/access\r\nX-Rewrite-URL: /internal/access\r\n\r\n"),
        ),
    ]
}

fn paths() -> Vec<String> {
    let mut paths: Vec<String> = [
        "//api/v2/auth/hello",
        "/api//v2/auth/hello",
        "/api/v2/auth/hello//",
        "/api/./v2/auth/hello",
        "/api/v2/../v2/auth/hello",
        "/api/v2/auth/hello/..",
        "/api/%2e%2e/api/v2/auth/hello",
        "/api/%2E/v2/auth/hello",
        "/api%2fv2/auth/hello",
        "/api%2Fv2%2Fauth%2Fhello",
        "/api%5cv2/auth/hello",
        "/api\\v2\\auth\\hello",
        "/api;x=1/v2/auth/hello",
        "/api%3bx/v2/auth/hello",
        "/api/v2/auth/hell%6f",
        "/api/v2/auth/hello%00",
        "/api/v2/auth/hello%0a",
        "/api/v2/auth/hello%0d%0aX:1",
        "/api/v2/auth/hello%",
        "/api/v2/auth/hello%2",
        "/api/v2/auth/hello%zz",
        "/api/v2/auth/hello\t",
        "/api/v2/auth/hellö",
        "/API/v2/auth/hello",
        "/internal/access",
        "/internal/openapi.json",
        "/api/v2/../../internal/access",
        "/api/v2/leads/..%2f..%2finternal/access",
        "/api/v2/auth/hello?a=\u{1}",
        "api/v2/auth/hello",
        "",
        "/api/v2/leads/%2e%2e/%2e%2e/internal/openapi.json",
        "/metrics/../internal/access",
        "/.",
        "/..",
        "/%2e%2e",
    ]
    .map(str::to_owned)
    .to_vec();
    paths.push(format!("/{}", "a".repeat(100_000)));
    paths.push(format!("/{}", "a/".repeat(10_000)));
    paths
}

/// Heads that never end or hold too much.
fn oversized(stage: &Stage, suite: &Suite) {
    let get = "GET /api/v2/auth/hello HTTP/1.1\r\nHost: h\r\n";
    let many = |count: usize| (0..count).map(|number| format!("X-{number}: 1\r\n")).collect::<String>();
    for (name, text) in [
        ("five thousand headers", format!("{get}{}\r\n", many(5_000))),
        // So many as the server takes, and more than a service has room for beside what the gateway adds.
        ("ninety headers", format!("{get}{}\r\n", many(90))),
        ("headers of seventy kilobytes", format!("{get}X-A: {}\r\n\r\n", "a".repeat(70_000))),
        (
            "a query of seventeen kilobytes",
            format!("GET /api/v2/auth/hello?{} HTTP/1.1\r\nHost: h\r\n\r\n", "a".repeat(17_000)),
        ),
        ("one header of a megabyte", format!("{get}X-A: {}\r\n\r\n", "a".repeat(1 << 20))),
        ("one name of a megabyte", format!("{get}{}: a\r\n\r\n", "a".repeat(1 << 20))),
        (
            "a query of a megabyte",
            format!("GET /api/v2/auth/hello?{} HTTP/1.1\r\nHost: h\r\n\r\n", "a".repeat(1 << 20)),
        ),
    ] {
        talk(stage, suite, name, text.as_bytes(), Fate::Refused);
    }
}

/// Requests that are never finished: the connection is ended, and not after minutes.
fn slow(stage: &Stage, suite: &Suite) {
    std::thread::scope(|scope| {
        for (name, text, limit) in UNFINISHED {
            scope.spawn(move || {
                let begun = Instant::now();
                let patience = Duration::from_secs(limit + 5);
                let answers =
                    wire::conversation(stage.api.address, text.as_bytes(), patience).unwrap_or_default();
                let took = begun.elapsed();
                let outcome = if took > Duration::from_secs(limit) {
                    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
                    Err(format!("still open after {} s, having answered {statuses:?}", took.as_secs()))
                } else {
                    judge(&answers, Fate::Refused)
                };
                suite.case(name, || paste(stage, text.as_bytes()), outcome);
            });
        }
    });
}

fn talk(stage: &Stage, suite: &Suite, name: &str, bytes: &[u8], fate: Fate) {
    let outcome = match wire::conversation(stage.api.address, bytes, LIMIT) {
        Ok(answers) => judge(&answers, fate),
        Err(error) => Err(format!("no connection: {error}")),
    };
    suite.case(name, || paste(stage, bytes), outcome);
}

fn judge(answers: &[Response], fate: Fate) -> Result<(), String> {
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    if statuses.len() > 1 {
        return Err(format!("answered more than one request: {statuses:?}"));
    }
    match statuses.first() {
        Some(status) if *status >= 500 && !matches!(status, 501 | 503 | 505) => {
            Err(format!("answered {status}"))
        }
        Some(status) if fate == Fate::Refused && *status < 400 => Err(format!("answered {status}")),
        Some(101) => Err("switched the protocol".to_owned()),
        _ => Ok(()),
    }
}

/// A line for a shell that sends the bytes.
fn paste(stage: &Stage, bytes: &[u8]) -> String {
    let text: String = bytes
        .iter()
        .take(400)
        .map(|byte| match byte {
            b'\\' => "\\\\".to_owned(),
            b'%' => "%%".to_owned(),
            b' '..=b'~' => char::from(*byte).to_string(),
            other => format!("\\{other:03o}"),
        })
        .collect();
    let more = if bytes.len() > 400 { " # … and so on" } else { "" };
    let (host, port) = (stage.api.address.ip(), stage.api.address.port());
    format!("printf {} | nc -q 5 {host} {port}{more}", quoted(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(statuses: &[u16]) -> Vec<Response> {
        statuses.iter().map(|status| Response { status: *status, ..Response::default() }).collect()
    }

    #[test]
    fn a_second_answer_is_a_smuggled_request() {
        assert!(judge(&answers(&[400, 200]), Fate::Refused).is_err());
        assert!(judge(&answers(&[200, 400]), Fate::OneAnswer).is_err());
    }

    #[test]
    fn a_refusal_or_silence_is_fine_and_an_answer_is_not() {
        assert_eq!(judge(&answers(&[]), Fate::Refused), Ok(()));
        assert_eq!(judge(&answers(&[400]), Fate::Refused), Ok(()));
        assert!(judge(&answers(&[200]), Fate::Refused).is_err());
        assert!(judge(&answers(&[500]), Fate::Refused).is_err());
        assert_eq!(judge(&answers(&[200]), Fate::OneAnswer), Ok(()));
    }
}
