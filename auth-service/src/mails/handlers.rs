//! Takes mails of other services.

use std::time::Duration;

use actix_web::web::Data;
use contracts::{
    internal::mails::{CheckMailLimits, MailStanding, QueueMail, QueuedMail},
    problem::FieldError,
};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
    values,
};

use super::{
    domain::{EmailTemplate, NewMail, Queued},
    store,
};
use crate::deps::Deps;

/// Stored when it answers, unless it says how long to wait.
pub async fn take(
    _caller: Internal,
    call: InternalJson<QueueMail>,
    deps: Data<Deps>,
) -> Result<InternalReply<QueuedMail>, Problem> {
    let InternalJson(QueueMail { id, to, tenant_id, mail }) = call;
    let to = address(&to)?;
    let template = EmailTemplate::Other(mail, tenant_id);
    let new = NewMail { id, user: None, to: &to, template: &template };
    let queued = deps.db.in_global(async |tx| store::queue(tx, &deps, &new).await).await?;
    Ok(InternalReply(match queued {
        Queued::New => QueuedMail { is_new: true, wait_seconds: None },
        Queued::Known => QueuedMail { is_new: false, wait_seconds: None },
        Queued::Full(wait) => QueuedMail { is_new: false, wait_seconds: Some(seconds(wait)) },
    }))
}

/// Whether a tenant's mail would be taken now.
pub async fn check_limits(
    _caller: Internal,
    call: InternalJson<CheckMailLimits>,
    deps: Data<Deps>,
) -> Result<InternalReply<MailStanding>, Problem> {
    let InternalJson(CheckMailLimits { to, tenant_id }) = call;
    let to = address(&to)?;
    let wait = deps
        .db
        .in_global(async |tx| {
            deps.mail_limits.wait_for_tenant(tx, &to, tenant_id).await.map_err(Problem::from)
        })
        .await?;
    Ok(InternalReply(MailStanding { wait_seconds: wait.map(seconds) }))
}

fn address(text: &str) -> Result<String, Problem> {
    let invalid =
        || Problem::invalid(vec![FieldError::new("to", "invalid_email", "is not an e-mail address")]);
    values::email(text).ok_or_else(invalid)
}

/// Whole seconds, at least one.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(1)
}
