//! The client against servers of this machine that misbehave.

mod addresses;
mod bounds;
mod redirects;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
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
