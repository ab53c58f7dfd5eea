//! Files of a platform, written atomically and readable by their owner only.

use std::fs::{self, File, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The directory of one platform (`.dev` in a clone) and the files in it.
#[derive(Clone, Debug)]
pub struct Layout {
    dir: PathBuf,
}

impl Layout {
    /// The layout of `dir`, which need not exist yet. The path is made absolute.
    pub fn of(dir: &Path) -> Result<Self> {
        let dir = std::path::absolute(dir).with_context(|| format!("{} is no usable path", dir.display()))?;
        Ok(Self { dir })
    }

    /// Makes the directories. Others may pass through, but not look around: the engines' users live below.
    pub fn create(&self) -> Result<()> {
        fs::create_dir_all(self.log_dir())
            .with_context(|| format!("can't create {}", self.log_dir().display()))?;
        set_mode(&self.dir, 0o711)?;
        set_mode(&self.log_dir(), 0o700)
    }

    /// The directory itself.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Ports and other choices made once.
    pub fn state(&self) -> PathBuf {
        self.dir.join("state.json")
    }

    /// Generated passwords and keys.
    pub fn secrets(&self) -> PathBuf {
        self.dir.join("secrets.json")
    }

    /// What runs right now, written by the supervisor.
    pub fn processes(&self) -> PathBuf {
        self.dir.join("processes.json")
    }

    /// Addresses and credentials of the demo.
    pub fn demo(&self) -> PathBuf {
        self.dir.join("demo.json")
    }

    /// The logs' directory.
    pub fn log_dir(&self) -> PathBuf {
        self.dir.join("logs")
    }

    /// The log of one process.
    pub fn log(&self, name: &str) -> PathBuf {
        self.log_dir().join(format!("{name}.log"))
    }

    /// Takes the lock that a running platform holds; `None` when another process has it. Freed when the file is dropped.
    pub fn lock(&self) -> Result<Option<File>> {
        let path = self.dir.join("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("can't open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("can't lock {}", path.display()))
            }
        }
    }
}

/// Reads a JSON file; `None` when it doesn't exist.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("can't read {}", path.display())),
    };
    let value = serde_json::from_str(&text).with_context(|| format!("{} is damaged", path.display()))?;
    Ok(Some(value))
}

/// Writes a JSON file of mode 600 so that a reader sees either the old or the new content, never a half.
pub fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    write_private(path, &text)
}

/// Writes a text file like [`write_json`] does.
pub fn write_private(path: &Path, text: &str) -> Result<()> {
    let draft = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        let mut file = File::options().create(true).truncate(true).write(true).mode(0o600).open(&draft)?;
        file.set_permissions(Permissions::from_mode(0o600))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, path)
    };
    write().with_context(|| format!("can't write {}", path.display()))
}

/// Sets the permission bits of a path.
pub fn set_mode(path: &Path, mode: u32) -> Result<()> {
    fs::set_permissions(path, Permissions::from_mode(mode))
        .with_context(|| format!("can't set the permissions of {}", path.display()))
}

/// Removes a directory with everything in it; it's fine when there is none.
pub fn remove_dir(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("can't remove {}", path.display()))
        }
        _ => Ok(()),
    }
}
