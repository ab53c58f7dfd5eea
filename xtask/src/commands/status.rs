//! `cargo xtask status`: processes with port, uptime and readiness.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

use super::own_layout;
use devstack::engines::pair::ENGINES;
use devstack::supervisor::identity::Identity;
use devstack::supervisor::record::{Entry, Phase, Record, now};
use devstack::{http, output};

/// Prints the table; fails when not everything is ready, for scripts.
pub fn status() -> Result<ExitCode> {
    let layout = own_layout()?;
    let Some(record) = Record::read(&layout.processes())? else {
        output::print("Nothing is running. Start with: cargo xtask up")?;
        return Ok(ExitCode::FAILURE);
    };
    let supervised = record.supervisor.as_ref().is_some_and(Identity::is_alive);
    output::print(&format!("{}  {}", record.base_url, summary(record.phase, supervised)))?;
    output::print(&format!(
        "{:<21}{:>8}{:>7}{:>10}{:>10}  ready",
        "process", "pid", "port", "uptime", "restarts"
    ))?;
    let mut all_ready = supervised && record.phase == Phase::Ready;
    for entry in &record.processes {
        let pid = entry.identity.as_ref().filter(|identity| identity.is_alive()).map(|identity| identity.pid);
        let ready = pid.is_some() && is_ready(entry);
        all_ready &= ready;
        output::print(&format!(
            "{:<21}{:>8}{:>7}{:>10}{:>10}  {}",
            entry.name,
            pid.map_or("-".to_owned(), |pid| pid.to_string()),
            entry.port,
            pid.map_or("-".to_owned(), |_| span(now().saturating_sub(entry.started))),
            entry.restarts,
            if ready { "yes" } else { "no" },
        ))?;
    }
    Ok(if all_ready { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn summary(phase: Phase, supervised: bool) -> &'static str {
    match (supervised, phase) {
        (false, _) => "the supervisor was killed; cargo xtask down cleans up, cargo xtask up starts again",
        (true, Phase::Starting) => "starting",
        (true, Phase::Ready) => "running",
        (true, Phase::Stopping) => "stopping",
    }
}

fn is_ready(entry: &Entry) -> bool {
    if ENGINES.contains(&entry.name.as_str()) {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, entry.port));
        return TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok();
    }
    http::is_ready(entry.port)
}

fn span(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}s"),
        (0, 0, _) => format!("{minutes}m{:02}s", seconds % 60),
        (0, ..) => format!("{hours}h{minutes:02}m"),
        _ => format!("{days}d{hours:02}h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_short() {
        for (seconds, text) in [(7, "7s"), (61, "1m01s"), (3_725, "1h02m"), (180_000, "2d02h")] {
            assert_eq!(span(seconds), text);
        }
    }
}
