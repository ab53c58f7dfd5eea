//! A private nginx: as a plain proxy, to see what a hop costs when nothing is checked, or as an upstream that gives the
//! same large answer at once, to see what hops cost and nothing else.

use std::fs::DirBuilder;
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use nix::sys::signal::Signal;

use devstack::layout::{set_mode, write_private};
use devstack::ports;
use devstack::supervisor::identity::send;
use devstack::waiting::Cancel;

/// Runs until it is dropped.
pub(super) struct Nginx {
    child: Child,
    port: u16,
}

/// The size of the large answer, in bytes.
pub(super) const LARGE: usize = 64 * 1024;

impl Nginx {
    /// Starts a proxy below `dir` before `upstream`, an address such as `http://127.0.0.1:8001`.
    pub(super) fn before(upstream: &str, binary: &Path, dir: &Path, cancel: &Cancel) -> Result<Self> {
        let (dir, port) = (made(&dir.join("nginx"))?, ports::choose(&[])?);
        let location = format!("    location / {{\n{PASS}    }}\n");
        Self::start(binary, port, &dir, &text(&dir, port, upstream, &location), cancel)
    }

    /// Starts an upstream below `dir` that answers `path` with [`LARGE`] bytes and asks `behind` for everything else.
    /// The target need not listen yet.
    pub(super) fn upstream(
        path: &str,
        behind: &str,
        binary: &Path,
        dir: &Path,
        cancel: &Cancel,
    ) -> Result<Self> {
        let (dir, port) = (made(&dir.join("upstream"))?, ports::choose(&[])?);
        let file = dir.join("large");
        std::fs::write(&file, large()).with_context(|| format!("can't write {}", file.display()))?;
        set_mode(&file, 0o644)?;
        let file = file.display();
        let location = format!(
            "    location = {path} {{\n      default_type application/json;\n      alias {file};\n    }}\n\
             \x20   location / {{\n{PASS}    }}\n"
        );
        Self::start(binary, port, &dir, &text(&dir, port, behind, &location), cancel)
    }

    fn start(binary: &Path, port: u16, dir: &Path, text: &str, cancel: &Cancel) -> Result<Self> {
        let config = dir.join("nginx.conf");
        write_private(&config, text)?;
        let mut command = Command::new(binary);
        command.arg("-e").arg(dir.join("error.log")).arg("-p").arg(dir).arg("-c").arg(&config);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let nginx = Self { child: command.spawn().context("can't run nginx")?, port };
        let (step, limit) = (Duration::from_millis(20), Duration::from_secs(5));
        let ready = || Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok());
        cancel.until("starting nginx", step, limit, ready)?;
        Ok(nginx)
    }

    /// Its address.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Its first process, the parent of its workers.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        send(self.child.id(), Signal::SIGTERM);
        let _ = self.child.wait();
    }
}

fn made(dir: &Path) -> Result<PathBuf> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o711)
        .create(dir)
        .with_context(|| format!("can't create {}", dir.display()))?;
    Ok(dir.to_owned())
}

/// JSON of exactly the wanted size.
fn large() -> String {
    let frame = r#"{"filler":""}"#.len();
    format!(r#"{{"filler":"{}"}}"#, "x".repeat(LARGE - frame))
}

const PASS: &str = "      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection \"\";
";

/// The configuration. An answer is held in memory, never in a file.
fn text(dir: &Path, port: u16, upstream: &str, locations: &str) -> String {
    let dir = dir.display();
    let address = upstream.trim_start_matches("http://");
    format!(
        "daemon off;\nworker_processes auto;\npid {dir}/nginx.pid;\nerror_log {dir}/error.log warn;\n\
         events {{ worker_connections 1024; }}\n\
         http {{\n  access_log off;\n  sendfile on;\n  keepalive_requests 100000000;\n\
         \x20 proxy_buffers 16 16k;\n  proxy_max_temp_file_size 0;\n\
         \x20 client_body_temp_path {dir}/body;\n  proxy_temp_path {dir}/proxy;\n  fastcgi_temp_path {dir}/fastcgi;\n\
         \x20 uwsgi_temp_path {dir}/uwsgi;\n  scgi_temp_path {dir}/scgi;\n\
         \x20 upstream service {{ server {address}; keepalive 128; keepalive_requests 100000000; }}\n\
         \x20 server {{\n    listen 127.0.0.1:{port};\n{locations}  }}\n}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_it_writes_is_in_its_own_directory() {
        let text = text(Path::new("/here"), 8080, "http://127.0.0.1:8001", &format!("{{\n{PASS}}}\n"));

        assert!(text.contains("server 127.0.0.1:8001;") && text.contains("listen 127.0.0.1:8080;"));
        let paths: Vec<&str> =
            text.split_whitespace().filter(|word| word.starts_with('/') && word.len() > 1).collect();
        assert_eq!(paths.len(), 7);
        assert!(paths.iter().all(|path| path.starts_with("/here/")), "{paths:?}");
    }

    #[test]
    fn the_large_answer_is_json_of_that_size() {
        let text = large();

        assert_eq!(text.len(), LARGE);
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }
}
