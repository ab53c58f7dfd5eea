//! Generator of Java.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::place::{Place, Set};
use super::python::Python;
use devstack::engines::install::install_packages;
use devstack::progress::Progress;

/// Libraries of the generated code, where Debian puts them; the others are in the generator's own archive.
const LIBRARIES: [&str; 2] = ["/usr/share/java/httpmime.jar", "/usr/share/java/jakarta-annotation-api.jar"];
/// Debian's packages of the compiler and the libraries.
const PACKAGES: [&str; 3] = ["default-jdk-headless", "libhttpmime-java", "libjakarta-annotation-api-java"];
const BY_HAND: &str = "Debian, Ubuntu: sudo apt-get install -y default-jdk-headless libhttpmime-java \
    libjakarta-annotation-api-java";

/// The generator, which comes as a package of Python, and its compiler.
pub struct Java {
    generator: PathBuf,
}

impl Java {
    /// Installs the generator, a Java compiler and the libraries of the generated code.
    pub fn install(place: &Place, progress: &Progress) -> Result<Self> {
        let python = Python::install(place, Set::Night, progress)?;
        let generator = python.package("openapi_generator_cli").join("openapi-generator.jar");
        if !is_complete() {
            install_packages(
                "A Java compiler or its libraries are",
                &PACKAGES,
                &["openjdk"],
                BY_HAND,
                progress,
            )?;
        }
        if !is_complete() {
            bail!("a Java compiler or its libraries are missing. {BY_HAND}");
        }
        Ok(Self { generator })
    }

    /// Generates the client of openapi-generator for Java's own HTTP client and compiles it.
    pub fn openapi_generator(&self, place: &Place) -> Result<()> {
        let dir = place.client("java");
        let mut generate = Command::new("java");
        generate.arg("-jar").arg(&self.generator).args(["generate", "--generator-name", "java"]);
        generate.args(["--library", "native"]);
        // The class for members that may be null is in no package of Debian.
        generate.args(["--additional-properties", "openApiNullable=false,useJakartaEe=true"]);
        generate.args(["--global-property", "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"]);
        generate.arg("--input-spec").arg(place.document()).arg("--output").arg(&dir);
        place.run(generate)?;
        self.compile(place, &dir).context("what was generated does not compile")
    }

    fn compile(&self, place: &Place, dir: &Path) -> Result<()> {
        let mut files = Vec::new();
        collect(&dir.join("src/main/java"), &mut files)?;
        let list = dir.join("files.txt");
        let names: String = files.iter().map(|file| format!("\"{}\"\n", file.display())).collect();
        fs::write(&list, names).with_context(|| format!("can't write {}", list.display()))?;
        let libraries = format!("{}:{}", self.generator.display(), LIBRARIES.join(":"));
        let mut compile = Command::new("javac");
        compile.args(["-nowarn", "-proc:none", "-classpath", &libraries, "-d"]).arg(dir.join("classes"));
        compile.arg(format!("@{}", list.display()));
        place.run(compile)
    }
}

fn is_complete() -> bool {
    let compiler = Command::new("javac").arg("-version").stdin(Stdio::null()).output();
    compiler.is_ok_and(|output| output.status.success())
        && LIBRARIES.iter().all(|library| Path::new(library).is_file())
}

/// Files of Java below a directory.
fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("can't read {}", dir.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "java") {
            files.push(path);
        }
    }
    Ok(())
}
