//! Data directories of the engines: in the platform's directory, or outside when their users can't get there.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use nix::unistd::geteuid;

use super::account::Account;
use crate::layout::{remove_dir, set_mode};

const OUTSIDE: &str = "/var/tmp";
const PREFIX: &str = "leadstream-";

/// Settles the data's directory for a platform in `dir`, and makes it: `dir` itself when every account can enter it,
/// otherwise (a clone below a closed home directory, started as root) one below /var/tmp.
pub fn settle(dir: &Path, remembered: Option<&Path>, accounts: &[&Account]) -> Result<PathBuf> {
    if let Some(place) = remembered.filter(|place| place.is_dir()) {
        return Ok(place.to_owned());
    }
    for account in accounts {
        if !account.can_enter(dir)? {
            let place = Path::new(OUTSIDE).join(format!("{PREFIX}{:016x}", fingerprint(dir)));
            create_outside(&place)?;
            return Ok(place);
        }
    }
    Ok(dir.to_owned())
}

/// Removes a place outside the platform's directory; one inside goes with the directory.
pub fn remove_outside(place: &Path) -> Result<()> {
    let name = place.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if place.parent() == Some(Path::new(OUTSIDE)) && name.starts_with(PREFIX) {
        remove_dir(place)?;
    }
    Ok(())
}

/// The name can be guessed, so an existing directory must be our own, not a trap.
fn create_outside(place: &Path) -> Result<()> {
    match fs::create_dir(place) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(error).with_context(|| format!("can't create {}", place.display()));
        }
        _ => {}
    }
    let facts = fs::symlink_metadata(place).with_context(|| format!("can't look at {}", place.display()))?;
    if !facts.is_dir() || facts.uid() != geteuid().as_raw() {
        bail!("{} belongs to somebody else; remove it and try again", place.display());
    }
    set_mode(place, 0o711)
}

/// FNV-1a, 64 bits: the same for a path on every machine and with every compiler.
fn fingerprint(path: &Path) -> u64 {
    path.as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_moves_out_of_a_directory_that_its_users_cannot_enter() {
        let account = Account::unprivileged(&[]).unwrap();
        let dir = std::env::temp_dir().join(format!("xtask-place-{}", rand::random::<u64>()));
        fs::create_dir(&dir).unwrap();
        set_mode(&dir, 0o700).unwrap();

        let place = settle(&dir, None, &[&account]).unwrap();

        assert_eq!(place == dir, account == Account::Own);
        assert!(place.is_dir());
        remove_outside(&place).unwrap();
        assert_eq!(place.exists(), account == Account::Own);
        fs::remove_dir(&dir).unwrap();
    }

    #[test]
    fn nothing_but_our_own_places_is_removed() {
        let dir = std::env::temp_dir().join(format!("leadstream-{}", rand::random::<u64>()));
        fs::create_dir(&dir).unwrap();

        remove_outside(&dir).unwrap();

        assert!(dir.exists());
        fs::remove_dir(&dir).unwrap();
    }

    #[test]
    fn a_trap_at_the_guessable_place_is_refused() {
        let place = Path::new(OUTSIDE).join(format!("{PREFIX}test-{}", rand::random::<u64>()));
        std::os::unix::fs::symlink("/etc", &place).unwrap();

        let outcome = create_outside(&place);

        assert!(outcome.unwrap_err().to_string().contains("belongs to somebody else"));
        fs::remove_file(&place).unwrap();
    }
}
