//! One private Redis: its configuration, its command, and whether it answers.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::account::Account;
use crate::layout::write_private;

/// Everything that is known about a Redis.
#[derive(Clone)]
pub struct Redis {
    /// The file of `redis-server`.
    pub binary: PathBuf,
    /// The directory of its data and configuration.
    pub data: PathBuf,
    /// The port on 127.0.0.1.
    pub port: u16,
    /// Its password.
    pub password: String,
    /// The user it runs as.
    pub account: Account,
}

impl Redis {
    /// Makes the directory and writes the configuration, where the password is out of sight of a process list.
    pub fn create(&self) -> Result<()> {
        self.account.create_dir(&self.data)?;
        let config = self.config();
        write_private(&config, &self.settings())?;
        self.account.own(&config).with_context(|| format!("can't hand over {}", config.display()))
    }

    /// The command that runs the server in the foreground.
    pub fn command(&self) -> Command {
        let mut command = self.account.command(&self.binary, &self.data);
        command.arg(self.config());
        command
    }

    /// Whether the server answers to our password.
    pub fn is_ready(&self) -> bool {
        self.ping().is_ok_and(|answer| answer.starts_with("+OK\r\n+PONG"))
    }

    fn ping(&self) -> Result<String> {
        let limit = Duration::from_millis(500);
        let mut stream =
            TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)), limit)?;
        stream.set_read_timeout(Some(limit))?;
        stream.write_all(format!("AUTH {}\r\nPING\r\nQUIT\r\n", self.password).as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    fn config(&self) -> PathBuf {
        self.data.join("redis.conf")
    }

    fn settings(&self) -> String {
        let (port, password, dir) = (self.port, &self.password, self.data.display());
        format!(
            "bind 127.0.0.1\nport {port}\nprotected-mode yes\nrequirepass {password}\ndaemonize no\n\
             dir \"{dir}\"\nappendonly yes\nappendfsync everysec\nsave \"\"\n"
        )
    }
}
