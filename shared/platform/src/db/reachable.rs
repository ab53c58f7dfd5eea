//! Waits for PostgreSQL, so that a process which starts before it, or while it recovers, need not be started again.

use std::{
    error::Error,
    io,
    time::{Duration, Instant},
};

use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::{NoTls, error::SqlState};

const PAUSE: Duration = Duration::from_millis(200);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(5);

/// Returns when a connection can be made.
///
/// # Errors
/// At once for what waiting does not heal, such as a wrong password; after `longest` when there is no server or PostgreSQL
/// is still starting.
pub async fn wait(url: &SecretString, longest: Duration) -> anyhow::Result<()> {
    let begun = Instant::now();
    loop {
        let attempt = tokio::time::timeout(ATTEMPT, tokio_postgres::connect(url.expose_secret(), NoTls));
        let error = match attempt.await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) if !may_pass(&error) => return Err(error).context("PostgreSQL cannot be used"),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer".to_owned(),
        };
        if begun.elapsed() >= longest {
            anyhow::bail!("PostgreSQL did not come within {} s: {error}", longest.as_secs());
        }
        tracing::warn!(error, "waiting for PostgreSQL");
        tokio::time::sleep(PAUSE).await;
    }
}

fn may_pass(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        Some(code) => [
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::TOO_MANY_CONNECTIONS,
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
        ]
        .contains(code),
        None => error.is_closed() || error.source().is_some_and(|source| source.is::<io::Error>()),
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::AsyncWriteExt,
        net::{TcpListener, TcpStream},
    };

    use super::*;

    async fn listener() -> (TcpListener, SecretString) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("postgres://u:p@{}/d", listener.local_addr().unwrap());
        (listener, url.into())
    }

    /// An error of the server's, as its protocol has it.
    async fn refuse(mut stream: TcpStream, code: &str) {
        let fields = format!("SFATAL\0C{code}\0Mno\0\0");
        let length = u32::try_from(fields.len() + 4).unwrap();
        stream.write_all(&[b"E", &length.to_be_bytes()[..], fields.as_bytes()].concat()).await.unwrap();
    }

    #[tokio::test]
    async fn a_server_that_starts_is_waited_for_and_one_that_refuses_is_not() {
        let (listener, url) = listener().await;
        let server = tokio::spawn(async move {
            for code in ["57P03", "28P01"] {
                refuse(listener.accept().await.unwrap().0, code).await;
            }
        });

        let outcome = wait(&url, Duration::from_secs(30)).await;

        assert!(outcome.unwrap_err().to_string().contains("cannot be used"));
        server.await.unwrap();
    }

    #[tokio::test]
    async fn nobody_is_waited_for_forever() {
        let (listener, url) = listener().await;
        drop(listener);

        let outcome = wait(&url, Duration::from_millis(300)).await;

        assert!(outcome.unwrap_err().to_string().contains("did not come"));
    }
}
