//! HTTP load, made by wrk.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::child;
use super::measure::{Measure, ratio};
use devstack::layout::write_private;
use devstack::waiting::Cancel;

const REPORT: &str = include_str!("scripts/report.lua");

/// Makes HTTP requests as fast as they are answered.
pub(super) struct Wrk<'a> {
    /// The program.
    pub(super) binary: &'a Path,
    /// Where the scripts are written to; they hold tokens.
    pub(super) dir: &'a Path,
    /// Ends a run early.
    pub(super) cancel: &'a Cancel,
}

impl Wrk<'_> {
    /// Writes a script, with values for its variables before it.
    pub(super) fn script(&self, name: &str, values: &[(&str, Lua)], text: &str) -> Result<PathBuf> {
        let mut script: String =
            values.iter().map(|(name, value)| format!("{name} = {}\n", value.literal())).collect();
        script.push_str(text);
        script.push_str(REPORT);
        let path = self.dir.join(name);
        write_private(&path, &script)?;
        Ok(path)
    }

    /// One run against an address.
    pub(super) fn run(&self, script: &Path, url: &str, connections: usize, seconds: u64) -> Result<Measure> {
        let threads = threads(connections);
        let mut command = Command::new(self.binary);
        command
            // Longer than any of our requests may take, so that slow ones are slow and not lost.
            .args(["--timeout", "15s"])
            .args(["-c", &connections.to_string(), "-t", &threads.to_string(), "-d", &format!("{seconds}s")])
            .arg("-s")
            .arg(script)
            .arg(url)
            .stdin(Stdio::null());
        let text = child::run(&mut command, self.cancel)?;
        parse(&text).with_context(|| format!("wrk said something unexpected: {}", text.trim()))
    }
}

/// On how many threads the generator uses so many connections.
pub(super) fn threads(connections: usize) -> usize {
    connections.min(2)
}

/// A value in a script.
pub(super) enum Lua<'a> {
    /// Text of one line.
    Text(&'a str),
    /// A number.
    Number(i64),
    /// A table of texts.
    Table(&'a [(&'a str, &'a str)]),
}

impl Lua<'_> {
    fn literal(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Number(number) => number.to_string(),
            Self::Table(pairs) => {
                let members: Vec<_> = pairs
                    .iter()
                    .map(|(name, value)| format!("[{}] = {}", quoted(name), quoted(value)))
                    .collect();
                format!("{{ {} }}", members.join(", "))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Reads the line that our scripts print in the end.
fn parse(text: &str) -> Option<Measure> {
    let line = text.lines().find_map(|line| line.strip_prefix("RESULT "))?;
    let value = |name: &str| -> Option<u64> {
        line.split(' ').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
    };
    let requests = value("requests")?;
    Some(Measure {
        requests,
        errors: value("refused")? + value("broken")?,
        per_second: ratio(requests as f64 * 1e6, value("duration_us")? as f64),
        p50_us: value("p50_us")?,
        p99_us: value("p99_us")?,
        ..Measure::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_is_found_among_wrks_own_words() {
        let text = "Running 3s test @ http://127.0.0.1:8000\n  2 threads and 32 connections\nRequests/sec: 10.00\n\
                    RESULT requests=30000 duration_us=3000000 p50_us=1500 p99_us=4200 refused=2 broken=1\n";

        let measure = parse(text).unwrap();

        assert_eq!(measure.requests, 30_000);
        assert_eq!(measure.per_second, 10_000.0);
        assert_eq!((measure.p50_us, measure.p99_us, measure.errors), (1500, 4200, 3));
    }

    #[test]
    fn an_output_without_a_result_is_none() {
        assert!(parse("unable to connect to 127.0.0.1:1 Connection refused\n").is_none());
        assert!(parse("RESULT requests=30000 p50_us=1\n").is_none());
    }

    #[test]
    fn values_become_literals() {
        assert_eq!(Lua::Text("a-b").literal(), "\"a-b\"");
        assert_eq!(Lua::Text(r#"{"a":"\n"}"#).literal(), r#""{\"a\":\"\\n\"}""#);
        assert_eq!(Lua::Number(-7).literal(), "-7");
        assert_eq!(Lua::Table(&[("X-A", "b")]).literal(), "{ [\"X-A\"] = \"b\" }");
    }
}
