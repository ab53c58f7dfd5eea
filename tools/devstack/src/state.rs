//! State file of a platform: its ports, data directory, and whether the demo was made.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::layout::{read_json, write_json};
use crate::ports;
use crate::progress::Progress;

/// The content of `state.json`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// The directory of PostgreSQL's and Redis's data.
    pub data: Option<PathBuf>,
    /// Port by process name, except for the gateway: its port is chosen by the user.
    pub ports: BTreeMap<String, u16>,
    /// Whether the demo is complete.
    pub seeded: bool,
    /// The demo tenant, once it is known.
    pub tenant_id: Option<String>,
}

impl State {
    /// Reads the state; a new one when there is none.
    pub fn load(path: &Path) -> Result<Self> {
        Ok(read_json(path)?.unwrap_or_default())
    }

    /// Stores the state.
    pub fn save(&self, path: &Path) -> Result<()> {
        write_json(path, self)
    }

    /// Gives every name a port: the remembered one, or a new one when it is taken by now.
    pub fn settle_ports(&mut self, names: &[&str], reserved: u16, progress: &Progress) -> Result<()> {
        for name in names {
            let remembered = self.ports.get(*name).copied();
            if remembered.is_some_and(|port| port != reserved && ports::is_free(port)) {
                continue;
            }
            let mut taken: Vec<u16> = self.ports.values().copied().collect();
            taken.push(reserved);
            let port = ports::choose(&taken)?;
            if let Some(old) = remembered {
                progress.say(&format!("port {old} of {name} is taken by another program; using {port} now"));
            }
            self.ports.insert((*name).to_owned(), port);
        }
        Ok(())
    }

    /// The port of a process; 0, which nothing can connect to, for a name that was never settled.
    pub fn port(&self, name: &str) -> u16 {
        self.ports.get(name).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    #[test]
    fn ports_are_kept_unless_somebody_took_them() {
        let mut state = State::default();
        state.settle_ports(&["a", "b"], 8000, &Progress::silent()).unwrap();
        let (a, b) = (state.port("a"), state.port("b"));
        let _squatter = TcpListener::bind((Ipv4Addr::LOCALHOST, a)).unwrap();

        state.settle_ports(&["a", "b"], 8000, &Progress::silent()).unwrap();

        assert_ne!(state.port("a"), a);
        assert_eq!(state.port("b"), b);
    }

    #[test]
    fn the_gateways_port_is_given_to_nobody_else() {
        let mut state = State::default();
        state.settle_ports(&["a"], 8000, &Progress::silent()).unwrap();
        let reserved = state.port("a");

        state.settle_ports(&["a"], reserved, &Progress::silent()).unwrap();

        assert_ne!(state.port("a"), reserved);
    }
}
