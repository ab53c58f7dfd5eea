//! Files of a build, each with its compressed copies.

use std::{collections::HashMap, fs, io, path::Path};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use sha2::{Digest, Sha256};

/// A build has fewer; more is another directory.
const MOST_FILES: usize = 2_000;
/// Bytes of a digest that make a tag.
const TAG_BYTES: usize = 12;
/// Not for browsers.
const KEPT_BACK: &str = "manifest.json";

/// One file.
#[derive(Clone, Debug)]
pub struct File {
    /// Media type.
    pub media_type: &'static str,
    /// A tag of its content, weak because its codings share it.
    pub etag: String,
    /// As it is.
    pub plain: Bytes,
    /// Compressed with gzip.
    pub gzip: Option<Bytes>,
    /// Compressed with Brotli.
    pub brotli: Option<Bytes>,
}

/// How a file is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Not at all.
    Identity,
    /// gzip.
    Gzip,
    /// Brotli.
    Brotli,
}

impl Coding {
    /// Its name in `Content-Encoding`.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

impl File {
    /// The smallest form that `Accept-Encoding` takes.
    pub fn coded(&self, accepted: &str) -> (Coding, Bytes) {
        let takes = |coding: &str| {
            accepted.split(',').any(|one| {
                let mut parts = one.split(';').map(str::trim);
                let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
                let is_refused = parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
                is_named && !is_refused
            })
        };
        if let Some(brotli) = self.brotli.as_ref().filter(|_| takes("br")) {
            return (Coding::Brotli, brotli.clone());
        }
        match self.gzip.as_ref().filter(|_| takes("gzip")) {
            Some(gzip) => (Coding::Gzip, gzip.clone()),
            None => (Coding::Identity, self.plain.clone()),
        }
    }
}

/// All files, by their path below the app's.
#[derive(Clone, Debug, Default)]
pub struct Files(HashMap<String, File>);

impl Files {
    /// Reads a directory.
    ///
    /// # Errors
    /// When it cannot be read, or holds more than a build.
    pub fn read(dir: &Path) -> io::Result<Self> {
        let mut contents = HashMap::new();
        collect(dir, "", &mut contents)?;
        let mut files = HashMap::new();
        for (path, plain) in &contents {
            let ending = path.rsplit('.').next().unwrap_or_default();
            if path == KEPT_BACK || ending == "gz" || ending == "br" {
                continue;
            }
            let digest = Sha256::digest(plain);
            let etag = BASE64_URL_SAFE_NO_PAD.encode(digest.get(..TAG_BYTES).unwrap_or_default());
            let etag = format!("W/\"{etag}\"");
            let copy = |ending: &str| contents.get(&format!("{path}.{ending}")).cloned();
            let file = File {
                media_type: media_type(ending),
                etag,
                plain: plain.clone(),
                gzip: copy("gz"),
                brotli: copy("br"),
            };
            files.insert(path.clone(), file);
        }
        Ok(Self(files))
    }

    /// The file at a path.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.0.get(path)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    #[cfg(test)]
    pub(super) fn of<const N: usize>(files: [(&str, File); N]) -> Self {
        Self(files.into_iter().map(|(path, file)| (path.to_owned(), file)).collect())
    }
}

fn collect(dir: &Path, prefix: &str, contents: &mut HashMap<String, Bytes>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), &format!("{path}/"), contents)?;
        } else if kind.is_file() {
            if contents.len() >= MOST_FILES {
                return Err(io::Error::other("it holds more files than a build"));
            }
            contents.insert(path, fs::read(entry.path())?.into());
        }
    }
    Ok(())
}

fn media_type(ending: &str) -> &'static str {
    match ending {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_is_read_with_its_copies_and_without_its_manifest() {
        let dir = std::env::temp_dir().join(format!("leadstream-web-{}", std::process::id()));
        fs::create_dir_all(dir.join("assets")).unwrap();
        for (name, content) in [
            ("index.html", "<page>"),
            ("assets/a.js", "script"),
            ("assets/a.js.gz", "zipped"),
            ("assets/a.js.br", "smaller"),
            ("manifest.json", "{}"),
        ] {
            fs::write(dir.join(name), content).unwrap();
        }

        let files = Files::read(&dir).unwrap();
        fs::remove_dir_all(&dir).unwrap();

        assert_eq!(files.count(), 2);
        let script = files.get("assets/a.js").unwrap();
        assert_eq!(script.media_type, "text/javascript; charset=utf-8");
        assert_eq!(script.coded("gzip, br"), (Coding::Brotli, "smaller".into()));
        assert_eq!(script.coded("gzip, br;q=0"), (Coding::Gzip, "zipped".into()));
        assert_eq!(script.coded(""), (Coding::Identity, "script".into()));
        assert_ne!(script.etag, files.get("index.html").unwrap().etag);
        assert!(files.get("manifest.json").is_none());
    }

    #[test]
    fn a_directory_that_is_missing_is_an_error() {
        assert!(Files::read(Path::new("/nowhere/web")).is_err());
    }
}
