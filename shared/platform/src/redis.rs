//! Redis: the fast lane. Everything here may fail without losing anything.

use std::time::Duration;

use futures::StreamExt;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;

use crate::{config::RedisConfig, worker::Shutdown};

/// A connection that is shared, reconnects by itself and answers within half a second or fails.
#[derive(Clone)]
pub struct Redis {
    client: redis::Client,
    shared: ConnectionManager,
    prefix: String,
}

impl Redis {
    /// Prepares the connection; it is made when first used, so that a process starts while Redis is away.
    ///
    /// # Errors
    /// When the address cannot be read.
    pub fn open(config: &RedisConfig) -> anyhow::Result<Self> {
        let client = redis::Client::open(config.url.expose_secret())?;
        let shared = ConnectionManager::new_lazy_with_config(
            client.clone(),
            settings(Some(Duration::from_millis(500))),
        )?;
        Ok(Self { client, shared, prefix: config.prefix.clone() })
    }

    /// The shared connection. Never for a command that blocks.
    pub fn connection(&self) -> ConnectionManager {
        self.shared.clone()
    }

    /// A connection of its own for a command that blocks up to `longest`.
    ///
    /// # Errors
    /// When its settings are refused.
    pub fn blocking(&self, longest: Duration) -> redis::RedisResult<ConnectionManager> {
        let timeout = longest + Duration::from_secs(3);
        ConnectionManager::new_lazy_with_config(self.client.clone(), settings(Some(timeout)))
    }

    /// A subscription to published messages.
    ///
    /// # Errors
    /// When Redis is away.
    pub async fn subscribe(&self, channel: &str) -> redis::RedisResult<redis::aio::PubSub> {
        let mut subscription = self.client.get_async_pubsub().await?;
        subscription.subscribe(self.key(channel)).await?;
        Ok(subscription)
    }

    /// Publishes a message. A failure is logged: subscribers also poll.
    pub async fn publish(&self, channel: &str, message: &str) {
        let sent: redis::RedisResult<i64> = redis::cmd("PUBLISH")
            .arg(self.key(channel))
            .arg(message)
            .query_async(&mut self.connection())
            .await;
        if let Err(error) = sent {
            tracing::warn!(%error, channel, "a message could not be published");
        }
    }

    /// The key of that name under our prefix.
    pub fn key(&self, name: &str) -> String {
        format!("{}:{name}", self.prefix)
    }

    /// Whether Redis answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> redis::RedisResult<()> {
        redis::cmd("PING").query_async(&mut self.connection()).await
    }
}

/// Calls `heard` for each message on a channel until the process ends. While Redis is away messages are lost: what depends
/// on them must expire by itself.
pub async fn listen<M: DeserializeOwned>(
    redis: &Redis,
    channel: &str,
    mut shutdown: Shutdown,
    mut heard: impl FnMut(M),
) {
    loop {
        match redis.subscribe(channel).await {
            Ok(subscription) => {
                let mut messages = subscription.into_on_message();
                loop {
                    let message = tokio::select! {
                        message = messages.next() => message,
                        () = shutdown.triggered() => return,
                    };
                    let Some(message) = message else { break };
                    match serde_json::from_slice(message.get_payload_bytes()) {
                        Ok(message) => heard(message),
                        Err(error) => tracing::warn!(%error, channel, "a message cannot be read"),
                    }
                }
            }
            Err(error) => tracing::warn!(%error, channel, "messages cannot be heard now"),
        }
        if !shutdown.sleep(Duration::from_millis(500)).await {
            return;
        }
    }
}

fn settings(response_timeout: Option<Duration>) -> ConnectionManagerConfig {
    ConnectionManagerConfig::new()
        .set_connection_timeout(Some(Duration::from_secs(1)))
        .set_response_timeout(response_timeout)
        .set_number_of_retries(1)
        .set_max_delay(Duration::from_millis(200))
}
