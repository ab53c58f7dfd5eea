//! Packages of Python in a directory of their own, and the generator of Python.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::place::{Place, Set, pinned, run, setting};
use devstack::engines::install::install_packages;
use devstack::progress::Progress;

/// Advice where there is no Python.
const BY_HAND: &str = "Install Python 3.10 or newer with pip.";
/// Name of the generated package.
const CLIENT: &str = "leadstream_client";

/// Installed packages.
pub struct Python {
    packages: PathBuf,
}

impl Python {
    /// Installs a set, unless it is installed already.
    pub fn install(place: &Place, set: Set, progress: &Progress) -> Result<Self> {
        if !has_pip() {
            install_packages("Python with pip is", &["python3-pip"], &["python"], BY_HAND, progress)?;
        }
        let dir = place.packages(set)?;
        let packages = dir.join("python");
        let requirements = pinned(set, "requirements.txt");
        let wanted =
            fs::read(&requirements).with_context(|| format!("can't read {}", requirements.display()))?;
        let installed = packages.join(".leadstream-requirements");
        if fs::read(&installed).is_ok_and(|kept| kept == wanted) {
            return Ok(Self { packages });
        }
        progress.say("installing generators of Python");
        if packages.exists() {
            fs::remove_dir_all(&packages).with_context(|| format!("can't remove {}", packages.display()))?;
        }
        let mut command = python();
        command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        command.args(["--only-binary=:all:", "--require-hashes", "--target"]).arg(&packages);
        command.arg("--requirement").arg(&requirements);
        run(command, &dir)?;
        fs::write(&installed, wanted).with_context(|| format!("can't write {}", installed.display()))?;
        Ok(Self { packages })
    }

    /// The directory of a package.
    pub fn package(&self, name: &str) -> PathBuf {
        self.packages.join(name)
    }

    /// Generates the client of openapi-python-client and imports all of it.
    pub fn openapi_python_client(&self, place: &Place) -> Result<()> {
        let dir = place.client(CLIENT);
        let mut generate = self.command();
        generate.args(["-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"]);
        generate.arg("--config").arg(setting("openapi-python-client.yaml"));
        generate.arg("--path").arg(place.document()).arg("--output-path").arg(&dir);
        place.run(generate)?;
        let mut import = self.command();
        import.arg(setting("import_all.py")).arg(place.generated()).arg(CLIENT);
        place.run(import).context("what was generated can't be imported")
    }

    fn command(&self) -> Command {
        let mut command = python();
        command.env("PYTHONPATH", &self.packages).env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}

fn python() -> Command {
    Command::new("python3")
}

fn has_pip() -> bool {
    let output = python().args(["-m", "pip", "--version"]).stdin(Stdio::null()).output();
    output.is_ok_and(|output| output.status.success())
}
