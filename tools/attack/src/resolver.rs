//! A resolver of names that says something else the second time. The platform's processes ask it instead of the machine's, each in
//! a place of its own where `/etc/resolv.conf` names it.

use std::collections::HashMap;
use std::net::{Ipv4Addr, UdpSocket};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};

use super::stage::ALLOWED;

/// Where it listens; the system's library knows no other port.
const ADDRESS: (&str, u16) = ("127.0.0.77", 53);
/// The forbidden address.
const FORBIDDEN: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// What every name that it knows ends with.
pub(super) const ZONE: &str = "rebinding.example";

/// Answers until the process ends.
#[derive(Clone, Debug)]
pub(super) struct Resolver {
    asked: Arc<Mutex<HashMap<String, usize>>>,
}

impl Resolver {
    /// Starts answering and gives what the processes' command lines have to begin with.
    pub(super) fn start(dir: &Path) -> Result<(Self, Vec<String>)> {
        if !nix::unistd::geteuid().is_root() {
            bail!("only root can give processes another resolver");
        }
        let file = dir.join("resolv.conf");
        std::fs::write(&file, format!("nameserver {}\noptions attempts:1 timeout:2\n", ADDRESS.0))?;
        let mount = format!("mount --bind '{}' /etc/resolv.conf && exec \"$@\"", file.display());
        let wrapper = ["unshare", "--mount", "sh", "-c", &mount, "sh"].map(str::to_owned).to_vec();
        let mut trial = Command::new("unshare");
        trial.args(wrapper.iter().skip(1)).arg("true").stderr(Stdio::null());
        if !trial.status().is_ok_and(|status| status.success()) {
            bail!("processes cannot be given another resolver here");
        }
        let socket = UdpSocket::bind(ADDRESS).context("the resolver can't listen")?;
        let resolver = Self { asked: Arc::default() };
        let answering = resolver.clone();
        std::thread::spawn(move || {
            let mut question = [0; 1_500];
            while let Ok((length, from)) = socket.recv_from(&mut question) {
                if let Some(answer) = question.get(..length).and_then(|question| answering.answer(question)) {
                    // The client may have given up.
                    let _ = socket.send_to(&answer, from);
                }
            }
        });
        Ok((resolver, wrapper))
    }

    /// How often the addresses of a name were asked for.
    pub(super) fn asked(&self, name: &str) -> usize {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied().unwrap_or_default()
    }

    /// An answer to a question (RFC 1035, section 4); none to what is no question.
    fn answer(&self, question: &[u8]) -> Option<Vec<u8>> {
        let (name, end) = name(question.get(12..)?)?;
        let kind = question.get(12 + end..14 + end)?;
        let asked = question.get(12..16 + end)?;
        let addresses = if kind == [0, 1] { self.addresses(&name) } else { Some(Vec::new()) };
        let code = if addresses.is_some() { 0 } else { 3 };
        let addresses = addresses.unwrap_or_default();
        let mut answer = question.get(..2)?.to_vec();
        answer.extend([0x81, 0x80 | code, 0, 1, 0, u8::try_from(addresses.len()).ok()?, 0, 0, 0, 0]);
        answer.extend(asked);
        for address in addresses {
            // The name that was asked for, an address, of this net, not to be remembered, four bytes long.
            answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
            answer.extend(address.octets());
        }
        Some(answer)
    }

    /// What a name leads to now; none when there is no such name.
    fn addresses(&self, name: &str) -> Option<Vec<Ipv4Addr>> {
        let allowed: Ipv4Addr = ALLOWED.parse().ok()?;
        let which = name.strip_suffix(ZONE)?.trim_end_matches('.');
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let count = asked.entry(name.to_owned()).or_default();
        *count += 1;
        Some(match which {
            "turns" if *count % 2 == 1 => vec![allowed],
            "turns" | "inside" => vec![FORBIDDEN],
            "both" => vec![FORBIDDEN, allowed, FORBIDDEN],
            "metadata" => vec![Ipv4Addr::new(169, 254, 169, 254)],
            _ => return None,
        })
    }
}

/// A name in lower case with dots, and how many bytes it takes.
fn name(bytes: &[u8]) -> Option<(String, usize)> {
    let (mut labels, mut place) = (Vec::new(), 0);
    loop {
        let length = usize::from(*bytes.get(place)?);
        place += 1;
        match length {
            0 => return Some((labels.join("."), place)),
            1..=63 => labels.push(String::from_utf8_lossy(bytes.get(place..place + length)?).to_lowercase()),
            _ => return None,
        }
        place += length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(name: &str, kind: u8) -> Vec<u8> {
        let mut bytes = vec![7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        for label in name.split('.') {
            bytes.push(u8::try_from(label.len()).unwrap());
            bytes.extend(label.as_bytes());
        }
        bytes.extend([0, 0, kind, 0, 1]);
        bytes
    }

    #[test]
    fn a_name_leads_elsewhere_the_second_time() {
        let resolver = Resolver { asked: Arc::default() };
        let ask = || resolver.answer(&question("Turns.Rebinding.Example", 1)).unwrap();

        assert!(ask().ends_with(&[127, 0, 0, 2]));
        assert!(ask().ends_with(&[127, 0, 0, 1]));
        assert_eq!(resolver.asked("turns.rebinding.example"), 2);
    }

    #[test]
    fn other_names_and_other_kinds_lead_nowhere() {
        let resolver = Resolver { asked: Arc::default() };

        assert_eq!(resolver.answer(&question("example.org", 1)).unwrap()[3] & 0xf, 3);
        assert_eq!(resolver.answer(&question("turns.rebinding.example", 28)).unwrap()[7], 0);
        assert_eq!(resolver.answer(&[0; 5]), None);
    }
}
