//! External systems: a company's website and a webhook receiver, on this machine.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

use serde_json::Value;

const PAGE: &str = r#"<!doctype html><html><head><title>Acme Rockets</title>
<meta name="description" content="We make rockets."><meta property="og:site_name" content="Acme">
<meta name="generator" content="WordPress 6.4"><script type="application/ld+json">
{"@context":"https://schema.org","@type":"Organization","name":"Acme","foundingDate":"1999-04-01",
"numberOfEmployees":{"@type":"QuantitativeValue","value":42},
"address":{"@type":"PostalAddress","addressLocality":"Berlin","addressCountry":"DE"},
"sameAs":["https://www.linkedin.com/company/acme"]}</script></head>
<body><a href="mailto:hello@acme.example">Mail</a> <a href="tel:+4930901820">Call</a></body></html>"#;

/// A delivery that was received.
#[derive(Clone)]
pub struct Received {
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The exact body.
    pub raw: String,
    /// The body as JSON.
    pub body: Value,
}

impl Received {
    /// A header's value.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// Answers GET with a company's page and accepts POST requests.
#[derive(Clone)]
pub struct Outside {
    address: String,
    received: Arc<Mutex<Vec<Received>>>,
    refuse: Arc<AtomicU32>,
}

impl Outside {
    /// Starts listening.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let outside = Self { address, received: Arc::default(), refuse: Arc::default() };
        let serving = outside.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = serving.clone();
                thread::spawn(move || serving.serve(stream));
            }
        });
        outside
    }

    /// Its address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Answers the next deliveries with 500.
    pub fn refuse_next(&self, count: u32) {
        self.refuse.store(count, Ordering::SeqCst);
    }

    /// Accepted deliveries.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream);
        let mut first = String::new();
        if reader.read_line(&mut first).is_err() {
            return;
        }
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            // A killed sender leaves an incomplete request, which does not count.
            if !reader.read_line(&mut line).is_ok_and(|length| length > 0) {
                return;
            }
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':') {
                headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
            }
        }
        let length =
            headers.iter().find(|(name, _)| name == "content-length").map_or("0", |(_, value)| value);
        let mut raw = vec![0; length.parse().unwrap_or(0)];
        if reader.read_exact(&mut raw).is_err() {
            return;
        }
        let (status, body) =
            if first.starts_with("GET") { ("200 OK", PAGE) } else { (self.take_in(headers, raw), "") };
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        // The caller may have been killed meanwhile.
        let _sent = reader.get_mut().write_all(format!("{head}{body}").as_bytes());
    }

    fn take_in(&self, headers: Vec<(String, String)>, raw: Vec<u8>) -> &'static str {
        let refusing =
            self.refuse.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if refusing.is_ok() {
            return "500 Internal Server Error";
        }
        let raw = String::from_utf8(raw).unwrap_or_default();
        let body = serde_json::from_str(&raw).unwrap_or_default();
        self.received.lock().unwrap().push(Received { headers, raw, body });
        "204 No Content"
    }
}
