//! Redirects.

use super::*;

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
