//! Mails of the platform: committed with what causes them, handed to auth-service by a worker, then forgotten.

mod store;
pub mod worker;

use contracts::{
    TenantId,
    internal::mails::{CheckMailLimits, QueueMail},
};
use platform::{Problem, auth::seal::SealingKeys, db::TenantTx};
use uuid::Uuid;

use crate::{deps::Deps, people::invitations};

/// 429 `limit_reached` while no more mails may go to an address on behalf of a tenant. Asks auth-service, which bounds them
/// when it takes them: not inside a transaction.
///
/// # Errors
/// That, or 503 when auth-service is away.
pub async fn check_limits(deps: &Deps, tenant: TenantId, to: &str) -> Result<(), Problem> {
    let call = CheckMailLimits { to: to.to_owned(), tenant_id: tenant };
    match deps.peers.call(&call).await?.wait_seconds {
        Some(wait_seconds) => Err(invitations::domain::limit_reached(wait_seconds)),
        None => Ok(()),
    }
}

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
