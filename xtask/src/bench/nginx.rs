//! A private nginx as a plain proxy: what a hop costs when nothing is checked.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use nix::sys::signal::Signal;

use crate::http::Http;
use crate::layout::write_private;
use crate::ports;
use crate::supervisor::identity::send;
use crate::waiting::Cancel;

/// Runs until it is dropped.
pub(super) struct Nginx {
    child: Child,
    port: u16,
}

impl Nginx {
    /// Starts one below `dir` before `upstream`, an address such as `http://127.0.0.1:8001`.
    pub(super) fn start(binary: &Path, dir: &Path, upstream: &str, cancel: &Cancel) -> Result<Self> {
        let dir = dir.join("nginx");
        DirBuilder::new()
            .recursive(true)
            .mode(0o711)
            .create(&dir)
            .with_context(|| format!("can't create {}", dir.display()))?;
        let port = ports::choose(&[])?;
        let config = dir.join("nginx.conf");
        write_private(&config, &text(&dir, port, upstream))?;
        let mut command = Command::new(binary);
        command.arg("-e").arg(dir.join("error.log")).arg("-p").arg(&dir).arg("-c").arg(&config);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let nginx = Self { child: command.spawn().context("can't run nginx")?, port };
        let (step, limit) = (Duration::from_millis(20), Duration::from_secs(5));
        let http = Http::with_limit(Duration::from_secs(1));
        let ready = || Ok(http.is_ok(&format!("{}/health/ready", nginx.url())));
        cancel.until("starting nginx", step, limit, ready)?;
        Ok(nginx)
    }

    /// Its address.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
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

fn text(dir: &Path, port: u16, upstream: &str) -> String {
    let dir = dir.display();
    let address = upstream.trim_start_matches("http://");
    format!(
        "daemon off;\nworker_processes auto;\npid {dir}/nginx.pid;\nerror_log {dir}/error.log warn;\n\
         events {{ worker_connections 1024; }}\n\
         http {{\n  access_log off;\n  keepalive_requests 100000000;\n\
         \x20 client_body_temp_path {dir}/body;\n  proxy_temp_path {dir}/proxy;\n  fastcgi_temp_path {dir}/fastcgi;\n\
         \x20 uwsgi_temp_path {dir}/uwsgi;\n  scgi_temp_path {dir}/scgi;\n\
         \x20 upstream service {{ server {address}; keepalive 128; keepalive_requests 100000000; }}\n\
         \x20 server {{\n    listen 127.0.0.1:{port};\n    location / {{\n      proxy_pass http://service;\n\
         \x20     proxy_http_version 1.1;\n      proxy_set_header Connection \"\";\n    }}\n  }}\n}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_it_writes_is_in_its_own_directory() {
        let text = text(Path::new("/here"), 8080, "http://127.0.0.1:8001");

        assert!(text.contains("server 127.0.0.1:8001;") && text.contains("listen 127.0.0.1:8080;"));
        let paths: Vec<&str> =
            text.split_whitespace().filter(|word| word.starts_with('/') && word.len() > 1).collect();
        assert_eq!(paths.len(), 7);
        assert!(paths.iter().all(|path| path.starts_with("/here/")), "{paths:?}");
    }
}
