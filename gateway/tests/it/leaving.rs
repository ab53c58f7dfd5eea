//! A process that was asked to leave.

use std::time::Duration;

use reqwest::Method;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::{
    raw,
    world::{Answer, World},
};

const HELLO: &str = "/api/v2/auth/hello";

#[actix_web::test]
async fn who_leaves_serves_on_and_closes_each_connection_with_its_answer() {
    let world = World::start().await;
    let request = format!("GET {HELLO} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let mut stream = TcpStream::connect(world.addr).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let before = raw::read(&mut stream, Duration::from_millis(300)).await;
    assert!(raw::status(&before) == 200 && !before.to_lowercase().contains("connection: close"), "{before}");

    world.health.leave();

    stream.write_all(request.as_bytes()).await.unwrap();
    let last = raw::read_to_end(&mut stream, Duration::from_secs(2)).await;
    assert!(raw::status(&last) == 200 && last.to_lowercase().contains("connection: close"), "{last}");
    assert_eq!(world.send(Method::GET, "/health/ready").await.status, 503);
    assert_eq!(Answer::read(world.request(Method::POST, HELLO).body("{}")).await.status, 200);
}
