//! Bodies that are too large, too deep, of the wrong kind, or hold what a database cannot.

use std::time::Duration;

use serde_json::json;

use super::stage::Stage;
use super::verdict::{Suite, decent, one_of};
use devstack::people::signed;
use devstack::wire::{Request, Response};

const LIMIT: Duration = Duration::from_secs(30);
const JSON: &str = "application/json";

/// Runs the suite.
pub(super) fn run(stage: &Stage, suite: &Suite) -> anyhow::Result<()> {
    let ours = &stage.ours;
    let doors = [
        ("a form", Request::new("POST", "/api/leads/ingest").header("X-API-Key", &ours.key)),
        ("a batch", Request::new("POST", "/api/leads/ingest/batch").header("X-API-Key", &ours.key)),
        ("the API", signed("POST", "/api/v2/products", &ours.token, Some(&ours.client_id))),
        ("the door", Request::new("POST", "/api/v2/auth/login")),
    ];
    for (door, request) in &doors {
        for (name, media_type, body) in broken() {
            send(
                stage,
                suite,
                &format!("{door}: {name}"),
                &request.clone().body(media_type, body),
                &[400, 413, 415, 422],
            );
        }
        for encoding in ["gzip", "deflate", "br", "zstd", "gzip, gzip", "x-unknown"] {
            let packed = request.clone().header("Content-Encoding", encoding).body(JSON, gzip_of_zeros());
            send(stage, suite, &format!("{door}: {encoding}"), &packed, &[400, 413, 415, 422]);
        }
        let large = format!("{{\"name\":\"{}\"}}", "x".repeat(2 << 20)).into_bytes();
        send(
            stage,
            suite,
            &format!("{door}: two megabytes"),
            &request.clone().body(JSON, large.clone()),
            &[413],
        );
        chunked(stage, suite, door, request, &large);
    }
    multipart(stage, suite);
    Ok(())
}

/// Nothing of this can be taken, whatever the route.
fn broken() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let deep =
        |open: &str, close: &str, count: usize| format!("{}1{}", open.repeat(count), close.repeat(count));
    let case = |name, body: &[u8]| (name, JSON, body.to_vec());
    vec![
        case("nothing", b""),
        case("half an object", b"{\"name\":"),
        case("a list", b"[]"),
        case("a number", b"7"),
        case("null", b"null"),
        case("no JSON", b"name=x&y"),
        case("what follows the end", b"{} {}"),
        case("NaN", b"{\"score\":NaN}"),
        case("a number beyond every number", b"{\"name\":1e99999}"),
        case("no UTF-8", b"{\"name\":\"\xff\xfe\"}"),
        case("half a surrogate", b"{\"name\":\"\\ud800\"}"),
        case("NUL in a text", b"{\"name\":\"a\\u0000b\",\"email\":\"nul@example.org\"}"),
        case("NUL in a name", b"{\"a\\u0000b\":1,\"email\":\"nul2@example.org\"}"),
        ("a deep list", JSON, deep("[", "]", 100_000).into_bytes()),
        ("a deep object", JSON, format!("{{\"name\":{}}}", deep("{\"a\":", "}", 50_000)).into_bytes()),
        ("a body without a type", "", b"{}".to_vec()),
        ("an unknown type", "application/x-unknown", b"{}".to_vec()),
        (
            "XML",
            "application/xml",
            b"<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>".to_vec(),
        ),
        ("an unknown charset", "application/json; charset=utf-16", b"\xff\xfe{\0}\0".to_vec()),
    ]
}

/// A body without an announced length.
fn chunked(stage: &Stage, suite: &Suite, door: &str, request: &Request, large: &[u8]) {
    let plain = request.clone().header("Content-Type", JSON).header("Transfer-Encoding", "chunked");
    let mut bytes = plain.bytes(&stage.api.address.to_string());
    for piece in large.chunks(64 * 1024) {
        bytes.extend(format!("{:x}\r\n", piece.len()).into_bytes());
        bytes.extend(piece);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"0\r\n\r\n");
    let outcome = match devstack::wire::exchange(stage.api.address, &bytes, false, LIMIT) {
        Ok(answer) => decent(&answer).and_then(|()| one_of(&answer, &[413])),
        // A client that goes on sending after a refusal may see a reset before it reads the answer.
        Err(_) => Ok(()),
    };
    suite.case(
        &format!("{door}: two megabytes in chunks"),
        || format!("{} # 2 MiB in chunks", stage.curl(&plain)),
        outcome,
    );
}

/// What a form in a browser would not send.
fn multipart(stage: &Stage, suite: &Suite) {
    let form = Request::new("POST", "/api/leads/ingest").header("X-API-Key", &stage.ours.key);
    let part = "--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nm@example.org\r\n";
    let field =
        |number: usize| format!("--b\r\nContent-Disposition: form-data; name=\"f{number}\"\r\n\r\nx\r\n");
    let many: String = (0..8_000).map(field).collect();
    let pairs: String = (0..100_000).map(|number| format!("a{number}=1&")).collect();
    let boundary = "multipart/form-data; boundary=b";
    for (name, media_type, body) in [
        ("no boundary", "multipart/form-data", format!("{part}--b--\r\n")),
        ("another boundary", "multipart/form-data; boundary=c", format!("{part}--b--\r\n")),
        ("no end", boundary, part.to_owned()),
        ("no name", boundary, "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n".to_owned()),
        ("thousands of fields", boundary, format!("{many}--b--\r\n")),
        (
            "a header that never ends",
            boundary,
            format!("--b\r\nContent-Disposition: {}", "x".repeat(500_000)),
        ),
        ("a hundred thousand pairs", "application/x-www-form-urlencoded", pairs),
        ("encodings that are none", "application/x-www-form-urlencoded", "email=%zz%&%=%u0000".to_owned()),
        ("NUL in a pair", "application/x-www-form-urlencoded", "name=a%00b&email=n@example.org".to_owned()),
    ] {
        let request = form.clone().body(media_type, body.into_bytes());
        send(stage, suite, &format!("a form: {name}"), &request, &[400, 413, 415, 422]);
    }
    let fine = form.json(&json!({"name": "\u{202e}\u{1F4A9}\u{301}", "email": "rtl@example.org", "x": {"__proto__": {"a": 1}}}));
    send(stage, suite, "a form: strange letters are letters", &fine, &[200, 201]);
}

/// What gzip makes of sixty million zeros would be refused for what it becomes; this one for what it is.
fn gzip_of_zeros() -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    // A block of deflate's that repeats one byte for as long as it is read.
    bytes.extend([0xed, 0xc1, 0x01, 0x01, 0x00, 0x00, 0x00, 0x80, 0x90, 0xfe, 0xaf, 0xee, 0x08, 0x0a]);
    bytes.extend([0; 512]);
    bytes
}

fn send(stage: &Stage, suite: &Suite, name: &str, request: &Request, wanted: &[u16]) {
    let judge = |answer: &Response| decent(answer).and_then(|()| one_of(answer, wanted));
    let outcome = match request.send(stage.api.address, LIMIT) {
        Ok(answer) => judge(&answer),
        // Refused while it was still being sent.
        Err(_) if wanted.contains(&413) && request.body.as_ref().is_some_and(|body| body.len() > 1 << 20) => {
            Ok(())
        }
        Err(failure) => Err(format!("no answer: {failure:?}")),
    };
    suite.case(name, || stage.curl(request).chars().take(2_000).collect(), outcome);
}
