//! A line to Redis that can be cut, frozen and mended.

use std::sync::{Arc, Mutex};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    /// Connections are closed as they come.
    Cut,
    /// They are taken, and nothing comes through.
    Frozen,
}

/// Forwards connections.
pub struct Line {
    url: String,
    state: watch::Sender<State>,
    open: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Line {
    /// A line to the Redis for tests.
    pub async fn to_redis() -> Self {
        let mut url: reqwest::Url = testkit::settings::redis_url().parse().unwrap();
        let target = (url.host_str().unwrap().to_owned(), url.port().unwrap_or(6379));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let (state, watched) = watch::channel(State::Whole);
        let open: Arc<Mutex<Vec<JoinHandle<()>>>> = Arc::default();
        let opened = Arc::clone(&open);
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (target, watched) = (target.clone(), watched.clone());
                let forwarding = actix_web::rt::spawn(forward(stream, target, watched));
                opened.lock().unwrap().push(forwarding);
            }
        });
        Self { url: url.into(), state, open }
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Closes all connections, and those to come.
    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
        self.open.lock().unwrap().drain(..).for_each(|connection| connection.abort());
    }

    /// Lets nothing through any more; connections stay.
    pub fn freeze(&self) {
        self.state.send_replace(State::Frozen);
    }

    /// Lets everything through again.
    pub fn mend(&self) {
        self.state.send_replace(State::Whole);
    }
}

async fn forward(mut stream: TcpStream, target: (String, u16), mut watched: watch::Receiver<State>) {
    let mut onward = TcpStream::connect(target).await.unwrap();
    loop {
        let state = *watched.borrow_and_update();
        match state {
            State::Cut => return,
            State::Whole => tokio::select! {
                ended = copy_bidirectional(&mut stream, &mut onward) => { drop(ended); return }
                changed = watched.changed() => if changed.is_err() { return },
            },
            State::Frozen => {
                if watched.changed().await.is_err() {
                    return;
                }
            }
        }
    }
}
