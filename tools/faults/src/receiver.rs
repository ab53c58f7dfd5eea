//! Receiver of webhooks with faults, and a record of the accepted ones.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use devstack::waiting::pause;
use devstack::wire;

/// Answer to deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Accepted, with 204.
    Polite,
    /// Refused, with this status.
    Refusing(u16),
    /// Refused: no answer for so long.
    Hanging(Duration),
    /// Refused: the connection is closed without an answer.
    Rude,
    /// Refused, with bytes that are no HTTP.
    Babbling,
}

/// Accepted deliveries of one lead.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// Their paths, each of which belongs to one tenant.
    pub(super) places: BTreeSet<String>,
    /// Their message ids; a second one would be a second event.
    pub(super) ids: BTreeSet<String>,
    /// Their number.
    pub(super) times: u32,
}

/// Listens until the process ends.
#[derive(Clone)]
pub(super) struct Receiver {
    port: u16,
    manner: Arc<Mutex<Manner>>,
    told: Arc<Mutex<HashMap<String, Told>>>,
}

impl Receiver {
    /// Starts listening.
    pub(super) fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("the receiver can't listen")?;
        let port = listener.local_addr()?.port();
        let receiver = Self { port, manner: Arc::new(Mutex::new(Manner::Polite)), told: Arc::default() };
        let serving = receiver.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = serving.clone();
                std::thread::spawn(move || serving.serve(&stream));
            }
        });
        Ok(receiver)
    }

    /// The address for a tenant's deliveries.
    pub(super) fn address(&self, tenant: &str) -> String {
        format!("http://127.0.0.1:{}/{tenant}", self.port)
    }

    /// Sets the answer to deliveries.
    pub(super) fn set(&self, manner: Manner) {
        *lock(&self.manner) = manner;
    }

    /// Accepted deliveries by the local part of the lead's e-mail address.
    pub(super) fn told(&self) -> HashMap<String, Told> {
        lock(&self.told).clone()
    }

    /// Clears the record.
    pub(super) fn forget(&self) {
        lock(&self.told).clear();
    }

    fn serve(&self, mut stream: &TcpStream) -> Option<()> {
        stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
        // A sender that was killed while sending has sent no request.
        let delivery = Delivery::read(&mut BufReader::new(stream)).ok()?;
        let manner = *lock(&self.manner);
        let answer = match manner {
            Manner::Polite => {
                self.take(delivery);
                "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_owned()
            }
            Manner::Refusing(status) => {
                format!(
                    "HTTP/1.1 {status} No\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"
                )
            }
            Manner::Hanging(long) => {
                pause(long);
                return None;
            }
            Manner::Rude => return None,
            Manner::Babbling => "220 smtp.example ESMTP ready\r\n\u{1}\u{2}\u{3}\r\n\r\n".to_owned(),
        };
        stream.write_all(answer.as_bytes()).ok()
    }

    fn take(&self, delivery: Delivery) {
        let Delivery { place, headers, body } = delivery;
        let payload: Value = serde_json::from_slice(&body).unwrap_or_default();
        let email = payload.pointer("/data/email").and_then(Value::as_str).unwrap_or_default();
        let Some((lead, _)) = email.split_once('@') else { return };
        let id = headers.iter().find(|(name, _)| name == "webhook-id");
        let mut told = lock(&self.told);
        let told = told.entry(lead.to_owned()).or_default();
        told.places.insert(place);
        told.ids.insert(id.map(|(_, id)| id.clone()).unwrap_or_default());
        told.times += 1;
    }
}

/// Complete request.
struct Delivery {
    /// The name in its path.
    place: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Delivery {
    fn read(reader: &mut BufReader<impl Read>) -> io::Result<Self> {
        let first = wire::line(reader)?;
        let headers = wire::read_headers(reader)?;
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let mut body = vec![0; length.and_then(|(_, text)| text.parse().ok()).unwrap_or(0)];
        reader.read_exact(&mut body)?;
        let place = first.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
        Ok(Self { place, headers, body })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use devstack::wire::Request;

    fn deliver(receiver: &Receiver, id: &str) -> Option<u16> {
        let body = serde_json::json!({"data": {"email": "m-a-1@example.com"}});
        let request = Request::new("POST", "/a").header("webhook-id", id).json(&body);
        let answer = request.send(([127, 0, 0, 1], receiver.port).into(), Duration::from_secs(2));
        answer.ok().map(|answer| answer.status)
    }

    #[test]
    fn what_is_taken_is_remembered_and_what_is_refused_is_not() {
        let receiver = Receiver::start().unwrap();
        assert_eq!(deliver(&receiver, "1"), Some(204));
        assert_eq!(deliver(&receiver, "1"), Some(204));
        receiver.set(Manner::Refusing(500));
        assert_eq!(deliver(&receiver, "2"), Some(500));
        receiver.set(Manner::Rude);
        assert_eq!(deliver(&receiver, "3"), None);

        let told = receiver.told().remove("m-a-1").unwrap();

        assert_eq!((told.times, told.ids.len(), told.places.len()), (2, 1, 1));
    }

    #[test]
    fn half_a_request_is_none() {
        let text = "POST /a HTTP/1.1\r\ncontent-length: 5\r\n\r\nhello";
        for end in 0..text.len() {
            assert!(Delivery::read(&mut BufReader::new(&text.as_bytes()[..end])).is_err(), "{end}");
        }
        let whole = Delivery::read(&mut BufReader::new(text.as_bytes())).unwrap();
        assert_eq!((whole.place.as_str(), whole.body.as_slice()), ("a", b"hello".as_slice()));
    }
}
