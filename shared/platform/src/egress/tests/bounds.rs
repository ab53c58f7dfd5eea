//! Limits of size and time, and errors for broken answers.

use std::{io::Write, time::Instant};

use super::*;

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
