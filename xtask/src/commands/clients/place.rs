//! Directories of the generators, the documents that they get, and their runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::super::own_layout;
use devstack::services::{GATEWAY, SERVICES, binary};
use devstack::workspace::{self, Profile};

/// Address of the platform in the document; linters object to a machine's own.
const PUBLIC_URL: &str = "https://leads.example.org";
/// Lines of a failed run that are shown.
const SHOWN: usize = 60;

/// Packages that are installed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Those of each change.
    Change,
    /// Those of `check --all`.
    Night,
}

impl Set {
    fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Night => "night",
        }
    }
}

/// Where packages are installed and clients are generated: `.dev/clients`.
pub struct Place {
    dir: PathBuf,
    document: PathBuf,
}

impl Place {
    /// The directory, with the merged document and without earlier clients.
    pub fn prepare() -> Result<Self> {
        let dir = own_layout()?.dir().join("clients");
        let generated = dir.join("generated");
        if generated.exists() {
            fs::remove_dir_all(&generated)
                .with_context(|| format!("can't remove {}", generated.display()))?;
        }
        fs::create_dir_all(&generated).with_context(|| format!("can't create {}", generated.display()))?;
        let document = dir.join("leadstream.json");
        fs::write(&document, merged()?).with_context(|| format!("can't write {}", document.display()))?;
        Ok(Self { dir, document })
    }

    /// The directory of a set's packages, made if there is none.
    pub fn packages(&self, set: Set) -> Result<PathBuf> {
        let dir = self.dir.join(set.name());
        fs::create_dir_all(&dir).with_context(|| format!("can't create {}", dir.display()))?;
        Ok(dir)
    }

    /// The document that the gateway publishes.
    pub fn document(&self) -> &Path {
        &self.document
    }

    /// That document and those of the services.
    pub fn documents(&self) -> Vec<PathBuf> {
        let folder = documents();
        let of_services = SERVICES.iter().map(|service| folder.join(format!("{service}.json")));
        std::iter::once(self.document.clone()).chain(of_services).collect()
    }

    /// The directory of the generated clients.
    pub fn generated(&self) -> PathBuf {
        self.dir.join("generated")
    }

    /// A new file or directory for a client.
    pub fn client(&self, name: &str) -> PathBuf {
        self.generated().join(name)
    }

    /// Runs a command beside the generated clients.
    pub fn run(&self, command: Command) -> Result<()> {
        run(command, &self.generated())
    }
}

/// A file of `xtask/clients`: settings and pinned packages.
pub fn setting(name: &str) -> PathBuf {
    workspace::root().join("xtask").join("clients").join(name)
}

/// A file of a set's pinned packages.
pub fn pinned(set: Set, name: &str) -> PathBuf {
    setting(set.name()).join(name)
}

/// Runs a command; the error has the end of what it printed.
pub fn run(mut command: Command, dir: &Path) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.current_dir(dir).env("NO_COLOR", "1").stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("can't run {program}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    bail!("{program} ended with {}\n{}", output.status, end_of(&String::from_utf8_lossy(&said)))
}

fn end_of(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.iter().skip(lines.len().saturating_sub(SHOWN)).copied().collect::<Vec<_>>().join("\n")
}

fn documents() -> PathBuf {
    workspace::root().join("openapi")
}

fn merged() -> Result<Vec<u8>> {
    let gateway = binary(&workspace::binaries(Profile::Debug)?, GATEWAY);
    let mut command = Command::new(gateway);
    command.args(["openapi", "--from"]).arg(documents()).env("PUBLIC_URL", PUBLIC_URL);
    let output = command.stdin(Stdio::null()).output().context("can't run gateway openapi")?;
    if !output.status.success() {
        bail!("gateway openapi failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_failed_command_printed_is_its_error() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo fault in a schema; exit 3"]);

        let error = run(command, Path::new("/")).unwrap_err().to_string();

        assert!(error.contains("fault in a schema") && error.contains('3'), "{error}");
    }

    #[test]
    fn the_end_of_a_long_output_is_kept() {
        let text: String = (0..100).map(|line| format!("line {line}\n\n")).collect();

        let end = end_of(&text);

        assert_eq!(end.lines().count(), SHOWN);
        assert!(end.starts_with("line 40\n") && end.ends_with("line 99"));
    }

    #[test]
    fn every_package_is_pinned() {
        for set in [Set::Change, Set::Night] {
            let text = fs::read_to_string(pinned(set, "package.json")).unwrap();
            let package: serde_json::Value = serde_json::from_str(&text).unwrap();
            for (name, version) in package["dependencies"].as_object().unwrap() {
                assert!(version.as_str().unwrap().starts_with(|c: char| c.is_ascii_digit()), "{name}");
            }
            let requirements = fs::read_to_string(pinned(set, "requirements.txt")).unwrap();
            assert!(requirements.contains("--hash=sha256:"));
            for line in requirements.lines().filter(|line| !line.starts_with(' ')) {
                assert!(line.contains("=="), "{line}");
            }
        }
    }
}
