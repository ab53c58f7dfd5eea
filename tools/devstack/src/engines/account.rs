//! The unprivileged user that an engine runs as when we are root: PostgreSQL refuses root, and Redis needs no root.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use nix::unistd::{User, geteuid};

/// A user to run as; none to run as the current user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// We aren't root: run as we are.
    Own,
    /// We are root: run as this user.
    Other {
        /// The user's name.
        name: String,
        /// Its id.
        uid: u32,
        /// Its group's id.
        gid: u32,
    },
}

impl Account {
    /// The first of the wanted users that exists, else `nobody`; ourselves when we aren't root.
    pub fn unprivileged(wanted: &[&str]) -> Result<Self> {
        if !geteuid().is_root() {
            return Ok(Self::Own);
        }
        for name in wanted.iter().copied().chain(["nobody"]) {
            if let Some(user) = User::from_name(name).context("can't read the system's users")? {
                return Ok(Self::Other { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw() });
            }
        }
        bail!("started as root, and there is no user {} or nobody to run as", wanted.join(", "))
    }

    /// A command that runs as this user, below `home`. The standard library drops root's supplementary groups when
    /// it changes the user.
    pub fn command(&self, program: &Path, home: &Path) -> Command {
        let mut command = Command::new(program);
        command.stdin(Stdio::null()).env("LC_ALL", "C");
        if let Self::Other { name, uid, gid } = self {
            command.uid(*uid).gid(*gid).env("HOME", home).env("USER", name).env("LOGNAME", name);
            // Ours may be closed to that user, and initdb looks at its own.
            command.current_dir("/");
        }
        command
    }

    /// Makes a directory that only this user can look into.
    pub fn create_dir(&self, path: &Path) -> Result<()> {
        let create = || -> std::io::Result<()> {
            std::fs::create_dir_all(path)?;
            self.own(path)
        };
        create().with_context(|| format!("can't create {}", path.display()))?;
        crate::layout::set_mode(path, 0o700)
    }

    /// Makes this user the owner of a file or directory.
    pub fn own(&self, path: &Path) -> std::io::Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Other { uid, gid, .. } => std::os::unix::fs::chown(path, Some(*uid), Some(*gid)),
        }
    }

    /// Whether this user can get to what lies in a directory.
    pub fn can_enter(&self, dir: &Path) -> Result<bool> {
        let mut probe = self.command(Path::new("/bin/sh"), Path::new("/"));
        probe.args(["-c", "cd \"$0\""]).arg(dir).stdout(Stdio::null()).stderr(Stdio::null());
        let status = probe.status().context("can't run /bin/sh as an unprivileged user")?;
        Ok(status.success())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_never_runs_an_engine_as_itself() {
        let account = Account::unprivileged(&["no-such-user-here"]).unwrap();

        assert_eq!(account != Account::Own, geteuid().is_root());
    }

    #[test]
    fn a_closed_directory_is_noticed() {
        let account = Account::unprivileged(&[]).unwrap();
        let dir = std::env::temp_dir().join(format!("xtask-account-{}", rand::random::<u64>()));
        std::fs::create_dir(&dir).unwrap();

        crate::layout::set_mode(&dir, 0o700).unwrap();
        let closed = account.can_enter(&dir).unwrap();
        crate::layout::set_mode(&dir, 0o711).unwrap();
        let open = account.can_enter(&dir).unwrap();

        assert_eq!(closed, account == Account::Own);
        assert!(open);
        std::fs::remove_dir(&dir).unwrap();
    }
}
