//! Reachable and blocked addresses, and the requests sent.

use super::*;

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
async fn each_request_makes_its_own_connection() {
    let keep = "HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok";
    let server = Server::start(vec![text(keep)]).await;
    let egress = egress_to_loopback();

    egress.send(Request::get(server.url("/"))).await.unwrap();
    egress.send(Request::get(server.url("/"))).await.unwrap();

    assert_eq!(server.connections(), 2);
}
