//! The client against servers of this machine that misbehave.

use std::{
    io::Write,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Mutex,
};

use super::*;

/// A server that answers every connection with the next of its scripted answers, the last one again and again.
struct Server {
    addr: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

#[derive(Clone)]
enum Answer {
    Bytes(Vec<u8>),
    /// A head, then one byte again and again with a pause before each.
    Drip(String),
    Silence,
    Reset,
}

fn text(answer: &str) -> Answer {
    Answer::Bytes(answer.as_bytes().to_vec())
}

fn page(body: &str) -> Answer {
    text(&format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()))
}

fn redirect(status: u16, location: &str) -> Answer {
    text(&format!("HTTP/1.1 {status} Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"))
}

impl Server {
    async fn start(answers: Vec<Answer>) -> Self {
        Self::start_at("127.0.0.1:0", answers).await
    }

    async fn start_at(addr: &str, answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind(addr).await.unwrap();
        let server = Self {
            addr: listener.local_addr().unwrap(),
            requests: Arc::default(),
            connections: Arc::default(),
        };
        let (requests, connections) = (Arc::clone(&server.requests), Arc::clone(&server.connections));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let turn = connections.fetch_add(1, Ordering::SeqCst);
                let answer = answers.get(turn).or(answers.last()).unwrap().clone();
                tokio::spawn(serve(stream, answer, Arc::clone(&requests)));
            }
        });
        server
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    async fn request(&self, index: usize) -> String {
        self.requests.lock().await[index].clone()
    }
}

async fn serve(mut stream: TcpStream, answer: Answer, requests: Arc<Mutex<Vec<String>>>) {
    let mut request = vec![0; 16 * 1024];
    let read = stream.read(&mut request).await.unwrap_or_default();
    requests.lock().await.push(String::from_utf8_lossy(&request[..read]).to_lowercase());
    // A client that has seen enough hangs up, which ends the writing.
    match answer {
        Answer::Bytes(bytes) => {
            let _hung_up = stream.write_all(&bytes).await;
            let _hung_up = stream.shutdown().await;
        }
        Answer::Drip(head) => {
            let mut sent = stream.write_all(head.as_bytes()).await;
            while sent.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
                sent = stream.write_all(b"x").await;
            }
        }
        Answer::Silence => tokio::time::sleep(Duration::from_secs(60)).await,
        Answer::Reset => drop(stream),
    }
}

fn egress(allow: &[&str]) -> Egress {
    crate::command::install_crypto();
    Egress::new(&EgressConfig { allow: allow.iter().map(|range| range.parse().unwrap()).collect() }).unwrap()
}

fn egress_to_loopback() -> Egress {
    egress(&["127.0.0.0/8", "::1/128"])
}

async fn failure(egress: &Egress, request: Request) -> EgressError {
    egress.send(request).await.expect_err("the request was answered")
}

#[tokio::test]
async fn an_allowed_address_is_fetched_with_its_status_headers_and_body() {
    let server =
        Server::start(vec![text("HTTP/1.1 404 Not Found\r\nx-a: b\r\ncontent-length: 2\r\n\r\nno")]).await;

    let response = egress_to_loopback().send(Request::get(server.url("/a?b=c"))).await.unwrap();

    assert_eq!(response.status, 404);
    assert_eq!(response.header("x-a"), Some("b"));
    assert_eq!(&response.body[..], b"no");
    assert_eq!(response.final_url.as_str(), server.url("/a?b=c"));
    assert!(server.request(0).await.starts_with("get /a?b=c http/1.1\r\n"));
}

#[tokio::test]
async fn a_post_carries_its_headers_and_body() {
    let server = Server::start(vec![page("ok")]).await;

    let request = Request::post(server.url("/hook"), "{\"a\":1}").header("webhook-id", "m1");
    egress_to_loopback().send(request).await.unwrap();

    let request = server.request(0).await;
    assert!(request.starts_with("post /hook http/1.1\r\n") && request.ends_with("{\"a\":1}"), "{request}");
    assert!(request.contains("webhook-id: m1\r\n"));
}

