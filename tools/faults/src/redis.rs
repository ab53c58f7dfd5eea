//! Minimal client for Redis commands.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use devstack::wire;

/// A Redis of this machine.
#[derive(Clone, Debug)]
pub(super) struct Redis {
    port: u16,
    password: String,
}

/// Answer of Redis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing, a status, a number or a text, as text.
    Text(String),
    /// Several.
    List(Vec<Self>),
}

/// One entry of a stream: its id and its event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its id.
    pub(super) id: String,
    /// Its event as text.
    pub(super) event: String,
}

impl Redis {
    /// The Redis at `redis://:password@127.0.0.1:port/`.
    pub(super) fn at(url: &str) -> Result<Self> {
        let parts = url.strip_prefix("redis://:").and_then(|rest| rest.split_once('@'));
        let (password, address) = parts.context("an address of Redis looks different")?;
        let port = address.trim_end_matches('/').rsplit_once(':').map_or("", |(_, port)| port);
        Ok(Self { port: port.parse()?, password: password.to_owned() })
    }

    /// Sends one command over a connection of its own.
    pub(super) fn command(&self, words: &[&str]) -> Result<Value> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).context("Redis is away")?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        (&stream).write_all(&encoded(&["AUTH", &self.password]))?;
        (&stream).write_all(&encoded(words))?;
        let mut reader = BufReader::new(&stream);
        read(&mut reader)?;
        read(&mut reader)
    }

    /// The first entries of a stream.
    pub(super) fn entries(&self, stream: &str, count: usize) -> Result<Vec<Entry>> {
        let Value::List(found) = self.command(&["XRANGE", stream, "-", "+", "COUNT", &count.to_string()])?
        else {
            return Ok(Vec::new());
        };
        Ok(found.into_iter().filter_map(entry).collect())
    }

    /// Appends an event to a stream.
    pub(super) fn append(&self, stream: &str, event: &str) -> Result<()> {
        self.command(&["XADD", stream, "*", "event", event]).map(drop)
    }
}

fn entry(value: Value) -> Option<Entry> {
    let Value::List(parts) = value else { return None };
    let mut parts = parts.into_iter();
    let (Some(Value::Text(id)), Some(Value::List(fields))) = (parts.next(), parts.next()) else {
        return None;
    };
    let mut texts = fields.into_iter().map(|field| match field {
        Value::Text(text) => text,
        _ => String::new(),
    });
    // Names and values in turn; the event is not the only field of an entry.
    while let (Some(name), Some(value)) = (texts.next(), texts.next()) {
        if name == "event" {
            return Some(Entry { id, event: value });
        }
    }
    None
}

fn encoded(words: &[&str]) -> Vec<u8> {
    let mut bytes = format!("*{}\r\n", words.len()).into_bytes();
    for word in words {
        bytes.extend(format!("${}\r\n{word}\r\n", word.len()).into_bytes());
    }
    bytes
}

fn read(reader: &mut impl BufRead) -> Result<Value> {
    let line = wire::line(reader)?;
    let (kind, rest) = line.split_at_checked(1).context("Redis answered nothing")?;
    match kind {
        "+" | ":" => Ok(Value::Text(rest.to_owned())),
        "-" => bail!("Redis: {rest}"),
        "$" => {
            let Ok(length) = rest.parse::<usize>() else { return Ok(Value::Text(String::new())) };
            let mut bytes = vec![0; length + 2];
            reader.read_exact(&mut bytes)?;
            bytes.truncate(length);
            Ok(Value::Text(String::from_utf8_lossy(&bytes).into_owned()))
        }
        "*" => {
            let count = rest.parse::<usize>().unwrap_or(0);
            Ok(Value::List((0..count).map(|_| read(reader)).collect::<Result<_>>()?))
        }
        _ => bail!("Redis answered {line:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_in_every_form() {
        let text = |text: &str| Value::Text(text.to_owned());
        let parse = |mut bytes: &[u8]| read(&mut bytes);

        assert_eq!(parse(b"+OK\r\n").unwrap(), text("OK"));
        assert_eq!(parse(b"$-1\r\n").unwrap(), text(""));
        assert_eq!(parse(b"*2\r\n:1\r\n$2\r\na\r\r\n").unwrap(), Value::List(vec![text("1"), text("a\r")]));
        assert!(parse(b"-OOM command not allowed\r\n").unwrap_err().to_string().contains("OOM"));
    }

    #[test]
    fn an_entry_is_its_id_and_its_event() {
        let bytes: &[u8] = b"*2\r\n$3\r\n1-0\r\n*4\r\n$4\r\ntype\r\n$1\r\na\r\n$5\r\nevent\r\n$2\r\n{}\r\n";

        let found = entry(read(&mut { bytes }).unwrap());

        assert_eq!(found, Some(Entry { id: "1-0".into(), event: "{}".into() }));
    }
}
