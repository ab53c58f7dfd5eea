//! Requests byte by byte.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Sends bytes and gives everything that comes back until the connection closes or is silent for a while.
pub async fn exchange(addr: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    read(&mut stream, Duration::from_millis(700)).await
}

/// Reads until the connection closes or is silent for a while.
pub async fn read(stream: &mut TcpStream, silence: Duration) -> String {
    let mut answer = Vec::new();
    let mut piece = vec![0; 64 * 1024];
    while let Ok(Ok(count)) = tokio::time::timeout(silence, stream.read(&mut piece)).await {
        if count == 0 {
            break;
        }
        answer.extend_from_slice(&piece[..count]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// Reads until the connection closes; fails when it does not do so in time.
pub async fn read_to_end(stream: &mut TcpStream, longest: Duration) -> String {
    let mut answer = Vec::new();
    let reading = tokio::time::timeout(longest, stream.read_to_end(&mut answer)).await;
    // What was sent and not read makes the end a reset; that is an end as well.
    assert!(reading.is_ok(), "the connection is still open: {:?}", String::from_utf8_lossy(&answer));
    String::from_utf8_lossy(&answer).into_owned()
}

/// Status of the first answer in a text.
#[track_caller]
pub fn status(answer: &str) -> u16 {
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("no answer: {answer:?}"))
}
