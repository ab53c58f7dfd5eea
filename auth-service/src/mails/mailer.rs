//! Hands mails to the configured mail server.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
    transport::smtp::PoolConfig,
};
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::domain::Content;
use crate::config::MailConfig;

const DEADLINE: Duration = Duration::from_secs(30);
const CONNECTIONS: u32 = 4;

/// Why a mail was not handed over.
#[derive(Debug)]
pub struct Undelivered {
    /// What the server said, or why it was not reached.
    pub reason: String,
    /// Whether the server will never take it.
    pub is_final: bool,
}

/// A connection to a mail server.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// One for the configured server; none where there is no such.
    ///
    /// # Errors
    /// When the address of the server cannot be used.
    pub fn new(config: &MailConfig) -> anyhow::Result<Option<Self>> {
        let Some(url) = &config.smtp_url else { return Ok(None) };
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
            .map_err(|error| anyhow::anyhow!("SMTP_URL cannot be used: {error}"))?
            .timeout(Some(DEADLINE))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS))
            .build();
        Ok(Some(Self { transport, from: config.from.clone() }))
    }

    /// Hands one mail over. Sent twice after a crash it has the same `Message-ID`.
    ///
    /// # Errors
    /// [`Undelivered`].
    pub async fn deliver(&self, id: Uuid, to: &str, content: Content) -> Result<(), Undelivered> {
        let unusable = |reason: String| Undelivered { reason, is_final: true };
        let to: Mailbox = to.parse().map_err(|_| unusable("the address cannot be written to".to_owned()))?;
        let domain = self.from.email.domain();
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(content.subject)
            .message_id(Some(format!("<{id}@{domain}>")))
            .multipart(MultiPart::alternative_plain_html(content.text, content.html))
            .map_err(|error| unusable(error.to_string()))?;
        match tokio::time::timeout(DEADLINE, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(Undelivered { is_final: error.is_permanent(), reason: error.to_string() }),
            Err(_) => Err(Undelivered { is_final: false, reason: "no answer in time".to_owned() }),
        }
    }
}
