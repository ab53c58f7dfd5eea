//! Mails of the platform: committed with what causes them, handed to auth-service by a worker, then forgotten.

mod store;
pub mod worker;

use contracts::internal::mails::QueueMail;
use platform::{Problem, auth::seal::SealingKeys, db::TenantTx};
use uuid::Uuid;

/// Queues a mail about `subject` in the transaction of its cause. The caller wakes the worker after the commit.
///
/// # Errors
/// When the database is away.
pub async fn queue(
    tx: &mut TenantTx<'_>,
    keys: &SealingKeys,
    subject: Uuid,
    mail: &QueueMail,
) -> Result<(), Problem> {
    let text = serde_json::to_vec(mail).map_err(|fault| Problem::internal(fault.to_string()))?;
    let sealed = keys.seal(&text, &seal_context(mail.id));
    store::insert(tx, mail.id, subject, &sealed).await?;
    Ok(())
}

/// Withdraws the mails about `subject` that were not handed over yet.
///
/// # Errors
/// When the database is away.
pub async fn withdraw(tx: &mut TenantTx<'_>, subject: Uuid) -> Result<(), Problem> {
    store::delete_about(tx, subject).await?;
    Ok(())
}

fn seal_context(mail: Uuid) -> String {
    format!("mail {mail}")
}