#[tokio::test]
async fn loopback_in_any_spelling_is_blocked_before_dialling() {
    let server = Server::start(vec![page("secret")]).await;
    let port = server.addr.port();
    let egress = egress(&[]);

    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "localhost",
        "LOCALHOST",
    ] {
        let error = failure(&egress, Request::get(format!("http://{host}:{port}/"))).await;
        assert_eq!(error.code(), "blocked", "{host}: {error}");
        assert!(!error.is_retryable());
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_name_that_leads_to_an_allowed_address_is_fetched() {
    let server = Server::start(vec![page("ok")]).await;

    let url = format!("http://localhost:{}/", server.addr.port());
    let response = egress(&["127.0.0.1/32"]).send(Request::get(url)).await.unwrap();

    assert_eq!(&response.body[..], b"ok");
}

#[tokio::test]
async fn metadata_and_private_addresses_are_blocked_even_when_loopback_is_allowed() {
    for address in
        ["169.254.169.254/latest/meta-data", "10.0.0.1", "192.168.1.1", "[fd00:ec2::254]", "100.100.100.200"]
    {
        let error = failure(&egress_to_loopback(), Request::get(format!("http://{address}"))).await;
        assert_eq!(error.code(), "blocked", "{address}");
    }
}

#[tokio::test]
async fn what_is_no_web_address_is_refused_without_repeating_its_password() {
    for address in [
        "",
        "example.com",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://",
        "//example.com",
        "http://u:hunter2@example.com/",
        "http://u@example.com/",
        "javascript:alert(1)",
        "http://[::1%25lo]/",
    ] {
        let error = failure(&egress_to_loopback(), Request::get(address)).await;
        assert_eq!(error.code(), "bad_address", "{address}");
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[tokio::test]
async fn a_header_that_would_smuggle_another_is_refused() {
    let request = Request::get("http://127.0.0.1:9/").header("x-a", "b\r\nx-c: d");
    assert_eq!(failure(&egress_to_loopback(), request).await, EgressError::BadHeader("x-a".into()));
}

#[tokio::test]
async fn a_redirect_to_a_forbidden_address_is_not_followed() {
    let inner = Server::start_at("127.0.0.2:0", vec![page("secret")]).await;
    let targets =
        [inner.url("/"), format!("http://[::1]:{}/", inner.addr.port()), "http://169.254.169.254/".into()];
    for target in targets {
        let outer = Server::start(vec![redirect(302, &target)]).await;

        let error = failure(&egress(&["127.0.0.1/32"]), Request::get(outer.url("/"))).await;

        assert_eq!(error.code(), "blocked", "{target}: {error}");
    }
    assert_eq!(inner.connections(), 0);
}

#[tokio::test]
async fn a_redirect_to_another_scheme_is_not_followed() {
    for target in ["file:///etc/passwd", "ftp://127.0.0.1/", "http://u:p@127.0.0.1/", "data:text/html,x"] {
        let server = Server::start(vec![redirect(301, target)]).await;
        let error = failure(&egress_to_loopback(), Request::get(server.url("/"))).await;
        assert_eq!(error.code(), "bad_address", "{target}");
    }
}

#[tokio::test]
async fn relative_redirects_are_followed_up_to_the_limit() {
    let server =
        Server::start(vec![redirect(301, "/b"), redirect(302, "c"), redirect(307, "?d"), page("there")])
            .await;
    let response = egress_to_loopback().send(Request::get(server.url("/a"))).await.unwrap();
    assert_eq!(
        (&response.body[..], response.final_url.as_str()),
        (&b"there"[..], server.url("/c?d").as_str())
    );

    let endless = Server::start(vec![redirect(302, "/again")]).await;
    let error = failure(&egress_to_loopback(), Request::get(endless.url("/"))).await;
    assert_eq!(error, EgressError::TooManyRedirects(3));
    assert_eq!(endless.connections(), 4);
}

#[tokio::test]
async fn without_redirects_a_redirect_is_the_answer() {
    let server = Server::start(vec![redirect(302, "/elsewhere")]).await;

    let response = egress_to_loopback().send(Request::get(server.url("/")).max_redirects(0)).await.unwrap();

    assert_eq!((response.status.as_u16(), server.connections()), (302, 1));
}

#[tokio::test]
async fn headers_stay_with_their_host() {
    let other = Server::start_at("127.0.0.2:0", vec![page("ok")]).await;
    let server = Server::start(vec![redirect(307, "/same"), redirect(307, &other.url("/other"))]).await;

    let request = Request::get(server.url("/"))
        .header("authorization", "Bearer s")
        .header("x-key", "s")
        .header("accept", "text/html");
    egress_to_loopback().send(request).await.unwrap();

    let (same, elsewhere) = (server.request(1).await, other.request(0).await);
    assert!(same.contains("authorization: bearer s") && same.contains("x-key: s"));
    assert!(!elsewhere.contains("bearer") && !elsewhere.contains("x-key"), "{elsewhere}");
    assert!(elsewhere.contains("accept: text/html"));
}

#[tokio::test]
async fn a_post_is_repeated_or_becomes_a_get_as_the_redirect_says() {
    for (status, line) in [(303, "get /b"), (302, "get /b"), (307, "post /b"), (308, "post /b")] {
        let server = Server::start(vec![redirect(status, "/b"), page("ok")]).await;

        egress_to_loopback().send(Request::post(server.url("/a"), "body")).await.unwrap();

        let request = server.request(1).await;
        assert!(request.starts_with(line), "{status}: {request}");
        assert_eq!(request.ends_with("body"), line.starts_with("post"), "{status}");
    }
}

#[tokio::test]
async fn a_huge_body_is_given_up_announced_or_not() {
    let announced =
        Server::start(vec![text("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nx")]).await;
    let mut endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    endless.resize(3 << 20, b'x');
    let unannounced = Server::start(vec![Answer::Bytes(endless)]).await;

    for server in [announced, unannounced] {
        let error = failure(&egress_to_loopback(), Request::get(server.url("/"))).await;
        assert_eq!(error, EgressError::TooLarge(2 << 20));
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_taken() {
    let server = Server::start(vec![page("12345")]).await;
    assert!(egress_to_loopback().send(Request::get(server.url("/")).max_bytes(5)).await.is_ok());
    assert_eq!(
        failure(&egress_to_loopback(), Request::get(server.url("/")).max_bytes(4)).await,
        EgressError::TooLarge(4)
    );
}

#[tokio::test]
async fn a_gzip_bomb_is_measured_as_it_unpacks() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        packer.write_all(&[0; 1 << 20]).unwrap();
    }
    let bomb = packer.finish().unwrap();
    assert!(bomb.len() < 128 * 1024, "it must be small on the wire");
    let mut answer =
        format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", bomb.len())
            .into_bytes();
    answer.extend(bomb);
    let server = Server::start(vec![Answer::Bytes(answer)]).await;

    let error = failure(&egress_to_loopback(), Request::get(server.url("/"))).await;

    assert_eq!(error, EgressError::TooLarge(2 << 20));
}

#[tokio::test]
async fn slow_heads_slow_bodies_and_silence_end_at_the_deadline() {
    let answers = [
        Answer::Drip("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".into()),
        Answer::Drip("HTTP/1.1 200 OK\r\nx-a: ".into()),
        Answer::Silence,
    ];
    for answer in answers {
        let server = Server::start(vec![answer]).await;
        let deadline = Duration::from_millis(300);
        let started = Instant::now();

        let error = failure(&egress_to_loopback(), Request::get(server.url("/")).deadline(deadline)).await;

        assert_eq!(error, EgressError::Timeout(deadline));
        assert!(error.is_retryable());
        assert!(started.elapsed() < Duration::from_secs(3));
    }
}

#[tokio::test]
async fn the_deadline_covers_all_redirects_together() {
    let server = Server::start(vec![redirect(302, "/b"), Answer::Silence]).await;
    let deadline = Duration::from_millis(300);
    let error = failure(&egress_to_loopback(), Request::get(server.url("/")).deadline(deadline)).await;
    assert_eq!(error, EgressError::Timeout(deadline));
}

#[tokio::test]
async fn refused_and_broken_connections_are_unreachable_for_now() {
    let gone = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    };
    let reset = Server::start(vec![Answer::Reset]).await;
    let short = Server::start(vec![text("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nshort")]).await;

    for url in [gone, reset.url("/"), short.url("/")] {
        let error = failure(&egress_to_loopback(), Request::get(url)).await;
        assert_eq!(error.code(), "unreachable", "{error}");
        assert!(error.is_retryable());
    }
}

#[tokio::test]
async fn garbage_is_malformed_and_not_worth_another_try() {
    let garbage = [
        "SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nx",
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nnogzi",
    ];
    for answer in garbage {
        let server = Server::start(vec![text(answer)]).await;
        let error = failure(&egress_to_loopback(), Request::get(server.url("/"))).await;
        assert_eq!(error.code(), "malformed", "{answer:?}: {error}");
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn a_name_nobody_knows_is_unresolvable() {
    let error = failure(&egress_to_loopback(), Request::get("http://nobody.invalid/")).await;
    assert_eq!(error, EgressError::Unresolvable("nobody.invalid".into()));
}

#[tokio::test]
async fn each_request_makes_its_own_connection() {
    let keep = "HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok";
    let server = Server::start(vec![text(keep)]).await;
    let egress = egress_to_loopback();

    egress.send(Request::get(server.url("/"))).await.unwrap();
    egress.send(Request::get(server.url("/"))).await.unwrap();

    assert_eq!(server.connections(), 2);
}
